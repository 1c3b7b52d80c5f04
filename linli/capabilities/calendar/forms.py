"""What is typed for a feed."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.capabilities.calendar.models import Covers


class FeedForm(forms.Form):
    """What a feed shows, and where it will be read."""

    covers = forms.ChoiceField(
        label=_("看哪些日子"),
        choices=Covers.choices,
        widget=forms.RadioSelect,
        initial=Covers.POST.value,
    )
    name = forms.CharField(
        label=_("给哪里用"), max_length=40, help_text=_("例如：我的手机、办公室电脑")
    )
