"""Taking a list while somebody waits, or by itself with the page showing how far it is."""

from __future__ import annotations

from contextlib import suppress
from threading import Thread

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import translation
from django.utils.translation import gettext as _

from linli.core.errors import Refused
from linli.core.logger import get_logger
from linli.core.runtime.liveness import holding, is_running
from linli.core.scope import Scope, current_scope, system_scope, use_scope
from linli.integrations.hotline_lists.actions import purge_list, stop_list
from linli.integrations.hotline_lists.import_rows import RUN, import_list
from linli.integrations.hotline_lists.models import HotlineList
from linli.integrations.hotline_lists.plan import looked_over_again
from linli.integrations.hotline_lists.queries import list_or_not_found, lists_to_purge
from linli.integrations.hotline_lists.terms import ListState
from linli.register.posts.models import User

log = get_logger(__name__)
ROWS_WHILE_WAITING = 200


def run(hotline_list: HotlineList, by: User) -> None:
    """Take a short list now; a long one goes on by itself, and can be begun again anywhere."""
    if hotline_list.rows <= ROWS_WHILE_WAITING or settings.TESTING:
        finish(hotline_list, by)
        return
    # A new thread has neither scope nor language.
    scope, language = current_scope(), translation.get_language()
    Thread(
        target=_alone,
        args=(hotline_list, by, scope, language),
        name=f"hotline_list-{hotline_list.pk}",
    ).start()


def _alone(hotline_list: HotlineList, by: User, scope: Scope, language: str) -> None:
    try:
        with use_scope(scope), translation.override(language), suppress(Refused):
            finish(hotline_list, by)
    finally:
        # Nobody else closes the connection of a thread that is no request.
        connection.close()


def finish(hotline_list: HotlineList, by: User) -> None:
    """Take the list to its end; if that fails the list says why, and what was taken stays."""
    try:
        with holding(RUN, hotline_list.pk):
            import_list(hotline_list, looked_over_again(hotline_list), by=by)
    except (Refused, OSError, DatabaseError, MemoryError) as wrong:
        log.warning("a list stopped", hotline_list=hotline_list.pk, why=type(wrong).__name__)
        error_text = wrong.sentence if isinstance(wrong, Refused) else _("受理中断了，已受理的都在")
        with suppress(Refused, OSError, DatabaseError):
            stop_list(
                hotline_list=list_or_not_found(hotline_list.link), error_text=error_text, by=by
            )
        raise


def is_stalled(hotline_list: HotlineList) -> bool:
    """Has a list that is being taken lost its process, or said why it stopped?"""
    if hotline_list.state != ListState.TAKING:
        return False
    moved = hotline_list.moved_at or hotline_list.brought_at
    return bool(hotline_list.error_text) or not is_running(RUN, hotline_list.pk, moved)


def purge() -> int:
    """Forget the files of lists whose time is over."""
    purged = 0
    with system_scope("files of lists are forgotten after some weeks, wherever they are"):
        for hotline_list in lists_to_purge():
            purge_list(hotline_list=hotline_list, by=None)
            purged += 1
    return purged
