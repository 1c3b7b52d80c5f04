"""What a person types when keeping a question or taking a list away."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.capabilities.reports.rules import SHORTEST_PURPOSE
from linli.capabilities.reports.terms import FileKind, Purpose


class SaveForm(forms.Form):
    """A name for a question."""

    name = forms.CharField(label=_("名单名称"), max_length=60)
    shared = forms.BooleanField(
        label=_("给同范围的同事也能打开"),
        required=False,
        help_text=_("每个人打开，只看到自己范围里的人。"),
    )


class ExportForm(forms.Form):
    """What a list is taken away for."""

    kind = forms.ChoiceField(
        label=_("文件"),
        choices=FileKind.choices,
        widget=forms.RadioSelect,
        initial=FileKind.EXCEL.value,
    )
    purpose = forms.ChoiceField(label=_("用途"), choices=Purpose.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("具体用来做什么"),
        min_length=SHORTEST_PURPOSE,
        max_length=120,
        help_text=_("例如：重阳节上门慰问。会印在表格里，也会记入日志。"),
    )
