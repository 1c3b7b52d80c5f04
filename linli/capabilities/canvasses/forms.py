"""What is typed: a canvass, a result, a reason, the number that confirms an end."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from linli.commons.coverage import rules
from linli.commons.coverage.terms import OVER, ContactResult, ContactWay
from linli.register.places.forms import PlaceField
from linli.register.places.models import Place
from linli.workbench.conditions import queries as conditions
from linli.workbench.conditions.acceptance import LONGEST_SAID, says_only_understood
from linli.workbench.web.forms import ReasonForm

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
        self.fields["place"].offer(places)  # type: ignore[attr-defined]

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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["form_token"].initial = secrets.token_urlsafe(12)


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
