"""The filled form leaves: downloaded, handed in, accepted or returned; what went out is kept."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.capabilities.form_filling import rules
from linli.capabilities.form_filling.actions.notify_fillers import ask_to_fill, filled_in
from linli.capabilities.form_filling.actions.open_questions import is_collecting, stop_asking
from linli.capabilities.form_filling.answers.cells import (
    BY_HAND,
    COVERED,
    KNOWN,
    MISSING,
    at_a_glance,
    whose,
)
from linli.capabilities.form_filling.models import HandIn, Sheet
from linli.capabilities.form_filling.submissions.encrypted_rows import (
    EMPTY,
    empty_cells,
    rows_to_keep,
)
from linli.capabilities.form_filling.submissions.filled_file import Made, filled
from linli.capabilities.form_filling.submissions.upload_check import (
    Completed,
    emptied,
    looked_through,
)
from linli.capabilities.form_filling.terms import UNFINISHED, SheetState
from linli.core.actions import action, write_journal
from linli.core.errors import Refused
from linli.core.fields import PERSON
from linli.core.personal_data.crypto import box, open_file
from linli.core.scope import current_scope
from linli.register.people.models import Person
from linli.register.posts.models import User
from linli.register.posts.rules import Access
from linli.workbench.conditions.access import access_to
from linli.workbench.conditions.own_fields import dictionary
from linli.workbench.read_budget.actions import note_read
from linli.workbench.read_budget.exempt_records import leaving_in_a_file
from linli.workbench.read_budget.rules import ALONE_UP_TO

UNCOVERED = "form.uncovered"
MOST_NAMED = 5


def may_take(*, sheet: Sheet, by: User | None) -> bool:
    """Whoever fills forms at this place."""
    return current_scope().role in rules.MAY_FILL


def may_decide(*, sheet: Sheet, by: User | None) -> bool:
    """The subdistrict decides on what communities hand in."""
    return current_scope().role in rules.MAY_ISSUE


def take_filled(*, sheet: Sheet, by: User) -> Made:
    """Fill the form, then hand out the file."""
    if sheet.state == SheetState.READ:
        raise Refused("form.not_confirmed", _("请先确认栏目"))
    return take_made(sheet=sheet, made=filled(sheet, by=by), by=by)


@action("form.take", term=gettext_noop("下载填好的表"), may=may_take, journal="form.taken")
def take_made(*, sheet: Sheet, made: Made, by: User) -> Made:
    """Hand out a filled file; whose covered values stand in it is in the journal."""
    people = whose(sheet, (row.id for row in made.knowledge.rows))
    with leaving_in_a_file(alone_up_to=ALONE_UP_TO, agreed=rules.is_asked_for(
        by=by.pk, issued_by=sheet.issue.by_id if sheet.issue else None
    )):  # fmt: skip
        note_read(people, within=sheet)
    write_journal("form.taken", about=sheet, text=sheet.title, data=made.counts, by=by)
    _say_who_was_uncovered(sheet, made, by)
    return made


def _say_who_was_uncovered(sheet: Sheet, made: Made, by: User | None) -> None:
    role, words, subject = current_scope().role, dictionary(), sheet.subject
    if not rules.may_uncover(role=role, asked_by=sheet.asked_by, basis=sheet.basis):
        return
    keys = {key for one in sheet.headings for key in one["fields"] if words.has(subject, key)}
    open_now = [
        words.field(subject, key).label for key in sorted(keys)
        if access_to(words.field(subject, key), role) is Access.MASKED
    ]  # fmt: skip
    if not open_now:
        return
    ids = [row.id for row in made.knowledge.rows] if subject == PERSON else []
    people = Person.objects.filter(pk__in=ids)
    said = _("%(title)s：%(fields)s，交%(asked_by)s，依据%(basis)s") % {
        "title": sheet.title, "fields": "、".join(open_now), "asked_by": sheet.asked_by,
        "basis": sheet.basis,
    }  # fmt: skip
    write_journal(UNCOVERED, about=sheet, also=list(people), text=said,
                  data={"fields": open_now, "rows": len(made.knowledge.rows)}, by=by)  # fmt: skip


@dataclass(frozen=True)
class Upload:
    """A filled form that somebody completed by hand; ``is_meant`` though it looks like another."""

    data: bytes
    name: str
    is_meant: bool = False


@dataclass(frozen=True)
class ToHandIn:
    """What is handed in, made and looked through: the file, its name, what is empty in it."""

    made: Made
    data: bytes
    name: str
    empty: Sequence[int | None]
    by_hand: bool = False


def hand_in_form(
    *, sheet: Sheet, by: User, with_blanks: bool = False, upload: Upload | None = None
) -> HandIn:
    """Fill the form and look through what was completed by hand, then hand it in.

    The file is the one the register fills, or the one a worker completed by hand.
    """
    _check_open(sheet)
    ready = to_hand_in(sheet, by, upload)
    return hand_in_made(sheet=sheet, ready=ready, by=by, with_blanks=with_blanks)


def to_hand_in(sheet: Sheet, by: User, upload: Upload | None = None) -> ToHandIn:
    """Return what would be handed in; no transaction is open while it is made."""
    made = filled(sheet, by=by)
    empty = empty_cells(made.knowledge.rows)
    if upload is None:
        return ToHandIn(made, made.data, made.name, empty)
    completed = _completed(sheet, made, upload)
    name = f"{Path(made.name).stem}{completed.suffix}"
    return ToHandIn(made, upload.data, name, emptied(empty, completed), by_hand=True)


@action("form.hand_in", term=gettext_noop("上交"), may=may_take, journal="form.handed_in")
def hand_in_made(*, sheet: Sheet, ready: ToHandIn, by: User, with_blanks: bool = False) -> HandIn:
    """Hand the form in and keep the very file; empty cells only when that is meant."""
    _check_open(sheet)
    made = ready.made
    if not with_blanks:
        _say_what_is_empty(sheet, ready)
    hand_in = _handed_in(sheet, by)
    hand_in.rows = rows_to_keep(made.knowledge.rows)
    hand_in.counts = {**made.counts, EMPTY: list(ready.empty)}
    hand_in.file_name, hand_in.by_hand = ready.name[-200:], ready.by_hand
    hand_in.file = box().encrypt(ready.data)
    hand_in.save()
    filled_in(sheet, by)
    told = {**made.counts, "by_hand_file": hand_in.by_hand}
    write_journal("form.handed_in", about=sheet, text=sheet.title, data=told, by=by)
    _say_who_was_uncovered(sheet, made, by)
    return hand_in


def _check_open(sheet: Sheet) -> None:
    if sheet.state not in (SheetState.OPEN, SheetState.RETURNED):
        words = {"state": sheet.get_state_display()}
        raise Refused("form.closed", _("这张表“%(state)s”，不能上交") % words)


def _completed(sheet: Sheet, made: Made, upload: Upload) -> Completed:
    rows = len(made.knowledge.rows)
    completed = looked_through(upload.data, made.knowledge.form, rows)
    if completed.lost and not upload.is_meant:
        told = {"names": "、".join(completed.lost[:MOST_NAMED]), "n": len(completed.lost)}
        raise Refused(
            "form.other_form",
            _("这份文件和原表对不上：少了%(n)d个栏目（%(names)s）") % told, "is_meant",
            _("请换一份，或核对后勾选“就是这张表”"),
        )  # fmt: skip
    return completed


def _say_what_is_empty(sheet: Sheet, ready: ToHandIn) -> None:
    counts = ready.made.counts
    if ready.by_hand:
        left = sum(filter(None, ready.empty))
        parts = [(left, _("%(n)d格空着"))]
    else:
        left = counts[MISSING] + counts[BY_HAND] + counts[COVERED]
        parts = [
            (counts[MISSING], _("%(n)d格没有填")), (counts[BY_HAND], _("%(n)d格要手填")),
            (counts[COVERED], _("%(n)d格不显示")),
        ]  # fmt: skip
    if left or is_collecting(sheet):
        said = "、".join(words % {"n": n} for n, words in parts if n) or _("有缺项还在问")
        raise Refused(
            "form.blanks", _("还有：%(what)s") % {"what": said}, "with_blanks",
            _("可以派人去问，或下载填好再传上来；就这样交就勾选“留空上交”"),
        )  # fmt: skip


def _handed_in(sheet: Sheet, by: User) -> HandIn:
    """Close the form for everybody else and begin its archive."""
    unfinished = Sheet.objects.filter(pk=sheet.pk, state__in=UNFINISHED)
    if unfinished.exclude(changed_at=sheet.changed_at).exists():
        # It was filled as it stood before: what goes out must be what it says now.
        raise Refused("form.changed", _("这张表刚刚改过"), hint=_("刷新后再看"))
    changed = unfinished.update(
        state=SheetState.HANDED_IN, returned_words="", answers_itself=False,
        changed_at=timezone.now(),
    )  # fmt: skip
    if not changed:
        raise Refused("form.closed", _("这张表刚刚已经上交"))
    stop_asking(sheet, by)
    sheet.refresh_from_db()
    return HandIn(sheet=sheet, scope_path=sheet.scope_path, by=by)


def answer_by_itself(*, sheet: Sheet, by: User) -> HandIn | None:
    """Fill a form that its place need not fill, where enough is known; then hand it in or ask."""
    counts, ready = at_a_glance(sheet).counts, None
    if rules.is_answered_without_asking(
        known=counts[KNOWN],
        missing=counts[MISSING],
        by_hand=counts[BY_HAND],
        covered=counts[COVERED],
    ):
        with contextlib.suppress(Refused):
            ready = to_hand_in(sheet, by)
    return answer_made(sheet=sheet, counts=counts, ready=ready, by=by)


@action(
    "form.answer_by_itself", term=gettext_noop("由底册直接答复"), may=may_decide,
    journal="form.answered_by_itself",
)  # fmt: skip
def answer_made(
    *, sheet: Sheet, counts: Mapping[str, int], ready: ToHandIn | None, by: User
) -> HandIn | None:
    """Hand a form in for a place that need not fill it; what turns out unknown goes to the place.

    Nothing that is left to the pen or covered ever goes out this way.
    """
    hand_in = None
    if ready is not None:
        with contextlib.suppress(Refused):
            hand_in = hand_in_made(sheet=sheet, ready=ready, by=by, with_blanks=True)
    if hand_in is None:
        Sheet.objects.filter(pk=sheet.pk).update(answers_itself=False)
        sheet.refresh_from_db()
        if sheet.state == SheetState.OPEN:
            ask_to_fill(sheet, by)
    told = {**counts, "handed_in": hand_in is not None}
    write_journal("form.answered_by_itself", about=sheet, text=sheet.title, data=told, by=by)
    return hand_in


@action("form.accept", term=gettext_noop("收下"), may=may_decide, journal="form.accepted")
def accept_form(*, sheet: Sheet, by: User) -> Sheet:
    """Accept what was handed in."""
    _decide(sheet, SheetState.ACCEPTED, "")
    write_journal("form.accepted", about=sheet, text=sheet.title, by=by)
    return sheet


@action("form.return", term=gettext_noop("退回重填"), may=may_decide, journal="form.returned")
def return_form(*, sheet: Sheet, reason: str, by: User) -> Sheet:
    """Send a form back with the reason; what was handed in stays in the archive."""
    said = reason.strip()
    if len(said) < rules.SHORTEST_WORDS:
        raise Refused("form.reason", _("请写明退回原因，至少4个字"), "reason")
    _decide(sheet, SheetState.RETURNED, said[: rules.LONGEST_WORDS])
    if sheet.issue_id is not None:
        ask_to_fill(sheet, by, why=said[: rules.LONGEST_WORDS])
    write_journal("form.returned", about=sheet, text=said, by=by)
    return sheet


def _decide(sheet: Sheet, state: SheetState, words: str) -> None:
    changed = Sheet.objects.filter(pk=sheet.pk, state=SheetState.HANDED_IN).update(
        state=state, returned_words=words, changed_at=timezone.now()
    )
    sheet.refresh_from_db()
    if not changed:
        told = {"state": sheet.get_state_display()}
        raise Refused("form.decided", _("这张表现在“%(state)s”") % told, hint=_("刷新后再看"))


@action("form.open", term=gettext_noop("打开上交件"), may=may_take, journal="form.opened")
def open_hand_in(*, sheet: Sheet, hand_in: HandIn, by: User) -> bytes:
    """Give out the archived file as it was handed in."""
    if not hand_in.file:
        raise Refused("form.forgotten", _("里面有人的信息已到期，文件已按期删除"))
    if hand_in.opened_at is None and current_scope().role in rules.MAY_ISSUE:
        hand_in.opened_at = timezone.now()
        hand_in.save(update_fields=["opened_at"])
    write_journal("form.opened", about=sheet, text=hand_in.file_name, by=by)
    return open_file(hand_in.file)
