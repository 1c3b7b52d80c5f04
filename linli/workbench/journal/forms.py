"""What the log is asked for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.workbench.journal.queries import kinds


class LogForm(forms.Form):
    """Kind, who, purpose, from when to when."""

    kind = forms.ChoiceField(label=_("做了什么"), required=False)
    who = forms.CharField(label=_("谁"), required=False, max_length=40)
    purpose = forms.CharField(label=_("事由"), required=False, max_length=60)
    since = forms.DateField(
        label=_("从"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=_("到"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("全部")), *kinds()]  # type: ignore[attr-defined]
