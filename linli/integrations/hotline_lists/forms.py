"""What a person says when bringing the list of a hotline."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from linli.integrations.hotline_lists.terms import Dispatch
from linli.register.places.queries import children, roots
from linli.workbench.imports.forms import SheetFileForm


class HotlineListForm(SheetFileForm):
    """A file, and where its cases are when a row does not say."""

    file = forms.FileField(
        label=gettext_lazy("热线表格"),
        help_text=gettext_lazy("12345、信箱等的.xlsx、.xls或.csv，最大20MB；须有编号、时间、内容"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.xls,.csv"}),
    )
    place = forms.ChoiceField(
        label=gettext_lazy("没有写明地方的，记在"), help_text=gettext_lazy("受理后可以逐件改正")
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        mine = roots()
        inside = [place for root in mine for place in children(root)]
        choices = [(str(each.pk), str(each)) for each in [*mine, *inside]]
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        field.choices = choices


class TakeListForm(forms.Form):
    """What shall happen with the cases besides taking them."""

    dispatch = forms.ChoiceField(
        label=gettext_lazy("分派"),
        choices=Dispatch,
        required=False,
        initial=Dispatch.NONE,
        widget=forms.RadioSelect,
    )
    merge = forms.BooleanField(
        label=gettext_lazy("内容相同的合并成一件"),
        required=False,
        help_text=gettext_lazy("两边的来件人都会得到答复；合并可以撤销"),
    )
