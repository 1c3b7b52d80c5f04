"""What is typed: an organisation, a contact, a referral with its consent, an answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.capabilities.directory import rules
from linli.capabilities.directory.actions import ReferralConsent
from linli.capabilities.directory.terms import ConsentBy, ConsentHow
from linli.core.time import today
from linli.register.parties.actions import ContactFacts
from linli.register.parties.models import Party, PartyContact
from linli.register.parties.queries import parties_serving, station_among
from linli.register.parties.topics import GROUPS, TOPICS
from linli.register.people.models import Person
from linli.workbench.web.edit_form import EditForm
from linli.workbench.web.forms import ReasonForm

HOURS_HELP = _("例如：周一至周五 8:30-17:00；夜间值班 22:00-次日6:00；24小时")
OFF = {"autocomplete": "off"}


def _line(label: Any, most: int, help_text: Any = "", **given: Any) -> forms.CharField:
    attrs = {**OFF, **given.pop("attrs", {})}
    return forms.CharField(
        label=label,
        max_length=most,
        help_text=help_text,
        widget=forms.TextInput(attrs=attrs),
        required=given.pop("required", False),
        **given,
    )


def _several_lines(label: Any, help_text: Any = "", *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        widget=forms.Textarea(attrs={"rows": 3, "data-most": rules.LONGEST_WORDS}),
    )


def _topic_choices() -> list[Any]:
    return [("", _("请选"))] + [
        (title, [(topic.key, topic.words) for topic in TOPICS if topic.group == group])
        for group, title in GROUPS.items()
    ]


class PartyForm(EditForm):
    """An organisation: what it is called, what it helps with, and when."""

    name = _line(_("名称"), 80, required=True)
    kind = _line(_("类别"), 40, _("例如：物业、维保、医院、律师"))
    helps_with = _line(_("能帮什么"), 200, _("用居民的话写：漏水、电梯困人、配药"))
    hours = _line(_("时间"), 80, HOURS_HELP)
    phone = _line(_("公开电话"), 40, attrs={"inputmode": "tel"})
    contact = _line(_("谁接电话"), 40, _("例如：值班室"))
    address = _line(_("地址"), 120)

    def __init__(self, *args: Any, party: Party | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if party is not None:
            self.begin_with(party, self._known)

    def _known(self, party: Party) -> dict[str, Any]:
        return {key: getattr(party, key) for key in self.fields}


class ContactForm(EditForm):
    """Somebody who can be called."""

    name = _line(_("姓名"), 40, required=True)
    role = _line(_("职务"), 40)
    phone = _line(_("电话"), 40, attrs={"inputmode": "tel"})
    is_on_call = forms.BooleanField(label=_("值班电话：先打这个"), required=False)
    is_personal = forms.BooleanField(label=_("私人号码：物业和微网格长看不到"), required=False)
    hours = _line(_("什么时候能打"), 80, HOURS_HELP)
    note = _line(_("备注"), 120)

    def __init__(self, *args: Any, contact: PartyContact | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if contact is not None:
            self.begin_with(contact, self._known)

    def _known(self, contact: PartyContact) -> dict[str, Any]:
        return {key: getattr(contact, key) for key in self.fields}

    def facts(self) -> ContactFacts:
        """Return the contact as the action takes it."""
        return ContactFacts(**self.cleaned_data)


class CloseReasonForm(ReasonForm):
    """Why an organisation is closed."""

    longest = 120
    rows = 1


def _is_care(party: Party) -> bool:
    """Doctors, lawyers and counsellors come first: lifts are seldom referred to."""
    return any(topic.group in ("health", "rights") for topic in party.all_topics)


class ReferForm(forms.Form):
    """To whom, about what, and with what consent."""

    party = forms.ChoiceField(label=_("转给谁"))
    topic = forms.ChoiceField(label=_("事项"), choices=_topic_choices)
    matter = _several_lines(_("什么事"), _("对方会看到；只写对方需要知道的"))
    consent_how = forms.ChoiceField(
        label=_("本人怎样同意的"),
        widget=forms.RadioSelect,
        choices=[*ConsentHow.choices, ("no", _("还没有同意"))],
    )
    consent_by = forms.ChoiceField(
        label=_("谁同意的"), choices=ConsentBy.choices, widget=forms.RadioSelect, initial="self"
    )
    consent_name = _line(_("代为同意的人"), 40, _("本人同意就空着；例如：女儿 张敏"))
    consent_on = forms.DateField(
        label=_("同意日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    share_phone = forms.BooleanField(label=_("同意告诉对方电话"), required=False)
    share_address = forms.BooleanField(label=_("同意告诉对方住址"), required=False)
    follow_up_on = forms.DateField(
        label=_("哪天回访"),
        required=False,
        help_text=_("空着就是7天后；到时进待办"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    call_back = forms.CharField(
        label=_("回电号码"),
        max_length=40,
        required=False,
        help_text=_("对方打这个号码找社区；空着就用通讯录里居委会的电话"),
    )
    note = _several_lines(_("内部备注"), _("对方看不到"), required=False)

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        nearest = parties_serving(person.home)
        serving = sorted(nearest, key=lambda party: not _is_care(party))
        self.serving = {str(party.pk): party for party in serving}
        self.fields["party"].choices = [  # type: ignore[attr-defined]
            (key, f"{party.name}（{party.helps_with or party.kind}）")
            for key, party in self.serving.items()
        ]
        self.fields["consent_on"].initial = today()
        if station_among(nearest) is None:
            help_text = _("通讯录里还没有社区居委会的电话；空着对方就不知道打哪里")
            self.fields["call_back"].help_text = help_text

    def consent(self) -> ReferralConsent:
        """Return the consent as the action takes it."""
        cleaned = self.cleaned_data
        return ReferralConsent(
            how=cleaned["consent_how"],
            by=cleaned["consent_by"],
            on=cleaned["consent_on"],
            name=cleaned["consent_name"],
            phone=cleaned["share_phone"],
            address=cleaned["share_address"],
        )


class ReferralAnswerForm(forms.Form):
    """What is said about a referral."""

    words = _several_lines(_("说明"), required=False)

    def __init__(self, *args: Any, label: Any = "", help_text: Any = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if label:
            self.fields["words"].label = label
        self.fields["words"].help_text = help_text
