"""Writing what was chosen, all of it or nothing, and taking it back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.capabilities.record_linkage.actions.upload import ended, may_fuse
from linli.capabilities.record_linkage.differences import HOME, json_value
from linli.capabilities.record_linkage.models import Difference, LinkageRun, LinkedRow
from linli.capabilities.record_linkage.terms import (
    DifferenceChoice,
    LinkageState,
    RowAnswer,
    WriteOutcome,
)
from linli.core.actions import action, write_journal
from linli.core.batches import in_batches
from linli.core.errors import Refused
from linli.register.people.birth import fact_of
from linli.register.people.bulk import ChangedRow, NewRow, apply_rows, blocked, undo_rows
from linli.register.people.models import Person
from linli.register.people.terms import FactSource
from linli.register.places.models import Place
from linli.register.posts.models import User
from linli.workbench.imports import list_traces
from linli.workbench.imports.encrypted_rows import decode_row
from linli.workbench.imports.plan import person_facts

PAGE = "record_linkage:show"


@action(
    "record_linkage.begin",
    term=gettext_noop("开始写入底册"),
    may=may_fuse,
    journal="record_linkage.begun",
)
def begin_writing(*, linkage_run: LinkageRun, by: User) -> LinkageRun:
    """Begin to write what was chosen: whoever begins first is the only one."""
    chosen = Difference.objects.filter(linkage_run=linkage_run, choice=DifferenceChoice.THEIRS)
    added = LinkedRow.objects.filter(linkage_run=linkage_run, answer=RowAnswer.NEW)
    total = chosen.values("row").distinct().count() + added.count()
    if not total:
        raise Refused(
            "record_linkage.nothing", _("没有选定要写入的内容"), hint=_("请先逐项或整列选定")
        )
    if not LinkageRun.objects.filter(pk=linkage_run.pk, state=LinkageState.MATCHED).update(
        state=LinkageState.APPLYING, claim="", claimed_at=None, total=total, done=0
    ):
        raise Refused("record_linkage.not_now", _("这份名单正在处理，或已经处理完了"))
    linkage_run.refresh_from_db()
    write_journal("record_linkage.begun", about=linkage_run, by=by, data={"rows": total})
    return linkage_run


@action(
    "record_linkage.write",
    term=gettext_noop("名单写入底册"),
    may=may_fuse,
    journal="record_linkage.written",
)
def apply_run(*, linkage_run: LinkageRun, by: User) -> LinkageRun:
    """Write every chosen fact and everybody new, as a whole; what changed since stays."""
    # First and in the same transaction: a run that was replaced stops here and writes nothing.
    ended(linkage_run, LinkageState.APPLYING, LinkageState.APPLIED)
    changed, written, since = _changed(linkage_run)
    new = _new(linkage_run)
    applied = apply_rows(
        new=new,
        changed=changed,
        source=FactSource.DEPARTMENT,
        confirmed_on=linkage_run.confirmed_on,
        by=by,
        what=f"{linkage_run.department} {linkage_run.file_name}",
    )
    for keys, outcome in ((written, WriteOutcome.WRITTEN), (since, WriteOutcome.CHANGED_SINCE)):
        for batch in in_batches(keys):
            Difference.objects.filter(pk__in=batch).update(outcome=outcome)
    for row, person in applied.created.items():
        LinkedRow.objects.filter(linkage_run=linkage_run, number=row).update(subject_id=person)
    linkage_run.counts |= {
        "written": len(written),
        "changed_since": len(since),
        "added": len(new),
        "people": len(changed),
    }
    _keep_trace(linkage_run, applied.written)
    linkage_run.undo, linkage_run.applied_at = applied.undo, timezone.now()
    linkage_run.save(update_fields=["undo", "applied_at", "counts"])
    write_journal(
        "record_linkage.written",
        about=linkage_run,
        text=linkage_run.file_name,
        by=by,
        data=dict(linkage_run.counts),
    )
    return linkage_run


def _keep_trace(linkage_run: LinkageRun, written: Mapping[str, Sequence[str]]) -> None:
    """Note what the list spoke of: also what it says as the register does, and rests on."""
    rows = LinkedRow.objects.filter(linkage_run=linkage_run, subject_id__isnull=False)
    told = ((row.subject_id or 0, decode_row(row.told)) for row in rows.iterator(chunk_size=2000))
    list_traces.keep(
        page=PAGE,
        link=linkage_run.link,
        label=f"{linkage_run.department} {linkage_run.file_name}",
        written=written,
        named=list_traces.names(
            list_traces.of_person(pk, one["facts"], has_home=bool(one["place_id"]))
            for pk, one in told
        ),
        purge_on=linkage_run.purge_on,
        scope_path=linkage_run.scope_path,
    )


def _changed(linkage_run: LinkageRun) -> tuple[list[ChangedRow], list[int], list[int]]:
    """Return what to change, which differences that is, and which rest on something changed."""
    of: dict[LinkedRow, list[Difference]] = defaultdict(list)
    for difference in (
        Difference.objects.filter(linkage_run=linkage_run, choice=DifferenceChoice.THEIRS)
        .select_related("row")
        .order_by("row__number", "pk")
    ):
        of[difference.row].append(difference)
    changed: list[ChangedRow] = []
    written: list[int] = []
    changed_since: list[int] = []
    for batch in in_batches(list(of.items())):
        people = Person.objects.select_related("home").in_bulk(
            [row.subject_id for row, _all in batch if row.subject_id]
        )
        homes = _homes(decode_row(each.told) for _row, all_ in batch for each in all_)
        for row, mine in batch:
            person = people.get(row.subject_id or 0)
            fresh = [each for each in mine if person and _is_as_shown(person, each, homes)]
            changed_since += [each.pk for each in mine if each not in fresh]
            if fresh:
                written += [each.pk for each in fresh]
                changed.append(_changed_row(row, fresh, homes))
    return changed, written, changed_since


def _homes(told: Any) -> dict[int, Place]:
    keys = {one["place_id"] for one in told if one["place_id"]}
    homes: dict[int, Place] = Place.objects.filter(ended_on__isnull=True).in_bulk(keys)
    return homes


def _is_as_shown(person: Person, difference: Difference, homes: dict[int, Place]) -> bool:
    """Is what the register knows still what stood beside the list when it was chosen?"""
    told = decode_row(difference.told)
    if difference.field == HOME:
        here = person.home.address if person.home else ""
        # A home that ended since is no home to move to.
        return bool(here == told["known"]) and told["place_id"] in homes
    return bool(json_value(fact_of(person, difference.field)) == told["known"])


def _changed_row(
    row: LinkedRow, chosen: Sequence[Difference], homes: dict[int, Place]
) -> ChangedRow:
    facts: dict[str, Any] = {}
    dwelling, overruled = None, set()
    for difference in chosen:
        told = decode_row(difference.told)
        if difference.field == HOME:
            dwelling = homes.get(told["place_id"])
            continue
        facts[difference.field] = told["offered"]
        # What somebody chose overrules the rule that older news change nothing.
        overruled |= {difference.field, *(name for name, _known, _new in told["along"])}
    changes = person_facts({"facts": facts})
    return ChangedRow(row.number, row.subject_id or 0, changes, dwelling, frozenset(overruled))


def _new(linkage_run: LinkageRun) -> list[NewRow]:
    rows = list(
        LinkedRow.objects.filter(linkage_run=linkage_run, answer=RowAnswer.NEW, can_add=True)
    )
    told_by_row = {row.number: decode_row(row.told) for row in rows}
    homes: dict[int, Place] = {}
    for batch in in_batches([row.number for row in rows]):
        homes |= _homes(told_by_row[number] for number in batch)
    return [
        NewRow(number, homes[told["place_id"]], person_facts(told), told["household"])
        for number, told in told_by_row.items()
        if told["place_id"] in homes
    ]


@action(
    "record_linkage.begin_undo",
    term=gettext_noop("开始撤销名单合并"),
    may=may_fuse,
    journal="record_linkage.undo_begun",
)
def begin_undo(*, linkage_run: LinkageRun, by: User) -> LinkageRun:
    """Begin to take a written list back: whoever begins first is the only one."""
    total = linkage_run.count("people") + linkage_run.count("added")
    if not LinkageRun.objects.filter(pk=linkage_run.pk, state=LinkageState.APPLIED).update(
        state=LinkageState.UNDOING, claim="", claimed_at=None, total=total, done=0
    ):
        raise Refused("record_linkage.not_written", _("这份名单没有写入，或已经撤销"))
    linkage_run.refresh_from_db()
    if not linkage_run.undo:
        raise Refused("record_linkage.purged", _("撤销所需的原值已过保存期限，不能撤销"))
    write_journal("record_linkage.undo_begun", about=linkage_run, by=by, data={"people": total})
    return linkage_run


@action(
    "record_linkage.undo",
    term=gettext_noop("撤销名单合并"),
    may=may_fuse,
    journal="record_linkage.undone",
)
def undo_run(*, linkage_run: LinkageRun, by: User) -> LinkageRun:
    """Restore what was before, all of it; refuse while later changes rest on it."""
    ended(linkage_run, LinkageState.UNDOING, LinkageState.UNDONE)
    if later := list_traces.later_lists(page=PAGE, link=linkage_run.link):
        raise blocked(len(later))
    undone = undo_rows(undo=linkage_run.undo, by=by)
    list_traces.forget(page=PAGE, link=linkage_run.link)
    linkage_run.undo, linkage_run.undone_at = "", timezone.now()
    linkage_run.save(update_fields=["undo", "undone_at"])
    write_journal(
        "record_linkage.undone",
        about=linkage_run,
        text=linkage_run.file_name,
        by=by,
        data={"removed": undone.removed, "restored": undone.restored},
    )
    return linkage_run
