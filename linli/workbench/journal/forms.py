"""What the log is asked for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.register.people.terms import ContactChannel
from linli.workbench.journal.queries import kinds
from linli.workbench.journal.rules import LONGEST_NOTE, SHORTEST_LOG_PURPOSE
from linli.workbench.journal.terms import RedactionReason


class LogForm(forms.Form):
    """Kind, purpose, from when to when; never by whom."""

    kind = forms.ChoiceField(label=_("做了什么"), required=False)
    purpose = forms.CharField(label=_("事由"), required=False, max_length=60)
    since = forms.DateField(
        label=_("从"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    until = forms.DateField(
        label=_("到"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("全部")), *kinds()]  # type: ignore[attr-defined]


class LogPurposeForm(forms.Form):
    """Why somebody wants to know who dealt with a record."""

    purpose = forms.CharField(
        label=_("事由"),
        min_length=SHORTEST_LOG_PURPOSE,
        max_length=60,
        help_text=_("例如：核实居民投诉。查了什么、为什么查，也会记进日志"),
    )


class PhotosField(forms.FileField):
    """Several pictures at once."""

    class Input(forms.ClearableFileInput):
        """A chooser that takes several files."""

        allow_multiple_selected = True

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"accept": "image/*", "multiple": True}
        super().__init__(widget=self.Input(attrs=attrs), required=False, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Return the files, whether none, one or many; what they hold is looked at later."""
        files = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(PhotosField, self).clean(file, initial) for file in files]


class NoteForm(forms.Form):
    """A note: words; all the rest may stay empty."""

    text = forms.CharField(
        label=_("记一笔"),
        help_text=_("看到什么、说了什么；可以用语音输入"),
        widget=forms.Textarea(attrs={"rows": 6, "data-most": LONGEST_NOTE, "autofocus": True}),
    )
    contact = forms.ChoiceField(
        label=_("和本人联系上了吗"),
        required=False,
        choices=[("", _("没有")), *ContactChannel.choices],
        widget=forms.RadioSelect,
    )
    photos = PhotosField(label=_("照片"))
    keep_position = forms.BooleanField(label=_("保留照片里的拍摄位置"), required=False)
    follow_up_on = forms.DateField(
        label=_("哪天再来看看"),
        required=False,
        help_text=_("到时会出现在待办里"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, is_person: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_person:
            del self.fields["contact"]


class RedactForm(forms.Form):
    """Why the words go."""

    reason = forms.ChoiceField(
        label=_("为什么清空"), choices=RedactionReason.choices, widget=forms.RadioSelect
    )


class CorrectForm(forms.Form):
    """What it should have said."""

    text = forms.CharField(
        label=_("正确的说法"), widget=forms.Textarea(attrs={"rows": 6, "data-most": LONGEST_NOTE})
    )
