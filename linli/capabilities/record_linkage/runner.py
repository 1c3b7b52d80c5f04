"""The long work: matching and writing, at once when it is short, else by the worker."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import structlog
from django.conf import settings
from django.db import DatabaseError
from django.db.models import Q
from django.utils.translation import gettext as _

from linli.capabilities.record_linkage import actions, queries
from linli.capabilities.record_linkage.actions.upload import BUSY, RUN, claimed
from linli.capabilities.record_linkage.models import Fusing
from linli.capabilities.record_linkage.outcomes import compared
from linli.capabilities.record_linkage.rules import ROWS_WHILE_WAITING
from linli.capabilities.record_linkage.terms import State
from linli.capabilities.record_linkage.uploaded_table import ReadList, read_list
from linli.core.actions import writes_allowed
from linli.core.errors import Refused
from linli.core.runtime.liveness import holding
from linli.core.scope import system_scope, use_scope
from linli.core.time import today
from linli.register.posts.models import User
from linli.register.posts.queries import scope_of
from linli.workbench.imports.encrypted_rows import opened_file

log = structlog.get_logger(__name__)
TELL_EVERY = 2000


def list_of(fusing: Fusing, sheet: int | None = None) -> ReadList:
    """Read the kept file again."""
    data = opened_file(queries.file_of(fusing))
    if not data:
        raise Refused("record_linkage.purged", _("名单已过保存期限，请重新放进来"))
    return read_list(data, fusing.file_name, sheet=fusing.sheet if sheet is None else sheet)


def _far(fusing: Fusing) -> Callable[[int, int], None]:
    """Return what notes how far a run is; other processes show it."""
    told = 0

    def tell(done: int, _of: int) -> None:
        nonlocal told
        if done - told >= TELL_EVERY:
            told = done
            with writes_allowed("how far a matching is changes nothing anybody decided"):
                Fusing.objects.filter(pk=fusing.pk).update(done=done)

    return tell


def match(fusing: Fusing, by: User) -> None:
    """Match every row and keep what came out."""
    read = list_of(fusing)
    result = compared(read.table.rows, read.columns(fusing.columns), _far(fusing))
    actions.keep_matches(fusing=fusing, result=result, by=by)


def write(fusing: Fusing, by: User) -> None:
    """Write what was chosen, all or nothing."""
    actions.write_fusing(fusing=fusing, by=by)


def take_back(fusing: Fusing, by: User) -> None:
    """Restore what was before."""
    actions.undo_fusing(fusing=fusing, by=by)


WORK = {State.MATCHING: match, State.APPLYING: write, State.UNDOING: take_back}


def run_or_queue(fusing: Fusing, by: User) -> None:
    """Do short work now; leave long work to the worker."""
    if fusing.total <= ROWS_WHILE_WAITING or settings.TESTING:
        run(fusing, by)


def run(fusing: Fusing, by: User) -> bool:
    """Do the waiting work of a list, unless somebody else is at it; say why when it fails."""
    with writes_allowed("whoever claims a run does it"):
        if not claimed(fusing):
            return False
    work = WORK[State(fusing.state)]
    try:
        with holding(RUN, fusing.pk):
            work(fusing, by)
    except Refused as refused:
        _stop(fusing, f"{refused.sentence} {refused.hint}".strip(), by)
        raise
    except (OSError, DatabaseError, MemoryError) as wrong:
        log.warning("fusing stopped", fusing=fusing.pk, why=type(wrong).__name__)
        sentence = _("处理中断，底册没有变。请稍后再试；仍不行请联系管理员")
        _stop(fusing, sentence, by)
        raise Refused("record_linkage.failed", sentence) from wrong
    return True


def _stop(fusing: Fusing, trouble: str, by: User) -> None:
    # On a full disk even this may fail: then the run ends by its silence.
    with suppress(Refused, OSError, DatabaseError):
        fresh = queries.fusing_or_not_found(fusing.link)
        actions.stop_fusing(fusing=fresh, trouble=trouble, by=by)


def do_what_waits() -> int:
    """Do the long work that waits, each with the rights its bringer has today."""
    # A short one is done by the page; the worker takes it up when that was interrupted.
    mine = Q(total__gt=ROWS_WHILE_WAITING) | ~Q(claim="")
    with system_scope("which lists wait for the worker"):
        waiting = list(
            Fusing.objects.defer(*queries.HEAVY)
            .filter(mine, state__in=BUSY)
            .select_related("by")
            .order_by("pk")[:5]
        )
    done = 0
    for one in waiting:
        scope = scope_of(one.by, today(), purpose=_("名单合并"))
        with use_scope(scope), suppress(Refused):
            fresh = queries.fusing_or_not_found(one.link)
            done += run(fresh, one.by)
    return done
