"""What people type about notices."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.core.errors import Refused
from linli.workbench.conditions.acceptance import LONGEST_SAID
from linli.workbench.notices import rules
from linli.workbench.notices.models import ChannelSetting, Template
from linli.workbench.notices.success_rules import LONGEST as LONGEST_RULE
from linli.workbench.notices.success_rules import PRESETS, chosen_rule, preset_of
from linli.workbench.notices.terms import WITH_SETTINGS, ChannelKind
from linli.workbench.web.edit_form import EditForm

PLACEHOLDERS = _("可以写{姓名}、{地点}、{日期}，发送时换成每个人自己的")


def a_text(label: Any, *, rows: int = 4, most: int = rules.LONGEST_TEXT, **more: Any) -> Any:
    """Return a text of a few lines."""
    return forms.CharField(
        label=label, max_length=most, widget=forms.Textarea(attrs={"rows": rows}), **more
    )


class WriteForm(forms.Form):
    """Whom to tell, and what."""

    audience = forms.CharField(
        label=_("告诉谁"),
        required=False,
        max_length=LONGEST_SAID,
        help_text=_("用一句话说，例如：东方丽都80岁以上独居老人"),
    )
    groups = forms.MultipleChoiceField(
        label=_("工作群"), required=False, widget=forms.CheckboxSelectMultiple
    )
    subject = forms.CharField(label=_("标题"), max_length=rules.LONGEST_SUBJECT)
    text = a_text(_("内容"), rows=6, help_text=PLACEHOLDERS)
    urgent = forms.BooleanField(label=_("紧急：22点到7点之间也发"), required=False)
    key = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)

    def __init__(self, *args: Any, groups: Iterable[ChannelSetting], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {str(channel_setting.pk): channel_setting for channel_setting in groups}
        field: Any = self.fields["groups"]
        field.choices = [
            (key, f"{setting.name}（{setting.get_kind_display()}）")
            for key, setting in self.known.items()
        ]
        if not self.known:
            del self.fields["groups"]

    def chosen_groups(self) -> list[ChannelSetting]:
        """Return the work groups that were ticked."""
        return [self.known[key] for key in self.cleaned_data.get("groups", [])]

    def clean_key(self) -> str:
        """Return the key of this writing: two taps on one page are one notice."""
        return str(self.cleaned_data["key"] or uuid4().hex)


class CallForm(forms.Form):
    """What came of a call."""

    reached = forms.ChoiceField(
        label=_("打通了吗"),
        widget=forms.RadioSelect,
        choices=[("yes", _("打通了，本人或家人知道了")), ("no", _("没打通，以后再打"))],
    )
    answer = a_text(
        _("对方怎么说"),
        rows=3,
        most=rules.LONGEST_ANSWER,
        required=False,
        help_text=_("一两句话；可以用语音输入"),
    )


class NoticeReplyForm(forms.Form):
    """A short answer to a message."""

    words = a_text(_("回复一句"), rows=3, most=rules.LONGEST_ANSWER, required=False)


class TemplateForm(forms.Form):
    """A text kept for reuse."""

    name = forms.CharField(label=_("名称"), max_length=40, help_text=_("例如：停水通知"))
    subject = forms.CharField(label=_("标题"), max_length=rules.LONGEST_SUBJECT)
    text = a_text(_("内容"), rows=5, help_text=PLACEHOLDERS)


def rule_known(setting: ChannelSetting) -> dict[str, str]:
    """Return what the form of a success rule begins with."""
    rule = setting.success_rule
    return {"success": preset_of(rule), "success_path": rule.path, "success_values": rule.values}


class SuccessRuleForm(EditForm):
    """By what a gateway's answer is known to have taken a message."""

    success = forms.ChoiceField(
        label=_("对方怎样回答才算发出"),
        required=False,
        choices=[(key, preset.label) for key, preset in PRESETS.items()],
        help_text=_("不合这条规则的回答一律列为“不确定”，不算发出"),
    )
    success_path = forms.CharField(
        label=_("自己写：哪一项"),
        max_length=LONGEST_RULE,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
        help_text=_("例如：data.status；数组写第几个，从0起"),
    )
    success_values = forms.CharField(
        label=_("自己写：等于什么"),
        max_length=LONGEST_RULE,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
        help_text=_("例如：0；几个都算的用|隔开"),
    )

    def __init__(self, *args: Any, setting: ChannelSetting | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if setting is not None:
            self.begin_with(setting, rule_known)

    def clean(self) -> dict[str, Any]:
        """Read the rule from the choice or from what was written."""
        cleaned = dict(super().clean() or {})
        names = ("success", "success_path", "success_values")
        try:
            cleaned["rule"] = chosen_rule(*(cleaned.pop(name, "") for name in names))
        except Refused as refused:
            self.add_error(refused.field, str(refused.sentence))
        return cleaned


class ChannelForm(SuccessRuleForm):
    """A way out."""

    field_order = ("kind", "name", "address", "secret")

    kind = forms.ChoiceField(
        label=_("通道"),
        widget=forms.RadioSelect,
        choices=[(setting.value, setting.label) for setting in WITH_SETTINGS],
        initial=ChannelKind.WECOMBOT.value,
    )
    name = forms.CharField(label=_("名称"), max_length=40, help_text=_("例如：殷家社区工作群"))
    address = forms.CharField(
        label=_("地址"),
        max_length=400,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_(
            "群机器人：粘贴整个 Webhook 地址；企业微信应用：企业ID/应用ID；短信网关：https 网址；"
            "邮件：mailtos://用户:口令@服务器。保存后加密，不再显示。"
        ),
    )
    secret = forms.CharField(
        label=_("密钥"),
        max_length=400,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("钉钉加签、飞书签名校验、企业微信应用的 Secret、短信网关的令牌"),
    )


class ChannelTestForm(forms.Form):
    """Where a test of a channel goes; a group needs no address."""

    to = forms.CharField(max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {ChannelKind.SMS: _("您自己的手机号"), ChannelKind.EMAIL: _("您自己的邮箱")}
        if kind in labels:
            self.fields["to"].label = labels[ChannelKind(kind)]
        else:
            del self.fields["to"]


def start_of(template: Template | None, audience: str) -> dict[str, str]:
    """Return what an empty form begins with."""
    begun = {"audience": audience, "key": uuid4().hex}
    if template is not None:
        begun |= {"subject": template.subject, "text": template.text}
    return begun
