"""Deciding: who a row is about, and which side of each difference counts."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.capabilities.record_linkage.actions.upload import may_fuse, store_differences
from linli.capabilities.record_linkage.models import Difference, LinkageRun, LinkedRow
from linli.capabilities.record_linkage.terms import (
    Bucket,
    DifferenceChoice,
    LinkageState,
    RowAnswer,
)
from linli.core.actions import action, write_journal
from linli.core.errors import NotFound, Refused
from linli.register.people.models import Person
from linli.register.people.terms import PersonStatus
from linli.register.posts.models import User
from linli.workbench.imports.encrypted_rows import decode_row

NEWER = "newer"  # of a column: theirs where the list is newer, ours where the register is


def _open(linkage_run: LinkageRun) -> None:
    """Refuse unless the list waits for decisions; locks the row against a run that begins."""
    if not LinkageRun.objects.filter(pk=linkage_run.pk, state=LinkageState.MATCHED).update(
        state=LinkageState.MATCHED
    ):
        raise Refused(
            "record_linkage.not_open", _("这份名单现在不能改"), hint=_("已写入的可以撤销后重新比对")
        )


@action(
    "record_linkage.answer",
    term=gettext_noop("判断是不是同一人"),
    may=may_fuse,
    journal="record_linkage.answered",
)
def answer_row(*, row: LinkedRow, answer: str, person_id: int | None, by: User) -> LinkedRow:
    """Say whom a row is about: one of the candidates, somebody new, or that it is left alone."""
    _open(row.linkage_run)
    chosen = RowAnswer(answer)
    if chosen == RowAnswer.NEW and not row.can_add:
        raise Refused(
            "record_linkage.no_home",
            _("名单里没有姓名，或住址在底册里找不到，不能新增"),
            hint=_("可以选“这行不处理”，到人员页面登记"),
        )
    subject = _candidate(row, person_id) if chosen == RowAnswer.SAME else None
    # They compare with whoever it was taken for before.
    Difference.objects.filter(row=row).delete()
    row.answer, row.subject_id = chosen, subject
    row.save(update_fields=["answer", "subject_id"])
    if subject is not None:
        store_differences(row.linkage_run, [row])
    write_journal(
        "record_linkage.answered",
        about=row.linkage_run,
        by=by,
        data={"row": row.number, "answer": str(chosen)},
    )
    return row


def _candidate(row: LinkedRow, person_id: int | None) -> int:
    # Only candidates of this row: the key comes from the browser and could be anybody's.
    rivals = [one["key"] for one in decode_row(row.told)["rivals"]]
    people = Person.objects.filter(pk=person_id, status=PersonStatus.CURRENT)
    if person_id is None or person_id not in rivals or not people.exists():
        raise NotFound()
    taken = LinkedRow.objects.filter(linkage_run=row.linkage_run, subject_id=person_id).exclude(
        pk=row.pk
    )
    other = taken.first()
    if other is not None:
        raise Refused(
            "record_linkage.taken",
            _("第%(row)s行已经是这个人") % {"row": other.number},
            hint=_("一个人只合并一行：请先改那一行，或选“这行不处理”"),
        )
    return person_id


@action(
    "record_linkage.add_all",
    term=gettext_noop("全部新增"),
    may=may_fuse,
    journal="record_linkage.all_added",
)
def add_all_new(*, linkage_run: LinkageRun, add: bool, by: User) -> int:
    """Have everybody the register does not know added, or nobody, where the home is known."""
    _open(linkage_run)
    rows = LinkedRow.objects.filter(linkage_run=linkage_run, bucket=Bucket.NEW, can_add=True)
    done = rows.update(answer=RowAnswer.NEW if add else RowAnswer.OPEN)
    write_journal(
        "record_linkage.all_added", about=linkage_run, by=by, data={"rows": done, "add": add}
    )
    return done


@action(
    "record_linkage.choose",
    term=gettext_noop("选定不同之处"),
    may=may_fuse,
    journal="record_linkage.chosen",
)
def choose_difference(*, difference: Difference, choice: str, by: User) -> Difference:
    """Take theirs, keep ours, or leave it for later: one fact of one row."""
    _open(difference.linkage_run)
    difference.choice = DifferenceChoice(choice)
    difference.save(update_fields=["choice"])
    write_journal(
        "record_linkage.chosen",
        about=difference.linkage_run,
        by=by,
        data={"field": difference.field, "choice": str(difference.choice)},
    )
    return difference


@action(
    "record_linkage.choose_column",
    term=gettext_noop("整列选定"),
    may=may_fuse,
    journal="record_linkage.column_chosen",
)
def choose_for_column(*, linkage_run: LinkageRun, field: str, choice: str, by: User) -> int:
    """Choose for all differences of one fact; "newer" takes whichever side is the newer."""
    _open(linkage_run)
    rows = Difference.objects.filter(linkage_run=linkage_run, field=field)
    if choice == NEWER:
        done = rows.filter(is_older=False).update(choice=DifferenceChoice.THEIRS)
        done += rows.filter(is_older=True).update(choice=DifferenceChoice.OURS)
    else:
        done = rows.update(choice=DifferenceChoice(choice))
    write_journal(
        "record_linkage.column_chosen",
        about=linkage_run,
        by=by,
        data={"field": field, "choice": choice, "rows": done},
    )
    return done
