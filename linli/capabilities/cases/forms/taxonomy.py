"""A taxonomy an officer brings along."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from linli.workbench.imports.forms import SheetFileForm


class BringTaxonomyForm(SheetFileForm):
    """A file of three columns; looked over before anything is added."""

    file = forms.FileField(
        label=gettext_lazy("分类表"),
        help_text=gettext_lazy("Excel或CSV，三列：一级分类、二级分类、三级分类"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.xls,.csv"}),
    )
