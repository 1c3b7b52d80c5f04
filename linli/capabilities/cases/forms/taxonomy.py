"""A taxonomy an officer brings along."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.workbench.imports.reading import Limits


class BringTaxonomyForm(forms.Form):
    """A file of three columns; looked over before anything is added."""

    file = forms.FileField(
        label=gettext_lazy("分类表"),
        help_text=gettext_lazy("Excel或CSV，三列：一级分类、二级分类、三级分类"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.xls,.csv"}),
    )

    def clean_file(self) -> Any:
        """Refuse a file that is too large before it is read."""
        file, most = self.cleaned_data["file"], Limits().upload
        if file.size > most:
            words = {"size": -(-file.size // 2**20), "most": most // 2**20}
            raise forms.ValidationError(_("文件有%(size)sMB，超过%(most)sMB") % words)
        return file
