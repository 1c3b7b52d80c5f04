"""What an officer types to let a program hear of cases."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.workbench.webhooks.events import EVENTS, USUAL
from linli.workbench.webhooks.rules import LONGEST_NAME, LONGEST_URL


class WebhookForm(forms.Form):
    """Who hears, where, and of what."""

    name = forms.CharField(
        label=_("名称"), max_length=LONGEST_NAME, help_text=_("例如：区城运中心")
    )
    url = forms.CharField(
        label=_("地址"),
        max_length=LONGEST_URL,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
        help_text=_("https:// 开头的公网地址；内网和本机地址不能用"),
    )
    success_path = forms.CharField(
        label=_("回答里的哪一项"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
        help_text=_("例如：success；空着就看状态码，2xx算送达"),
    )
    success_values = forms.CharField(
        label=_("等于什么算送达"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
        help_text=_("例如：true；几个都算的用|隔开"),
    )
    events = forms.MultipleChoiceField(
        label=_("告诉对方哪些事"),
        choices=EVENTS.items,
        widget=forms.CheckboxSelectMultiple,
        initial=lambda: [key for key in EVENTS if key in USUAL],
    )
