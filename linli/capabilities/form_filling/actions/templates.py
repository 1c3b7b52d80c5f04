"""A department's form comes in, and a worker says what its headings mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.capabilities.form_filling import rules
from linli.capabilities.form_filling.actions.notify_fillers import no_longer_to_fill
from linli.capabilities.form_filling.actions.open_questions import stop_asking
from linli.capabilities.form_filling.answers.statistics_table import tally_of
from linli.capabilities.form_filling.catalogue.templates import remember
from linli.capabilities.form_filling.models import Distribution, FormInstance, FormTemplate
from linli.capabilities.form_filling.reading.form import Form, Spot
from linli.capabilities.form_filling.reading.form_json import to_json
from linli.capabilities.form_filling.reading.legacy_office import made_new
from linli.capabilities.form_filling.reading.parsing import check_size
from linli.capabilities.form_filling.reading.read import read_form_file
from linli.capabilities.form_filling.reading.subject_guess import proposed_condition
from linli.capabilities.form_filling.reading.understand import form_of
from linli.capabilities.form_filling.terms import UNFINISHED, ColumnUse, FormState
from linli.core.actions import action, write_journal
from linli.core.errors import Refused
from linli.core.fields import PERSON
from linli.core.personal_data.crypto import keyring
from linli.core.scope import current_scope
from linli.register.people.models import Person
from linli.register.places.models import Place
from linli.register.posts.models import User
from linli.register.posts.permits import role_in
from linli.workbench.conditions import queries
from linli.workbench.conditions.own_fields import dictionary

may_fill = role_in(rules.MAY_FILL)
Heading = dict[str, Any]
LONGEST_TITLE = 120


@dataclass(frozen=True)
class UploadedForm:
    """A department's file as read: the bytes to fill, those that came, and what it asks."""

    data: bytes
    name: str
    original: bytes
    form: Form


def read_upload(data: bytes, name: str, form: Form | None = None) -> UploadedForm:
    """Read a department's file, or refuse in words; no transaction is open while that goes on."""
    check_size(data)
    new, called = made_new(data, name)
    file = read_form_file(new)
    # The bytes say what it is, not the name.
    return UploadedForm(
        new,
        f"{Path(called).stem}.{file.kind}",
        b"" if new is data else data,
        form or form_of(file.paper),
    )


def template_for(form: Form, place: Place) -> FormTemplate | None:
    """Return the template of this shape that holds at a place, the nearest first."""
    candidates = [
        form_template
        for form_template in FormTemplate.objects.filter(fingerprint=form.fingerprint)
        if place.path.startswith(form_template.scope_path)
    ]
    return max(candidates, key=lambda one: len(one.scope_path), default=None)


def proposed(form: Form, form_template: FormTemplate | None) -> list[Heading]:
    """Return what each heading stands for: as confirmed before, else as read."""
    if form_template is not None and len(form_template.headings) == len(form.headings):
        return list(form_template.headings)
    by_itself = filled_by_itself(form)
    if tally := tally_of(form):
        auto = {"use": ColumnUse.AUTO.value, "fields": []}
        return [
            {**meant, **auto} if one.at in by_itself else meant
            for meant, one in zip(tally, form.headings, strict=True)
        ]
    by_itself_or_hidden = by_itself | {heading.at for heading in form.headings if heading.hidden}
    return [
        {
            "text": heading.text,
            "use": ColumnUse.AUTO.value
            if heading.at in by_itself
            else ColumnUse.FIELD.value
            if heading.fields and not heading.hidden
            else ColumnUse.LEFT.value,
            "fields": [] if heading.at in by_itself_or_hidden else list(heading.fields),
        }
        for heading in form.headings
    ]


def subject_of(form: Form) -> str:
    """Return whom the form is about; a tally counts people."""
    return form.subject or (PERSON if tally_of(form) else "")


def filled_by_itself(form: Form) -> set[Spot]:
    """Return where serial numbers and lines such as 填报单位 stand."""
    spots = {Spot(line.table, line.row, line.column) for line in form.lines}
    for table in form.tables:
        spots |= {
            form.headings[heading].at
            for column, heading in table.columns
            if column == table.serial_column
        }
        # The same headings once more beside: they are filled as the first ones are.
        again = table.columns[len(table.side(0)) :]
        spots |= {form.headings[heading].at for _column, heading in again}
    return spots


def upload_form(
    *,
    data: bytes,
    name: str,
    place: Place,
    by: User | None,
    person: Person | None = None,
    distribution: Distribution | None = None,
    form: Form | None = None,
) -> FormInstance:
    """Read a department's blank form for a place, then keep it."""
    brought = read_upload(data, name, form)
    condition = proposed_condition(brought.form, Path(brought.name).stem)
    return keep_form(
        brought=brought,
        place=place,
        by=by,
        person=person,
        distribution=distribution,
        condition=condition,
    )


@action("form.bring", term=gettext_noop("带来空表"), may=may_fill, journal="form.brought")
def keep_form(
    *,
    brought: UploadedForm,
    place: Place,
    by: User | None,
    person: Person | None = None,
    distribution: Distribution | None = None,
    condition: dict[str, Any] | None,
) -> FormInstance:
    """Keep a department's blank form for a place; one that is known needs no more than a look."""
    form, stem = brought.form, Path(brought.name).stem
    form_template = template_for(form, place)
    form_instance = FormInstance(
        place=place,
        scope_path=place.path,
        person=person,
        distribution=distribution,
        form_template=form_template,
        title=(form.title or stem)[:LONGEST_TITLE],
        file_name=Path(brought.name).name[-200:],
        file=keyring().encrypt(brought.data),
        # The department's own is kept too: what was made new may have lost fonts and widths.
        original=keyring().encrypt(brought.original) if brought.original else b"",
        form=to_json(form),
        by=by,
        subject=form_template.subject if form_template else subject_of(form),
        condition=form_template.condition if form_template else condition,
        headings=proposed(form, form_template),
        # Another office may ask in the same shape: who asks and why is confirmed each time anew.
        asked_by=distribution.asked_by if distribution else "",
        basis=distribution.basis if distribution else "",
        due_on=distribution.due_on if distribution else None,
    )
    form_instance.save()
    data_told = {"headings": len(form_instance.headings), "known_before": form_template is not None}
    write_journal(
        "form.brought", about=form_instance, text=form_instance.title, data=data_told, by=by
    )
    return form_instance


def may_change(*, form_instance: FormInstance, by: User | None) -> bool:
    """Whoever fills forms at this place, as long as it is not handed in."""
    return current_scope().role in rules.MAY_FILL | {"system"}


def check_open(form_instance: FormInstance) -> None:
    """Refuse what would change a form that has been handed in or dropped."""
    if form_instance.state not in UNFINISHED:
        words = {"state": form_instance.get_state_display()}
        raise Refused("form.closed", _("这张表“%(state)s”，不能再改") % words)


@action("form.confirm", term=gettext_noop("确认栏目"), may=may_change, journal="form.confirmed")
def confirm_form(
    *,
    form_instance: FormInstance,
    title: str,
    subject: str,
    condition: Mapping[str, Any] | None,
    headings: Sequence[Heading],
    by: User | None,
    asked_by: str = "",
    basis: str = "",
    due_on: date | None = None,
    cadence: str = "once",
) -> FormInstance:
    """Say what the headings stand for and whom the form is about; the catalogue remembers it."""
    check_open(form_instance)
    _check_headings(form_instance, subject, headings)
    if condition is not None:
        queries.read_json(condition)
    if not title.strip():
        raise Refused("form.no_title", _("请写表名"), "title")
    form_instance.title, form_instance.subject = title.strip()[:LONGEST_TITLE], subject
    form_instance.condition = dict(condition) if condition else None
    form_instance.headings = list(headings)
    form_instance.asked_by, form_instance.basis, form_instance.due_on = (
        asked_by.strip()[:80],
        basis.strip()[:200],
        due_on,
    )
    form_instance.form_template = remember(form_instance, cadence=cadence, by=by)
    form_instance.state = FormState.OPEN
    form_instance.save()
    headings_asked = [heading["text"] for heading in headings if heading["use"] != ColumnUse.LEFT]
    data = {
        "headings": headings_asked,
        "asked_by": form_instance.asked_by,
        "basis": form_instance.basis,
    }
    write_journal("form.confirmed", about=form_instance, text=form_instance.title, data=data, by=by)
    return form_instance


def _check_headings(form_instance: FormInstance, subject: str, headings: Sequence[Heading]) -> None:
    if len(headings) != len(form_instance.headings):
        raise Refused("form.headings", _("栏目数与表不符，请刷新后再试"))
    words = dictionary()
    for heading in headings:
        if heading["use"] not in ColumnUse.values:
            raise Refused("form.use", _("请选“%(text)s”填什么") % {"text": heading["text"]})
        if heading["use"] == ColumnUse.FIELD:
            if not heading["fields"]:
                raise Refused(
                    "form.no_field", _("请选“%(text)s”填什么") % {"text": heading["text"]}
                )
            for key in heading["fields"]:
                words.field(subject, key)
        if heading["use"] == ColumnUse.COUNT:
            queries.read_json(heading["where"])


@action("form.drop", term=gettext_noop("不填这张表"), may=may_change, journal="form.dropped")
def drop_form(*, form_instance: FormInstance, by: User | None) -> FormInstance:
    """Put a form aside; nothing it found out is lost."""
    check_open(form_instance)
    stop_asking(form_instance, by)
    no_longer_to_fill(form_instance, by, _("这张表不填了"))
    form_instance.state = FormState.DROPPED
    form_instance.save(update_fields=["state", "changed_at"])
    write_journal("form.dropped", about=form_instance, text=form_instance.title, by=by)
    return form_instance
