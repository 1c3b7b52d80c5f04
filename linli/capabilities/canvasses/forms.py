"""What is typed: a canvass, a result, a reason, the number that confirms an end."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from linli.commons.coverage import rules
from linli.commons.coverage.terms import OVER, TALKED, ContactResult, ContactWay
from linli.core.time import today
from linli.register.people.models import Person
from linli.register.places.forms import PlaceField
from linli.register.places.models import Place
from linli.workbench.conditions import queries as conditions
from linli.workbench.conditions.acceptance import LONGEST_SAID, says_only_understood
from linli.workbench.web.forms import ReasonForm

SOMEBODY_ELSE = "other"
DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class CanvassForm(forms.Form):
    """What, on what ground, where, whom, until when."""

    title = forms.CharField(
        label=_("做什么"), max_length=rules.LONGEST_TITLE, help_text=_("例如：燃气安全入户排查")
    )
    why = forms.CharField(
        label=_("依据和用途"), max_length=200, help_text=_("居民问起来，就这样答")
    )
    place = PlaceField(label=_("哪里"))
    sentence = forms.CharField(
        label=_("哪些户"),
        max_length=LONGEST_SAID,
        required=False,
        help_text=_("例如：80岁以上独居老人；空着就是每一户"),
    )
    until_on = forms.DateField(label=_("到哪天"), widget=DAY)

    def __init__(self, *args: Any, places: QuerySet[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].offer_of(places)  # type: ignore[attr-defined]

    def condition(self) -> dict[str, Any]:
        """Return whom it means; refuse words that were not understood."""
        sentence = self.cleaned_data["sentence"].strip()
        if not sentence:
            return {}
        said_so = says_only_understood(self.data)
        condition = conditions.understood("person", sentence, only_understood=said_so)
        return conditions.condition_json(condition)


class ContactResultForm(forms.Form):
    """What came of it."""

    result = forms.ChoiceField(
        label=_("结果"),
        widget=forms.RadioSelect,
        choices=[(one.value, one.label) for one in (OVER[0], ContactResult.ABSENT, *OVER[1:])],
    )
    way = forms.ChoiceField(
        label=_("怎么联系的"),
        choices=ContactWay.choices,
        initial=ContactWay.DOOR,
        widget=forms.RadioSelect,
    )
    met = forms.MultipleChoiceField(
        label=_("和谁说上了话"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("说上话的人记为今天联系过，同住的别人不算"),
    )
    words = forms.CharField(
        label=_("说了什么"),
        required=False,
        max_length=rules.LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 2, "data-most": rules.LONGEST_WORDS}),
    )
    try_on = forms.DateField(
        label=_("没人在家，哪天再去"), required=False, widget=DAY, help_text=_("空着就是明天")
    )
    form_token = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    # How often somebody had been there when the page was opened: who was faster is told then.
    tries = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, *args: Any, people: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["form_token"].initial = secrets.token_urlsafe(12)
        self.people = people
        if not people:
            del self.fields["met"]
            return
        offered = [*_names(people), (SOMEBODY_ELSE, _("别的人"))]
        self.fields["met"].choices = offered  # type: ignore[attr-defined]
        if len(people) == 1:
            self.fields["met"].initial = [str(people[0].pk)]

    def clean(self) -> dict[str, Any]:
        """Ask whom they spoke with where several may be meant: only they were reached."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("result") not in TALKED:
            cleaned["met"] = []
        elif self._says_nobody(cleaned):
            self.add_error("met", _("请选和谁说上了话；不是登记的人，就选“别的人”"))
        return cleaned

    def _says_nobody(self, cleaned: dict[str, Any]) -> bool:
        is_asked = "met" in self.fields and "met" not in self.errors
        return is_asked and cleaned["result"] == ContactResult.REACHED and not cleaned.get("met")

    def given(self) -> dict[str, Any]:
        """Return the result as the action takes it."""
        met = _chosen(self.people, self.cleaned_data.get("met") or [])
        return {**self.cleaned_data, "met": met}

    def typed(self) -> list[str]:
        """Return in words what was typed, for a page that cannot take it any more."""
        cleaned = self.cleaned_data
        result, met = cleaned.get("result"), _chosen(self.people, cleaned.get("met") or [])
        lines = [
            (self.fields["result"].label, ContactResult(result).label if result else ""),
            (_("和谁说上了话"), "、".join(person.name for person in met)),
            (self.fields["words"].label, cleaned.get("words", "").replace("\r\n", "\n")),
            (_("哪天再去"), cleaned.get("try_on") or ""),
        ]
        return [f"{label}：{value}" for label, value in lines if value]


def _names(people: Sequence[Person]) -> list[tuple[str, str]]:
    return [(str(person.pk), person.name) for person in people]


def _chosen(people: Sequence[Person], keys: Sequence[str]) -> list[Person]:
    return [person for person in people if str(person.pk) in keys]


MOVED, HERE = "moved", "here"


class MovedForm(forms.Form):
    """Who has moved, when and where to; or that they still live here."""

    answer = forms.ChoiceField(
        label=_("核实下来"),
        widget=forms.RadioSelect,
        choices=[(MOVED, _("搬走了，登记迁出")), (HERE, _("还住在这里"))],
    )
    who = forms.MultipleChoiceField(
        label=_("谁搬走了"), required=False, widget=forms.CheckboxSelectMultiple
    )
    on = forms.DateField(label=_("哪天搬的"), required=False, widget=DAY)
    to = forms.CharField(label=_("搬到哪里"), required=False, max_length=60)

    def __init__(self, *args: Any, people: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        self.fields["who"].choices = _names(people)  # type: ignore[attr-defined]
        self.fields["who"].initial = [key for key, _name in _names(people)]
        self.fields["on"].initial = today()

    def clean(self) -> dict[str, Any]:
        """Ask who and when, where somebody has moved that the register still has here."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("answer") == MOVED and self.people:
            if not cleaned.get("who") and "who" not in self.errors:
                self.add_error("who", _("请选谁搬走了"))
            if not cleaned.get("on") and "on" not in self.errors:
                self.add_error("on", _("请填哪天搬的；不知道就填今天"))
        return cleaned

    def given(self) -> dict[str, Any]:
        """Return what was found out as the action takes it."""
        cleaned = self.cleaned_data
        moved = _chosen(self.people, cleaned["who"]) if cleaned["answer"] == MOVED else []
        return {"moved": moved, "on": cleaned["on"] or today(), "to": cleaned["to"]}


class CorrectResultForm(ReasonForm):
    """Why a result is corrected."""

    label = _("为什么要改")
    longest = 200
    rows = 1


class CloseForm(forms.Form):
    """The number of households that were not reached, typed to end nevertheless."""

    confirmed = forms.IntegerField(
        label=_("还没联系上的户数"), required=False, min_value=0, help_text=_("都联系上了就空着")
    )
