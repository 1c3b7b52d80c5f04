"""The long work: matching and writing, at once when it is short, else by the worker."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Q
from django.utils.translation import gettext as _

from linli.capabilities.record_linkage import actions, queries
from linli.capabilities.record_linkage.actions.upload import BUSY, RUN, claimed
from linli.capabilities.record_linkage.models import LinkageRun
from linli.capabilities.record_linkage.outcomes import compared
from linli.capabilities.record_linkage.rules import ROWS_WHILE_WAITING
from linli.capabilities.record_linkage.terms import LinkageState
from linli.capabilities.record_linkage.uploaded_table import ReadList, read_list
from linli.core.actions import writes_allowed
from linli.core.errors import Refused
from linli.core.logger import get_logger
from linli.core.runtime.liveness import holding
from linli.core.scope import system_scope, use_scope
from linli.core.time import today
from linli.register.posts.models import User
from linli.register.posts.queries import scope_of
from linli.workbench.imports.encrypted_rows import opened_file

log = get_logger(__name__)
TELL_EVERY = 2000


def list_of(linkage_run: LinkageRun, sheet: int | None = None) -> ReadList:
    """Read the kept file again."""
    data = opened_file(queries.file_of(linkage_run))
    if not data:
        raise Refused("record_linkage.purged", _("名单已过保存期限，请重新放进来"))
    return read_list(
        data, linkage_run.file_name, sheet=linkage_run.sheet if sheet is None else sheet
    )


def _far(linkage_run: LinkageRun) -> Callable[[int, int], None]:
    """Return what notes how far a run is; other processes show it."""
    told = 0

    def tell(done: int, _of: int) -> None:
        nonlocal told
        # Seldom: each is a write, and on SQLite it waits for every other writer.
        if done - told >= TELL_EVERY:
            told = done
            with writes_allowed("how far a matching is changes nothing anybody decided"):
                LinkageRun.objects.filter(pk=linkage_run.pk).update(done=done)

    return tell


def match(linkage_run: LinkageRun, by: User) -> None:
    """Match every row and keep what came out."""
    read = list_of(linkage_run)
    result = compared(read.table.rows, read.columns(linkage_run.columns), _far(linkage_run))
    actions.keep_matches(linkage_run=linkage_run, result=result, by=by)


def write(linkage_run: LinkageRun, by: User) -> None:
    """Write what was chosen, all or nothing."""
    actions.apply_run(linkage_run=linkage_run, by=by)


def take_back(linkage_run: LinkageRun, by: User) -> None:
    """Restore what was before."""
    actions.undo_run(linkage_run=linkage_run, by=by)


WORK = {LinkageState.MATCHING: match, LinkageState.APPLYING: write, LinkageState.UNDOING: take_back}


def run_or_queue(linkage_run: LinkageRun, by: User) -> None:
    """Do short work now; leave long work to the worker."""
    if linkage_run.total <= ROWS_WHILE_WAITING or settings.TESTING:
        run(linkage_run, by)


def run(linkage_run: LinkageRun, by: User) -> bool:
    """Do the waiting work of a list, unless somebody else is at it; say why when it fails."""
    with writes_allowed("whoever claims a run does it"):
        if not claimed(linkage_run):
            return False
    work = WORK[LinkageState(linkage_run.state)]
    try:
        with holding(RUN, linkage_run.pk):
            work(linkage_run, by)
    except Refused as refused:
        _stop(linkage_run, f"{refused.sentence} {refused.hint}".strip(), by)
        raise
    except (OSError, DatabaseError, MemoryError) as wrong:
        log.warning("linkage run stopped", linkage_run=linkage_run.pk, why=type(wrong).__name__)
        sentence = _("处理中断，底册没有变。请稍后再试；仍不行请联系管理员")
        _stop(linkage_run, sentence, by)
        raise Refused("record_linkage.failed", sentence) from wrong
    return True


def _stop(linkage_run: LinkageRun, error_text: str, by: User) -> None:
    # On a full disk even this may fail: then the run ends by its silence.
    with suppress(Refused, OSError, DatabaseError):
        fresh = queries.run_or_not_found(linkage_run.link)
        actions.stop_run(linkage_run=fresh, error_text=error_text, by=by)


def do_what_waits() -> int:
    """Do the long work that waits, each with the rights its bringer has today."""
    # A short one is done by the page; the worker takes it up when that was interrupted.
    mine = Q(total__gt=ROWS_WHILE_WAITING) | ~Q(claim="")
    with system_scope("which lists wait for the worker"):
        waiting = list(
            LinkageRun.objects.defer(*queries.HEAVY)
            .filter(mine, state__in=BUSY)
            .select_related("by")
            .order_by("pk")[:5]
        )
    done = 0
    for linkage_run in waiting:
        scope = scope_of(linkage_run.by, today(), purpose=_("名单合并"))
        with use_scope(scope), suppress(Refused):
            fresh = queries.run_or_not_found(linkage_run.link)
            done += run(fresh, linkage_run.by)
    return done
