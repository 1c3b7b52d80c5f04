"""What an officer types to change a limit."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from linli.register.places.forms import PlaceField
from linli.register.places.models import Place
from linli.register.posts.terms import Role
from linli.workbench.read_budget import rules


class LimitForm(forms.Form):
    """Where, which role, how many, from when."""

    place = PlaceField(label=_("哪里"), help_text=_("下面没有另定的地方都照这个"))
    role = forms.ChoiceField(
        label=_("岗位"),
        choices=[(one.value, one.label) for one in Role if one.value in rules.MOST_PEOPLE],
    )
    most = forms.IntegerField(
        label=_("24小时内最多看多少人"), min_value=rules.LEAST, max_value=rules.MOST
    )
    since = forms.DateField(
        label=_("从哪天起"),
        required=False,
        help_text=_("不填就是今天"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    def __init__(self, *args: Any, places: QuerySet[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].offer_of(places)  # type: ignore[attr-defined]
