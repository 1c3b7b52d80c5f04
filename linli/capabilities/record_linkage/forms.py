"""What a person types when bringing a department's list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.core.time import today
from linli.workbench.imports.forms import ColumnsForm, SheetFileForm


class LinkageUploadForm(SheetFileForm):
    """A file, who handed it over, and how old its information is."""

    file = forms.FileField(
        label=gettext_lazy("部门的名单"),
        help_text=gettext_lazy(".xlsx、.xls或.csv，最大20MB"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.xls,.csv"}),
    )
    department = forms.CharField(
        label=gettext_lazy("哪个部门给的"), max_length=60, help_text=gettext_lazy("例如：区残联")
    )
    confirmed_on = forms.DateField(
        label=gettext_lazy("信息日期"),
        help_text=gettext_lazy("名单里的信息是哪一天的"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        more.setdefault("initial", {"confirmed_on": today()})
        super().__init__(*args, **more)

    def clean_confirmed_on(self) -> Any:
        """Information is not from the future."""
        day = self.cleaned_data["confirmed_on"]
        if day > today():
            raise forms.ValidationError(_("信息日期在将来"))
        return day


class ListColumnsForm(ColumnsForm):
    """What every column of a list is; homes are never made here."""

    def __init__(self, data: Any, **more: Any) -> None:
        super().__init__(data, options={"fill_down": False, "make_dwellings": False}, **more)
        for name in ("fill_down", "make_dwellings"):
            self.fields.pop(name, None)
