"""The filled form leaves: downloaded, handed in, accepted or returned; what went out is kept."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.capabilities.forms import rules
from linli.capabilities.forms.actions.asking import is_collecting, stop_asking
from linli.capabilities.forms.knowing import MISSING
from linli.capabilities.forms.made import Made, filled
from linli.capabilities.forms.models import HandIn, Sheet
from linli.capabilities.forms.sealed import rows_to_keep
from linli.capabilities.forms.terms import UNFINISHED, SheetState
from linli.core.actions import action, write_journal
from linli.core.crypto import box
from linli.core.errors import Refused
from linli.core.fields import PERSON
from linli.core.scope import current_scope
from linli.register.people.models import Person
from linli.register.posts.models import User
from linli.register.posts.rules import Access
from linli.workbench.conditions.access import access_to
from linli.workbench.conditions.own_fields import dictionary

UNCOVERED = "form.uncovered"


def may_take(*, sheet: Sheet, by: User | None) -> bool:
    """Whoever fills forms at this place."""
    return current_scope().role in rules.MAY_FILL


def may_decide(*, sheet: Sheet, by: User | None) -> bool:
    """The subdistrict decides on what communities hand in."""
    return current_scope().role in rules.MAY_ISSUE


@action("form.take", term=gettext_noop("下载填好的表"), may=may_take, journal="form.taken")
def take_filled(*, sheet: Sheet, by: User) -> Made:
    """Fill the form and hand out the file; whose covered values stand in it is in the journal."""
    if sheet.state == SheetState.READ:
        raise Refused("form.not_confirmed", _("请先确认栏目"))
    made = filled(sheet, by=by)
    write_journal("form.taken", about=sheet, text=sheet.title, data=made.counts, by=by)
    _say_who_was_uncovered(sheet, made, by)
    return made


def _say_who_was_uncovered(sheet: Sheet, made: Made, by: User | None) -> None:
    role, words = current_scope().role, dictionary()
    if sheet.subject != PERSON or not rules.may_uncover(
        role=role, asked_by=sheet.asked_by, basis=sheet.basis
    ):
        return
    keys = {key for one in sheet.headings for key in one["fields"] if words.has(PERSON, key)}
    open_now = [
        words.field(PERSON, key).label for key in sorted(keys)
        if access_to(words.field(PERSON, key), role) is Access.MASKED
    ]  # fmt: skip
    if not open_now:
        return
    people = Person.objects.filter(pk__in=[row.id for row in made.knowledge.rows])
    said = _("%(title)s：%(fields)s，交%(asked_by)s，依据%(basis)s") % {
        "title": sheet.title, "fields": "、".join(open_now), "asked_by": sheet.asked_by,
        "basis": sheet.basis,
    }  # fmt: skip
    write_journal(UNCOVERED, about=sheet, also=list(people), text=said,
                  data={"fields": open_now, "rows": len(made.knowledge.rows)}, by=by)  # fmt: skip


@action("form.hand_in", term=gettext_noop("上交"), may=may_take, journal="form.handed_in")
def hand_in_form(*, sheet: Sheet, by: User, with_blanks: bool = False) -> HandIn:
    """Hand the form in as it is now and keep the very file; blanks only when that is meant."""
    if sheet.state not in (SheetState.OPEN, SheetState.RETURNED):
        words = {"state": sheet.get_state_display()}
        raise Refused("form.closed", _("这张表“%(state)s”，不能上交") % words)
    made = filled(sheet, by=by)
    if not with_blanks and (made.counts[MISSING] or is_collecting(sheet)):
        raise Refused(
            "form.blanks", _("还有%(n)d格没有填") % {"n": made.counts[MISSING]}, "with_blanks",
            _("可以派人去问，或勾选“留空上交”"),
        )  # fmt: skip
    changed = Sheet.objects.filter(pk=sheet.pk, state__in=UNFINISHED).update(
        state=SheetState.HANDED_IN, returned_words="", changed_at=timezone.now()
    )
    if not changed:
        raise Refused("form.closed", _("这张表刚刚已经上交"))
    stop_asking(sheet, by)
    sheet.refresh_from_db()
    hand_in = HandIn(
        sheet=sheet, scope_path=sheet.scope_path, file_name=made.name[-200:],
        file=box().encrypt(made.data), rows=rows_to_keep(made.knowledge.rows),
        counts=made.counts, by=by,
    )  # fmt: skip
    hand_in.save()
    write_journal("form.handed_in", about=sheet, text=sheet.title, data=made.counts, by=by)
    _say_who_was_uncovered(sheet, made, by)
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
    if hand_in.opened_at is None and current_scope().role in rules.MAY_ISSUE:
        hand_in.opened_at = timezone.now()
        hand_in.save(update_fields=["opened_at"])
    write_journal("form.opened", about=sheet, text=hand_in.file_name, by=by)
    return box().decrypt(bytes(hand_in.file))
