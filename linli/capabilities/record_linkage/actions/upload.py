"""Bringing a list, saying what its columns are, keeping what matching found."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.capabilities.record_linkage.differences import differences, json_value
from linli.capabilities.record_linkage.models import Difference, LinkageRun, LinkedRow
from linli.capabilities.record_linkage.outcomes import ComparedRow, LinkageResult
from linli.capabilities.record_linkage.rules import purge_on
from linli.capabilities.record_linkage.terms import Bucket, LinkageState
from linli.core.actions import action, write_journal
from linli.core.errors import NotFound, Refused
from linli.core.runtime.liveness import is_running
from linli.core.scope import current_scope
from linli.core.time import today
from linli.register.posts.models import User
from linli.register.posts.permits import role_in
from linli.register.posts.rules import MAY_IMPORT
from linli.workbench.imports import list_traces
from linli.workbench.imports.encrypted_rows import decode_row, encode_row, sealed_file

AT_ONCE = 500
RUN = "linkage_run"
BUSY = (LinkageState.MATCHING, LinkageState.APPLYING, LinkageState.UNDOING)
BEFORE = {
    LinkageState.MATCHING: LinkageState.READ,
    LinkageState.APPLYING: LinkageState.MATCHED,
    LinkageState.UNDOING: LinkageState.APPLIED,
}
may_fuse = role_in(MAY_IMPORT)


@action(
    "record_linkage.bring",
    term=gettext_noop("放进部门名单"),
    may=may_fuse,
    journal="record_linkage.brought",
)
def bring_list(
    *,
    data: bytes,
    name: str,
    department: str,
    sheets: Sequence[str],
    sheet: int,
    confirmed_on: date,
    by: User,
) -> LinkageRun:
    """Keep a department's list that could be read, sealed and for a limited time."""
    paths = current_scope().paths
    if not paths:
        raise NotFound()
    if confirmed_on > today():
        raise Refused("record_linkage.future", _("信息日期在将来"), "confirmed_on")
    linkage_run = LinkageRun(
        department=department[:60],
        file_name=name[-200:],
        file=sealed_file(data),
        sheet=sheet,
        sheets=list(sheets),
        confirmed_on=confirmed_on,
        purge_on=purge_on(brought_on=today()),
        by=by,
        scope_path=paths[0],
    )
    linkage_run.save()
    write_journal(
        "record_linkage.brought",
        about=linkage_run,
        text=f"{linkage_run.department} {linkage_run.file_name}",
        by=by,
    )
    return linkage_run


@action(
    "record_linkage.choose_columns",
    term=gettext_noop("核对名单的列"),
    may=may_fuse,
    journal="record_linkage.columns_chosen",
)
def choose_columns(
    *, linkage_run: LinkageRun, columns: Mapping[str, str], sheet: int, total: int, by: User
) -> LinkageRun:
    """Say what the columns of a list are; matching follows, here or by the worker."""
    chosen = [key for key in columns.values() if key]
    if not {"name", "identity_number"} & set(chosen):
        raise Refused(
            "record_linkage.nobody",
            _("没有姓名也没有身份证号码，认不出是谁"),
            "",
            _("请至少选一列为姓名或身份证号码"),
        )
    waiting = LinkageRun.objects.filter(
        # Matched ones too: a column taken for another is put right by matching again.
        pk=linkage_run.pk,
        state__in=(LinkageState.READ, LinkageState.MATCHED),
    )
    if not waiting.update(
        state=LinkageState.MATCHING, claim="", claimed_at=None, done=0, total=total
    ):
        raise _not_now()
    linkage_run.refresh_from_db()
    linkage_run.columns = {place: key for place, key in columns.items() if key}
    linkage_run.sheet = sheet
    linkage_run.save(update_fields=["columns", "sheet"])
    write_journal(
        "record_linkage.columns_chosen", about=linkage_run, by=by, data={"columns": len(chosen)}
    )
    return linkage_run


def _not_now() -> Refused:
    return Refused(
        "record_linkage.not_now",
        _("这份名单正在处理，或已经处理完了"),
        hint=_("请刷新页面查看进度"),
    )


def claimed(linkage_run: LinkageRun) -> bool:
    """Take a waiting run in one statement: the first wins; an interrupted one can be replaced."""
    now = timezone.now()
    free = Q(claim="") | _interrupted(linkage_run)
    rows = LinkageRun.objects.filter(free, pk=linkage_run.pk, state__in=BUSY)
    won = rows.update(claim=secrets.token_urlsafe(12), claimed_at=now)
    linkage_run.refresh_from_db()
    return bool(won)


def _interrupted(linkage_run: LinkageRun) -> Q:
    """Return what is true of a list whose process is gone, in the very run that was looked at."""
    linkage_run.refresh_from_db(fields=["claim", "claimed_at"])
    if not linkage_run.claim or is_running(RUN, linkage_run.pk, linkage_run.claimed_at):
        return Q(pk__in=[])
    return Q(claim=linkage_run.claim)


def ended(linkage_run: LinkageRun, state: str, to: str) -> None:
    """End a run that still holds its claim; a replaced one writes nothing."""
    held = LinkageRun.objects.filter(pk=linkage_run.pk, state=state, claim=linkage_run.claim)
    if not held.update(state=to, claim="", claimed_at=None):
        raise Refused("record_linkage.replaced", _("这次处理已被另一次代替，没有写入"))
    linkage_run.state = to


@action(
    "record_linkage.keep",
    term=gettext_noop("保存比对结果"),
    may=may_fuse,
    journal="record_linkage.matched",
)
def keep_matches(*, linkage_run: LinkageRun, result: LinkageResult, by: User) -> LinkageRun:
    """Keep the bucket of every row and each difference, sealed, in place of an earlier matching."""
    ended(linkage_run, LinkageState.MATCHING, LinkageState.MATCHED)
    LinkedRow.objects.filter(linkage_run=linkage_run).delete()
    rows = LinkedRow.objects.bulk_create(
        (_row(linkage_run, one) for one in result.rows), batch_size=AT_ONCE
    )
    # Of the others nobody knows yet whom to compare with: theirs follow the answer.
    store_differences(linkage_run, [row for row in rows if row.bucket == Bucket.SURE])
    linkage_run.counts, linkage_run.error_text = result.counts, ""
    linkage_run.save(update_fields=["counts", "error_text"])
    write_journal("record_linkage.matched", about=linkage_run, by=by, data=dict(result.counts))
    return linkage_run


def _row(linkage_run: LinkageRun, compared_row: ComparedRow) -> LinkedRow:
    row = compared_row.row
    keeps_rivals = compared_row.bucket in (Bucket.SURE, Bucket.DECIDE)
    told = {
        "name": row.name,
        "facts": {key: json_value(value) for key, value in row.facts.items()},
        "place_id": row.place_id,
        "place": row.place,
        "household": row.household,
        "doubts": row.doubts,
        "why": compared_row.why,
        "same_as": compared_row.match.same_as,
        "rivals": [
            {"key": each.key, "bits": each.bits, "levels": dict(each.levels)}
            for each in compared_row.match.rivals
        ]
        if keeps_rivals
        else [],
    }
    return LinkedRow(
        linkage_run=linkage_run,
        number=row.number,
        bucket=compared_row.bucket,
        told=encode_row(told),
        # Nobody is added without a home, which decides who may see them.
        can_add=bool(row.facts.get("name") and row.place_id),
        subject_id=compared_row.match.rivals[0].key if compared_row.bucket == Bucket.SURE else None,
        scope_path=linkage_run.scope_path,
    )


def store_differences(linkage_run: LinkageRun, rows: Sequence[LinkedRow]) -> None:
    """Keep what rows about somebody known say otherwise."""
    by_number = {row.number: row for row in rows}
    rows_told = ((row.number, row.subject_id or 0, decode_row(row.told)) for row in rows)
    stored = [
        Difference(
            linkage_run=linkage_run,
            row=by_number[number],
            field=difference.field,
            choice=difference.choice,
            is_gap=difference.is_gap,
            is_older=difference.is_older,
            told=encode_row(difference.told()),
            scope_path=linkage_run.scope_path,
        )
        for number, differing in differences(rows_told, linkage_run.confirmed_on).items()
        for difference in differing
    ]
    Difference.objects.bulk_create(stored, batch_size=AT_ONCE)


@action(
    "record_linkage.stop",
    term=gettext_noop("中止名单处理"),
    may=may_fuse,
    journal="record_linkage.stopped",
)
def stop_run(*, linkage_run: LinkageRun, error_text: str, by: User) -> LinkageRun:
    """Say why a run ended without writing anything; it can begin again."""
    ended(linkage_run, linkage_run.state, BEFORE[LinkageState(linkage_run.state)])
    linkage_run.error_text = error_text[:300]
    linkage_run.save(update_fields=["error_text"])
    write_journal("record_linkage.stopped", about=linkage_run, text=linkage_run.error_text, by=by)
    return linkage_run


@action(
    "record_linkage.drop",
    term=gettext_noop("放弃名单"),
    may=may_fuse,
    journal="record_linkage.dropped",
)
def drop_list(*, linkage_run: LinkageRun, by: User) -> LinkageRun:
    """Give up a list that was not written; its file and rows are deleted."""
    stale = Q(state__in=(LinkageState.MATCHING, LinkageState.APPLYING)) & _interrupted(linkage_run)
    waiting = Q(state__in=(LinkageState.READ, LinkageState.MATCHED)) | Q(
        state=LinkageState.MATCHING, claim=""
    )
    if not LinkageRun.objects.filter(waiting | stale, pk=linkage_run.pk).update(
        state=LinkageState.DROPPED, file=b"", claim=""
    ):
        raise _not_now()
    LinkedRow.objects.filter(linkage_run=linkage_run).delete()
    write_journal("record_linkage.dropped", about=linkage_run, text=linkage_run.file_name, by=by)
    return linkage_run


@action(
    "record_linkage.purge",
    term=gettext_noop("清理过期名单"),
    may=may_fuse,
    journal="record_linkage.purged",
)
def purge_lists(*, by: Any) -> int:
    """Delete lists, rows and former values that are past their day."""
    past = LinkageRun.objects.filter(purge_on__lte=today()).exclude(file=b"", undo="")
    keys = list(past.values_list("pk", flat=True))
    LinkedRow.objects.filter(linkage_run_id__in=keys).delete()
    list_traces.purge()
    LinkageRun.objects.filter(pk__in=keys).update(file=b"", undo="")
    paths = current_scope().paths
    write_journal(
        "record_linkage.purged",
        by=by,
        data={"lists": len(keys)},
        scope_path=paths[0] if paths else "",
    )
    return len(keys)
