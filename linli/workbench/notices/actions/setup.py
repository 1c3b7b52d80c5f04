"""Texts kept for reuse, and the ways out."""

from __future__ import annotations

from uuid import uuid4

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.core.actions import action, write_journal
from linli.core.errors import Refused
from linli.core.network.success_rule import SuccessRule
from linli.core.personal_data.phones import Phone, PhoneKind, read_phone
from linli.core.scope import current_scope
from linli.register.posts.models import User
from linli.register.posts.permits import role_in
from linli.workbench.notices import rules
from linli.workbench.notices.actions.send import check_words
from linli.workbench.notices.channels import BadAddress, OutgoingMessage, check_address
from linli.workbench.notices.models import ChannelSetting, Template
from linli.workbench.notices.terms import WITH_SETTINGS, ChannelKind

may_write_templates = role_in(rules.MAY_WRITE_TEMPLATES)
may_set_channels = role_in(rules.MAY_SET_CHANNELS)
LONGEST_NAME = 40
NO_RULE = SuccessRule("", "")  # as its kind usually answers


@action(
    "notice.save_template",
    term=gettext_noop("保存通知模板"),
    may=may_write_templates,
    journal="notice.template_saved",
)
def save_template(*, name: str, subject: str, text: str, by: User) -> Template:
    """Keep a text for reuse below one's own place."""
    check_words(subject, text)
    template = Template(
        name=_named(name), subject=subject.strip(), text=text.strip(), by=by, scope_path=_place()
    )
    template.save()
    write_journal("notice.template_saved", about=template, text=template.name, by=by)
    return template


@action(
    "notice.end_template",
    term=gettext_noop("停用通知模板"),
    may=may_write_templates,
    journal="notice.template_ended",
)
def end_template(*, template: Template, by: User) -> None:
    """Take a text off the list."""
    template.ended = True
    template.save(update_fields=["ended"])
    write_journal("notice.template_ended", about=template, text=template.name, by=by)


@action(
    "notice.save_channel",
    term=gettext_noop("设置通知通道"),
    may=may_set_channels,
    journal="notice.channel_saved",
)
def save_channel(
    *, kind: str, name: str, address: str, secret: str, by: User, rule: SuccessRule = NO_RULE
) -> ChannelSetting:
    """Add a way out; its address is kept sealed and never shown again."""
    if kind not in WITH_SETTINGS:
        raise Refused("channel.kind", _("请选择通道"), "kind")
    try:
        check_address(kind, address, secret.strip())
    except BadAddress as wrong:
        names = {"kind": ChannelKind(kind).label, "form": wrong}
        raise Refused(
            "channel.address",
            _("这不是%(kind)s的地址") % names,
            "address",
            _("写法：%(form)s") % names,
        ) from wrong
    setting = ChannelSetting(
        kind=kind,
        name=_named(name),
        address=address.strip(),
        secret=secret.strip(),
        success_path=rule.path,
        success_values=rule.values,
        scope_path=_place(),
    )
    setting.save()
    data = {"kind": kind}
    write_journal("notice.channel_saved", about=setting, text=setting.name, data=data, by=by)
    return setting


@action(
    "notice.switch_channel",
    term=gettext_noop("启停通知通道"),
    may=may_set_channels,
    journal="notice.channel_switched",
)
def switch_channel(*, setting: ChannelSetting, is_active: bool, by: User) -> ChannelSetting:
    """Switch a way out off or on; what waits for it waits on, and is tried at once afterwards."""
    setting.is_active, setting.next_try_at = is_active, None
    setting.save(update_fields=["is_active", "next_try_at"])
    data = {"is_active": is_active}
    write_journal("notice.channel_switched", about=setting, text=setting.name, data=data, by=by)
    return setting


@action(
    "notice.set_success_rule",
    term=gettext_noop("设置怎样算发出"),
    may=may_set_channels,
    journal="notice.success_rule_set",
)
def set_success_rule(*, setting: ChannelSetting, rule: SuccessRule, by: User) -> ChannelSetting:
    """Say by what a gateway's answer is known to have taken a message; what waits is tried anew."""
    before = setting.success_rule
    setting.success_path, setting.success_values = rule.path, rule.values
    setting.next_try_at = None
    setting.save(update_fields=["success_path", "success_values", "next_try_at"])
    data = {"before": [before.path, before.values], "after": [rule.path, rule.values]}
    write_journal("notice.success_rule_set", about=setting, text=setting.name, data=data, by=by)
    return setting


@action(
    "notice.test_channel",
    term=gettext_noop("测试通知通道"),
    may=may_set_channels,
    journal="notice.channel_tested",
)
def test_channel(*, setting: ChannelSetting, to: str, by: User) -> OutgoingMessage:
    """Return the message of a test, to one's own number, mailbox or group; the caller sends it."""
    to = to.strip()
    if setting.kind == ChannelKind.SMS:
        phone = read_phone(to) if to else None
        if not isinstance(phone, Phone) or phone.kind is not PhoneKind.MOBILE:
            raise Refused("notice.phone", _("请填11位手机号码"), "to")
    elif setting.kind == ChannelKind.EMAIL and "@" not in to:
        raise Refused("notice.email", _("请填电子邮件地址"), "to")
    write_journal("notice.channel_tested", about=setting, text=setting.name, by=by)
    text = _("这是一条测试消息，收到就说明通道是通的。")
    return OutgoingMessage(f"test-{uuid4().hex}", _("通道测试"), text, to)


def _named(name: str) -> str:
    name = name.strip()
    if not 1 <= len(name) <= LONGEST_NAME:
        raise Refused("notice.name", _("请写名称，最多40字"), "name")
    return name


def _place() -> str:
    paths = current_scope().paths
    if not paths:
        raise Refused("notice.no_place", _("您现在的岗位没有范围"))
    return paths[0]
