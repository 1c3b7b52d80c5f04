"""What is typed about a person: facts, a purpose, a move."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linli.capabilities.residents.queries import cover, person_fields
from linli.capabilities.residents.terms import GROUPS
from linli.core.personal_data.unreadable import is_unreadable
from linli.core.scope import current_scope
from linli.core.time import NotADate, PartialDate, Precision, parse_date, today, with_precision
from linli.register.people.birth import fact_of
from linli.register.people.models import Person
from linli.register.people.rules import SHORTEST_PURPOSE
from linli.register.people.terms import FactSource, RevealPurpose
from linli.register.posts.rules import Access
from linli.workbench.conditions.access import access_to
from linli.workbench.web.edit_form import EditForm

YES_NO = (("", _("不详")), ("1", _("是")), ("0", _("否")))
IN_GROUPS = tuple(key for _title, keys in GROUPS for key in keys)
NUMBERS = {"phone": "tel", "identity_number": "text"}


def a_day(label: Any, **given: Any) -> forms.DateField:
    """Return an input for a day."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **given)


class BirthField(forms.DateField):
    """A day of birth; where only the month is known, that month is shown and may be typed."""

    def __init__(self, **given: Any) -> None:
        if isinstance(given.get("initial"), PartialDate):
            widget: forms.Widget = forms.TextInput(attrs={"autocomplete": "off"})
            given["help_text"] = _("只知道年月；知道日子了请写成1950-03-01")
        else:
            widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, **given)

    def to_python(self, value: Any) -> Any:
        """Read a day or a month."""
        if value in self.empty_values or isinstance(value, date):
            return super().to_python(value)
        read = parse_date(value)
        if isinstance(read, NotADate):
            raise forms.ValidationError(read.sentence)
        if read.precision is Precision.YEAR:
            raise forms.ValidationError(_("请写到月或日，例如1950-03"))
        return with_precision(read.value, read.precision)


class RevealForm(forms.Form):
    """What a covered value is needed for."""

    purpose = forms.ChoiceField(
        label=_("用途"), choices=RevealPurpose.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("说明"),
        min_length=SHORTEST_PURPOSE,
        max_length=80,
        help_text=_("例如：通知体检时间。本人可以看到谁为什么查看过"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class LookUpForm(RevealForm):
    """A number, and what it is needed for."""

    number = forms.CharField(
        label=_("号码"),
        max_length=30,
        help_text=_("身份证号、电话，或电话后四位"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    field_order = ("number", "purpose", "words")


class PersonFactsForm(EditForm):
    """Every fact of a person this role may see; a covered one is typed anew or left empty."""

    def __init__(self, *args: Any, person: Person | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self._masks: dict[str, Callable[[], str]] = {}
        fields, role = person_fields(), current_scope().role
        for key in ("name", "sex", *IN_GROUPS):
            seen = access_to(fields[key], role)
            if seen is not Access.HIDDEN:
                lost = is_unreadable(getattr(person, key, None))
                # What cannot be opened any more is treated as covered: typed anew or left as it
                # is.
                self.fields[key] = self._input(key, is_covered=lost or seen is Access.MASKED)
        self.fields["name"].required = True
        self.fields["source"] = forms.ChoiceField(label=_("信息来源"), choices=FactSource.choices)
        self.fields["confirmed_on"] = a_day(_("核实日期"), initial=today())
        if person is not None:
            self.begin_with(person, self._known, self._masks)

    def _known(self, person: Person) -> dict[str, Any]:
        keys = [key for key in ("name", "sex", *IN_GROUPS) if key in self.fields]
        return {key: _initial(fact_of(person, key)) for key in keys}

    def _input(self, key: str, *, is_covered: bool) -> forms.Field:
        column: Any = Person._meta.get_field(key)
        label = gettext(person_fields()[key].label)
        options: dict[str, Any] = {"label": label, "required": False}
        if self.person is not None and is_covered and getattr(self.person, key):
            self._masks[key] = partial(cover, self.person, person_fields()[key])
            covered = self._masks[key]()
            options["help_text"] = _("现在是%(value)s；不改就留空") % {"value": covered}
        elif self.person is not None:
            options["initial"] = _initial(fact_of(self.person, key))
        if key == "birth_date":
            return BirthField(**options)
        if isinstance(column, models.DateField):
            return a_day(options.pop("label"), **options)
        if isinstance(column, models.BooleanField):
            return forms.ChoiceField(choices=YES_NO, **options)
        if column.choices:
            return forms.ChoiceField(choices=[("", "—"), *column.choices], **options)
        attrs = {"autocomplete": "off", "inputmode": NUMBERS.get(key, "text")}
        return forms.CharField(max_length=120, widget=forms.TextInput(attrs=attrs), **options)

    def groups(self) -> Iterator[tuple[Any, list[forms.BoundField]]]:
        """Return the inputs under the headings of the person's page."""
        for title, keys in ((_("姓名与性别"), ("name", "sex")), *GROUPS):
            bound = [self[key] for key in keys if key in self.fields]
            if bound:
                yield title, bound

    def facts(self) -> dict[str, Any]:
        """Return what was typed, as the actions take it; what was left alone is left out."""
        typed = {}
        for key in ("name", "sex", *IN_GROUPS):
            if key not in self.fields:
                continue
            value = self.cleaned_data.get(key)
            if isinstance(Person._meta.get_field(key), models.BooleanField):
                value = {"1": True, "0": False}.get(str(value))
            if self._says_something(key, value):
                typed[key] = value
        return typed

    def _says_something(self, key: str, value: Any) -> bool:
        if self.person is None:
            return value not in ("", None)
        now = fact_of(self.person, key)
        # A covered value has no initial: left empty it stays as it is and is not deleted.
        if value in ("", None) and self.fields[key].initial is None:
            return False
        # "No" is an answer where nobody knew, though both are empty to Python.
        return bool((value or None) != (now or None) or (value is False and now is None))


def _initial(value: Any) -> Any:
    if isinstance(value, bool):
        return "1" if value else "0"
    return "" if value is None else value


class DayForm(forms.Form):
    """On which day something happened."""

    on = a_day(_("日期"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = today()


class LeaveForm(DayForm):
    """When somebody left, and where to."""

    to = forms.CharField(
        label=_("去向"), required=False, max_length=60, help_text=_("例如：杭州；不写门牌")
    )
