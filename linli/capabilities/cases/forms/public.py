"""What a resident types: what is the matter, where, and how they want to hear back."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.capabilities.cases import rules, terms
from linli.capabilities.cases.actions import Reporter
from linli.capabilities.cases.forms.workers import consent_note_field
from linli.capabilities.cases.queries import public_places
from linli.register.places.models import Place
from linli.workbench.journal.forms import PhotosField


class ReportForm(forms.Form):
    """One page: what, where; the rest may stay empty."""

    text = forms.CharField(
        label=_("什么事"),
        help_text=_("用自己的话说就行，也可以用语音输入"),
        widget=forms.Textarea(attrs={"rows": 5, "data-most": rules.LONGEST_TEXT}),
    )
    community = forms.ChoiceField(label=_("哪个社区"))
    where = forms.CharField(
        label=_("在哪里"),
        required=False,
        max_length=120,
        help_text=_("小区、几幢、楼层或路口，例如：东方丽都3幢2单元门口"),
    )
    photos = PhotosField(label=_("照片"), help_text=_("可以拍几张；拍摄位置会去掉"))
    phone = forms.CharField(
        label=_("您的电话"),
        required=False,
        max_length=40,
        help_text=_("只有办这件事的人能看到；不留也可以凭编号查"),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    name = forms.CharField(
        label=_("怎么称呼您"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    wants_answer = forms.ChoiceField(
        label=_("怎样答复您"),
        choices=terms.WantsAnswer.choices,
        initial="page",
        widget=forms.RadioSelect,
    )
    on_behalf_of = forms.CharField(
        label=_("替谁反映"), required=False, max_length=60, help_text=_("本人反映就空着")
    )
    consent = forms.ChoiceField(
        label=_("本人同意吗"), choices=[("", "—"), *terms.ReporterConsent.choices], required=False
    )
    consent_note = consent_note_field()
    client_id = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args: Any, place: Place | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.place = place
        # Made with the page: a double tap sends the same one and is one case.
        self.fields["client_id"].initial = secrets.token_urlsafe(16)
        if place is not None:
            del self.fields["community"]
            self.fields["where"].label = _("具体位置")
            self.fields["where"].help_text = _("几单元、几楼、门口还是车库")
            return
        roots = public_places()
        self.communities = {
            str(each.pk): each for root in roots for each in public_places(root)
        } | {str(root.pk): root for root in roots}
        choices = [("", _("请选择")), *((key, each.name) for key, each in self.communities.items())]
        # The subdistrict stands last, as "cannot say": a resident need not know the community.
        choices = [*choices[: -len(roots)], *((str(each.pk), _("说不清")) for each in roots)]
        self.fields["community"].choices = choices  # type: ignore[attr-defined]

    def chosen_place(self) -> Place:
        """Return the place of the code, or the community that was chosen."""
        if self.place is not None:
            return self.place
        return self.communities[self.cleaned_data["community"]]

    def reporter(self) -> Reporter:
        """Return who reports, as the action takes it."""
        cleaned = self.cleaned_data
        return Reporter(
            name=cleaned["name"],
            phone=cleaned["phone"],
            wants_answer=cleaned["wants_answer"],
            on_behalf_of=cleaned["on_behalf_of"],
            consent=cleaned["consent"],
            consent_note=cleaned["consent_note"],
        )


class TrackForm(forms.Form):
    """The number and the word one was given."""

    tracking = forms.CharField(
        label=_("查询编号"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    secret = forms.CharField(
        label=_("口令"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )


class SayForm(forms.Form):
    """Whether it helped, and a few words."""

    fixed = forms.ChoiceField(
        label=_("解决了吗"),
        widget=forms.RadioSelect,
        choices=[("yes", _("解决了")), ("no", _("没解决"))],
    )
    text = forms.CharField(
        label=_("想说的话"),
        required=False,
        max_length=rules.LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
