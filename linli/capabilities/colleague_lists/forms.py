"""The list that is chosen."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class ColleagueListForm(forms.Form):
    """A list of colleagues."""

    file = forms.FileField(
        label=_("选择表格"),
        help_text=_("列名：姓名、用户名、岗位、地点。不写用户名就用姓名的拼音；别的列不用"),
    )
