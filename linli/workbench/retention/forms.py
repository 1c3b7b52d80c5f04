"""What is typed to hold a deletion, or to have one at once."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class HoldForm(forms.Form):
    """Why, and until when."""

    reason = forms.CharField(
        label=_("为什么暂缓"), max_length=200, help_text=_("例如：正在诉讼，法院要求保存")
    )
    until = forms.DateField(label=_("到哪天"), widget=DAY, help_text=_("最长一年，到期重新看"))


class AskForm(forms.Form):
    """That it was the person who asked."""

    asked = forms.BooleanField(label=_("已核实是本人（或死者的近亲属）要求的"))
