"""Forms that several apps ask with the same input."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class ReasonForm(forms.Form):
    """Why: one line, or a few. An app says in a subclass how it asks and how long it may be.

    Without ``longest`` the action says in words how long it may be; ``most`` is shown meanwhile.
    """

    label: Any = _("原因")
    help_text: Any = ""
    longest: int | None = None
    most: int | None = None
    rows = 4

    reason = forms.CharField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        attrs: dict[str, Any] = {"rows": self.rows} if self.rows > 1 else {"autocomplete": "off"}
        if self.most is not None:
            attrs["data-most"] = self.most
        widget = forms.Textarea(attrs) if self.rows > 1 else forms.TextInput(attrs)
        self.fields["reason"] = forms.CharField(
            label=self.label, help_text=self.help_text, max_length=self.longest, widget=widget
        )
