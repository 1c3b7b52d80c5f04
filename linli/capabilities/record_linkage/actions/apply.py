"""Writing what was chosen, all of it or nothing, and taking it back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.capabilities.record_linkage.actions.upload import ended, may_fuse
from linli.capabilities.record_linkage.differences import HOME, plain
from linli.capabilities.record_linkage.models import Difference, FusedRow, Fusing
from linli.capabilities.record_linkage.terms import Answer, Choice, Outcome, State
from linli.core.actions import action, write_journal
from linli.core.errors import Refused
from linli.register.people.bulk import ChangedRow, NewRow, apply_rows, undo_rows
from linli.register.people.models import Person
from linli.register.people.terms import Source
from linli.register.places.models import Place
from linli.register.posts.models import User
from linli.workbench.imports.encrypted_rows import opened
from linli.workbench.imports.matching import in_batches
from linli.workbench.imports.plan import person_facts


@action("record_linkage.begin", term=gettext_noop("开始写入底册"), may=may_fuse, journal="record_linkage.begun")
def begin_writing(*, fusing: Fusing, by: User) -> Fusing:
    """Begin to write what was chosen: whoever begins first is the only one."""
    chosen = Difference.objects.filter(fusing=fusing, choice=Choice.THEIRS)
    added = FusedRow.objects.filter(fusing=fusing, answer=Answer.NEW)
    total = chosen.values("row").distinct().count() + added.count()
    if not total:
        raise Refused("record_linkage.nothing", _("没有选定要写入的内容"), hint=_("请先逐项或整列选定"))
    if not Fusing.objects.filter(pk=fusing.pk, state=State.MATCHED).update(
        state=State.APPLYING, claim="", claimed_at=None, total=total, done=0
    ):
        raise Refused("record_linkage.not_now", _("这份名单正在处理，或已经处理完了"))
    fusing.refresh_from_db()
    write_journal("record_linkage.begun", about=fusing, by=by, data={"rows": total})
    return fusing


@action("record_linkage.write", term=gettext_noop("名单写入底册"), may=may_fuse, journal="record_linkage.written")
def write_fusing(*, fusing: Fusing, by: User) -> Fusing:
    """Write every chosen fact and everybody new, as a whole; what changed since stays."""
    ended(fusing, State.APPLYING, State.APPLIED)
    changed, written, since = _changed(fusing)
    new = _new(fusing)
    applied = apply_rows(
        new=new, changed=changed, source=Source.DEPARTMENT, confirmed_on=fusing.confirmed_on,
        by=by, what=f"{fusing.department} {fusing.file_name}",
    )  # fmt: skip
    for keys, outcome in ((written, Outcome.WRITTEN), (since, Outcome.CHANGED_SINCE)):
        for batch in in_batches(keys):
            Difference.objects.filter(pk__in=batch).update(outcome=outcome)
    for row, person in applied.created.items():
        FusedRow.objects.filter(fusing=fusing, number=row).update(subject_id=person)
    fusing.counts |= {"written": len(written), "changed_since": len(since), "added": len(new),
                      "people": len(changed)}  # fmt: skip
    fusing.undo, fusing.applied_at = applied.undo, timezone.now()
    fusing.save(update_fields=["undo", "applied_at", "counts"])
    write_journal("record_linkage.written", about=fusing, text=fusing.file_name, by=by,
                  data=dict(fusing.counts))  # fmt: skip
    return fusing


def _changed(fusing: Fusing) -> tuple[list[ChangedRow], list[int], list[int]]:
    """Return what to change, which differences that is, and which rest on something changed."""
    of: dict[FusedRow, list[Difference]] = defaultdict(list)
    for one in (
        Difference.objects.filter(fusing=fusing, choice=Choice.THEIRS)
        .select_related("row")
        .order_by("row__number", "pk")
    ):
        of[one.row].append(one)
    changed: list[ChangedRow] = []
    written: list[int] = []
    since: list[int] = []
    for batch in in_batches(list(of.items())):
        people = Person.objects.select_related("home").in_bulk(
            [row.subject_id for row, _all in batch if row.subject_id]
        )
        homes = _homes(opened(one.told) for _row, all_ in batch for one in all_)
        for row, mine in batch:
            person = people.get(row.subject_id or 0)
            fresh = [one for one in mine if person and _is_as_shown(person, one, homes)]
            since += [one.pk for one in mine if one not in fresh]
            if fresh:
                written += [one.pk for one in fresh]
                changed.append(_changed_row(row, fresh, homes))
    return changed, written, since


def _homes(told: Any) -> dict[int, Place]:
    keys = {one["place_id"] for one in told if one["place_id"]}
    found: dict[int, Place] = Place.objects.filter(ended_on__isnull=True).in_bulk(keys)
    return found


def _is_as_shown(person: Person, one: Difference, homes: dict[int, Place]) -> bool:
    """Is what the register knows still what stood beside the list when it was chosen?"""
    told = opened(one.told)
    if one.field == HOME:
        here = person.home.address if person.home else ""
        return bool(here == told["known"]) and told["place_id"] in homes
    return bool(plain(getattr(person, one.field)) == told["known"])


def _changed_row(
    row: FusedRow, chosen: Sequence[Difference], homes: dict[int, Place]
) -> ChangedRow:
    facts: dict[str, Any] = {}
    dwelling, overruled = None, set()
    for one in chosen:
        told = opened(one.told)
        if one.field == HOME:
            dwelling = homes.get(told["place_id"])
            continue
        facts[one.field] = told["offered"]
        overruled |= {one.field, *(name for name, _known, _new in told["along"])}
    changes = person_facts({"facts": facts})
    return ChangedRow(row.number, row.subject_id or 0, changes, dwelling, frozenset(overruled))


def _new(fusing: Fusing) -> list[NewRow]:
    rows = list(FusedRow.objects.filter(fusing=fusing, answer=Answer.NEW, can_add=True))
    said = {row.number: opened(row.told) for row in rows}
    homes: dict[int, Place] = {}
    for batch in in_batches([row.number for row in rows]):
        homes |= _homes(said[number] for number in batch)
    return [
        NewRow(number, homes[told["place_id"]], person_facts(told), told["household"])
        for number, told in said.items()
        if told["place_id"] in homes
    ]


@action("record_linkage.begin_undo", term=gettext_noop("开始撤销名单合并"), may=may_fuse,
        journal="record_linkage.undo_begun")  # fmt: skip
def begin_undo(*, fusing: Fusing, by: User) -> Fusing:
    """Begin to take a written list back: whoever begins first is the only one."""
    total = fusing.count("people") + fusing.count("added")
    if not Fusing.objects.filter(pk=fusing.pk, state=State.APPLIED).update(
        state=State.UNDOING, claim="", claimed_at=None, total=total, done=0
    ):
        raise Refused("record_linkage.not_written", _("这份名单没有写入，或已经撤销"))
    fusing.refresh_from_db()
    if not fusing.undo:
        raise Refused("record_linkage.purged", _("撤销所需的原值已过保存期限，不能撤销"))
    write_journal("record_linkage.undo_begun", about=fusing, by=by, data={"people": total})
    return fusing


@action("record_linkage.undo", term=gettext_noop("撤销名单合并"), may=may_fuse, journal="record_linkage.undone")
def undo_fusing(*, fusing: Fusing, by: User) -> Fusing:
    """Restore what was before, except where somebody changed the record since."""
    ended(fusing, State.UNDOING, State.UNDONE)
    left = set(undo_rows(undo=fusing.undo, by=by).left)
    rows = FusedRow.objects.filter(fusing=fusing, subject_id__in=left)
    fusing.left = sorted(rows.values_list("number", flat=True))
    fusing.undo, fusing.undone_at = "", timezone.now()
    fusing.save(update_fields=["left", "undo", "undone_at"])
    write_journal("record_linkage.undone", about=fusing, text=fusing.file_name, by=by,
                  data={"left": len(fusing.left)})  # fmt: skip
    return fusing
