"""Texts kept for reuse, and the ways out."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.core.actions import action, write_journal
from linli.core.errors import Refused
from linli.core.scope import current_scope
from linli.register.posts.models import User
from linli.register.posts.permits import role_in
from linli.workbench.notices import rules
from linli.workbench.notices.actions.send import check_words
from linli.workbench.notices.channels import BadAddress, check_address
from linli.workbench.notices.models import ChannelSetting, Template
from linli.workbench.notices.terms import WITH_SETTINGS, ChannelKind

may_write_templates = role_in(rules.MAY_WRITE_TEMPLATES)
may_set_channels = role_in(rules.MAY_SET_CHANNELS)
LONGEST_NAME = 40


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
def save_channel(*, kind: str, name: str, address: str, secret: str, by: User) -> ChannelSetting:
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
