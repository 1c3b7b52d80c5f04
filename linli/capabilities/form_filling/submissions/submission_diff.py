"""What is different from what was handed in last for the same form and place."""

from __future__ import annotations

from django.utils.translation import gettext as _

from linli.capabilities.form_filling import rules
from linli.capabilities.form_filling.answers.cells import KNOWN, MISSING, Knowledge
from linli.capabilities.form_filling.filling import CellChange
from linli.capabilities.form_filling.models import FormInstance, FormReturn
from linli.capabilities.form_filling.submissions.encrypted_rows import rows_of_return
from linli.capabilities.form_filling.terms import ColumnUse
from linli.core.personal_data.unreadable import is_unreadable
from linli.core.scope import current_scope
from linli.register.posts.rules import Access
from linli.workbench.conditions.access import access_to
from linli.workbench.conditions.own_fields import dictionary

MOST_CHANGES = 2000
NAME = "name"


def changes(
    form_instance: FormInstance, knowledge: Knowledge, *, is_part: bool = False
) -> tuple[CellChange, ...]:
    """Return the differences, of values only that may stand in this very file.

    One file of several (``is_part``) says nothing of people who are no longer listed.

    What was handed in then may have been uncovered for a reason that no longer holds, or by
    somebody whose post may see more: it is said again only where this file says the value too.
    """
    before = last_hand_in(form_instance)
    if before is None:
        return ()
    if is_unreadable(before.rows):
        return (CellChange(_("上次上交的内容"), "", str(before.rows), ""),)
    then = rows_of_return(before)
    same = _asked_the_same(before.form_instance, form_instance)
    open_now = [heading for heading in same if _may_see(form_instance, heading, of_anybody=True)]
    mine = [heading for heading in same if _may_see(form_instance, heading)]
    names = sorted(
        open_now, key=lambda heading: form_instance.headings[heading]["fields"] != [NAME]
    )
    differences = []
    for row in knowledge.rows:
        old, cells = then.get(row.id), row.cells
        who = _named([cells[name].text for name in names])
        if old is None:
            differences.append(CellChange(who, _("整行"), "", _("新增")))
            continue
        differences += [
            CellChange(
                who, form_instance.headings[heading]["text"], old[heading], cells[heading].text
            )
            for heading in mine
            if heading < len(old)
            and cells[heading].state in (KNOWN, MISSING)
            and old[heading] != cells[heading].text
        ]
    now = {row.id for row in knowledge.rows}
    if is_part:
        return tuple(differences[:MOST_CHANGES])
    differences += [
        CellChange(
            _named([cells[name] for name in names if name < len(cells)]),
            _("整行"),
            "",
            _("不再列入"),
        )
        for each, cells in then.items()
        if each not in now
    ]
    return tuple(differences[:MOST_CHANGES])


def _asked_the_same(before: FormInstance, form_instance: FormInstance) -> list[int]:
    """Return the headings that stood for the same thing then."""
    if len(before.headings) != len(form_instance.headings):
        return []
    keys = ("text", "use", "fields", "where", "level")
    return [
        number
        for number, (was, now) in enumerate(
            zip(before.headings, form_instance.headings, strict=True)
        )
        if all(was.get(key) == now.get(key) for key in keys)
    ]


def _may_see(form_instance: FormInstance, heading: int, *, of_anybody: bool = False) -> bool:
    """May the value stand in this file, ``of_anybody`` also of people who are in it no longer?

    What is uncovered for the people of the file is written on their pages; of the others only
    what needs no uncovering may be said.
    """
    one = form_instance.headings[heading]
    if one["use"] in (ColumnUse.PLACE, ColumnUse.ONE_OFF):
        return True
    if one["use"] == ColumnUse.COUNT:
        return not of_anybody
    role, words = current_scope().role, dictionary()
    uncovered = rules.may_uncover(
        role=role, asked_by=form_instance.asked_by, basis=form_instance.basis
    )
    allowed = {Access.OPEN, Access.MASKED} if uncovered and not of_anybody else {Access.OPEN}
    return one["use"] == ColumnUse.FIELD and all(
        words.has(form_instance.subject, key)
        and access_to(words.field(form_instance.subject, key), role) in allowed
        for key in one["fields"]
    )


def _named(texts: list[str]) -> str:
    return next((text for text in texts if text and not text.isdigit()), _("一行"))


def last_hand_in(form_instance: FormInstance) -> FormReturn | None:
    """Return what was handed in before for the same form and place."""
    if form_instance.form_template is None:
        return None
    # A place may see the form its own way since then: it is still the same form by its shape.
    shape = form_instance.form_template.fingerprint
    form_return: FormReturn | None = (
        FormReturn.objects.filter(
            form_instance__form_template__fingerprint=shape,
            form_instance__place=form_instance.place_id,
        )
        # Not this very form: one that was sent back is compared with the time before.
        .exclude(form_instance=form_instance.pk or 0)
        .select_related("form_instance")
        .order_by("-at")
        .first()
    )
    return form_return
