"""Taking a list while somebody waits, or by itself with the page showing how far it is."""

from __future__ import annotations

from contextlib import suppress
from threading import Thread

import structlog
from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import translation
from django.utils.translation import gettext as _

from linli.capabilities.cases.actions.intake import purge_list, stop_list
from linli.capabilities.cases.intake.models import Intake
from linli.capabilities.cases.intake.plan import looked_over_again
from linli.capabilities.cases.intake.taking import RUN, take
from linli.capabilities.cases.intake.terms import IntakeState
from linli.capabilities.cases.queries.lists import list_or_not_found, lists_to_purge
from linli.core.errors import Refused
from linli.core.liveness import holding, is_running
from linli.core.scope import Scope, current_scope, system_scope, use_scope
from linli.register.posts.models import User

log = structlog.get_logger(__name__)
ROWS_WHILE_WAITING = 200


def run(intake: Intake, by: User) -> None:
    """Take a short list now; a long one goes on by itself, and can be begun again anywhere."""
    if intake.rows <= ROWS_WHILE_WAITING or settings.TESTING:
        finish(intake, by)
        return
    scope, language = current_scope(), translation.get_language()
    Thread(target=_alone, args=(intake, by, scope, language), name=f"intake-{intake.pk}").start()


def _alone(intake: Intake, by: User, scope: Scope, language: str) -> None:
    try:
        with use_scope(scope), translation.override(language), suppress(Refused):
            finish(intake, by)
    finally:
        connection.close()


def finish(intake: Intake, by: User) -> None:
    """Take the list to its end; if that fails the list says why, and what was taken stays."""
    try:
        with holding(RUN, intake.pk):
            take(intake, looked_over_again(intake), by=by)
    except (Refused, OSError, DatabaseError, MemoryError) as wrong:
        log.warning("a list stopped", intake=intake.pk, why=type(wrong).__name__)
        said = wrong.sentence if isinstance(wrong, Refused) else _("受理中断了，已受理的都在")
        with suppress(Refused, OSError, DatabaseError):
            stop_list(intake=list_or_not_found(intake.link), trouble=said, by=by)
        raise


def is_stalled(intake: Intake) -> bool:
    """Has a list that is being taken lost its process, or said why it stopped?"""
    if intake.state != IntakeState.TAKING:
        return False
    moved = intake.moved_at or intake.brought_at
    return bool(intake.trouble) or not is_running(RUN, intake.pk, moved)


def purge() -> int:
    """Forget the files of lists whose time is over."""
    purged = 0
    with system_scope("files of lists are forgotten after some weeks, wherever they are"):
        for intake in lists_to_purge():
            purge_list(intake=intake, by=None)
            purged += 1
    return purged
