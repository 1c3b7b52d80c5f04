"""From a setting to a channel: what is pasted from 企业微信, 钉钉, 飞书 is read here."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from django.conf import settings

from linli.core.database.marks import is_demonstration
from linli.core.errors import Refused
from linli.core.network import outbound
from linli.core.network.success_rule import SuccessRule
from linli.workbench.notices.channels.base import Channel
from linli.workbench.notices.channels.mail import Mail, knows_only_servers
from linli.workbench.notices.channels.robots import DingTalk, Feishu, WeComApp, WeComBot
from linli.workbench.notices.channels.sms import FileGateway, HttpGateway
from linli.workbench.notices.success_rules import SHIPPED
from linli.workbench.notices.terms import ChannelKind

if TYPE_CHECKING:
    from linli.workbench.notices.models import ChannelSetting

FOLDER = "sms"
LONGEST_ADDRESS = 400


class BadAddress(ValueError):
    """The address does not belong to this kind of channel; the message says what it looks like."""


def file_gateway() -> FileGateway:
    """Return the gateway of development: DATA_DIR/sms/sent.jsonl."""
    return FileGateway(settings.DATA_DIR / FOLDER)


def goes_to_a_file() -> bool:
    """Does SMS without a gateway go to the file? In production it waits instead."""
    # In production a message in a file would count as sent and reach nobody.
    return settings.MODE not in ("office", "production") or is_demonstration()


def channel_of(setting: ChannelSetting | None) -> Channel | None:
    """Return the channel of a setting; without one SMS goes to the file, except in production."""
    if setting is None:
        return file_gateway() if goes_to_a_file() else None
    rule = setting.success_rule if setting.success_path else None
    return make_channel(setting.kind, setting.address, setting.secret, rule)


def check_address(kind: str, address: str, secret: str) -> None:
    """Raise ``BadAddress`` unless a channel of this kind can be made of it."""
    if len(address) > LONGEST_ADDRESS or len(secret) > LONGEST_ADDRESS:
        raise BadAddress(f"≤ {LONGEST_ADDRESS}")
    make_channel(kind, address, secret)
    if kind == ChannelKind.SMS and address.strip() not in ("", "file"):
        _check_reach(address.strip())


def _check_reach(address: str) -> None:
    """Say at once what would never be sent; a name that is not found today may be tomorrow."""
    try:
        outbound.checked(address)
    except Refused as refused:
        if refused.code != "outbound.no_host":
            raise BadAddress(str(refused.sentence)) from refused


def make_channel(kind: str, address: str, secret: str, rule: SuccessRule | None = None) -> Channel:
    """Make a channel from what was pasted; without a rule it has the one of its kind."""
    address = address.strip()
    if kind == ChannelKind.SMS:
        if address in ("", "file"):
            return file_gateway()
        _is_web(address, "https://")
        return HttpGateway(address, secret, rule)
    if kind in SHIPPED:
        return _robot(kind, address, secret, rule or SHIPPED[kind])
    if kind == ChannelKind.EMAIL:
        if not address.startswith(("mailto://", "mailtos://")):
            raise BadAddress("mailtos://用户:口令@smtp.example.cn")
        if not knows_only_servers(address):
            raise BadAddress("mailtos://…?from=…&name=…&smtp=…&mode=…")
        return Mail(address)
    raise BadAddress(kind)


def _robot(kind: str, address: str, secret: str, rule: SuccessRule) -> Channel:
    if kind == ChannelKind.WECOMBOT:
        return WeComBot(_asked(address, "qyapi.weixin.qq.com", "key"), rule)
    if kind == ChannelKind.DINGTALK:
        return DingTalk(_asked(address, "oapi.dingtalk.com", "access_token"), secret, rule)
    if kind == ChannelKind.FEISHU:
        return Feishu(_last_part(address, "open.feishu.cn"), secret, rule)
    return _application(address, secret, rule)


def _is_web(address: str, start: str) -> None:
    if not address.startswith((start, "http://")) or not urlsplit(address).hostname:
        raise BadAddress(f"{start}…")


def _asked(address: str, host: str, name: str) -> str:
    """Return a value of the query string of a pasted address of this host."""
    parts = urlsplit(address)
    value = parse_qs(parts.query).get(name, [""])[0]
    # Only the token is stored, so the address must be the vendor's own.
    if parts.hostname != host or not _is_token(value):
        raise BadAddress(f"https://{host}/…{name}=…")
    return value


def _last_part(address: str, host: str) -> str:
    parts = urlsplit(address)
    value = parts.path.rstrip("/").rpartition("/")[2]
    if parts.hostname != host or "/bot/v2/hook/" not in parts.path or not _is_token(value):
        raise BadAddress(f"https://{host}/open-apis/bot/v2/hook/…")
    return value


def _application(address: str, secret: str, rule: SuccessRule) -> WeComApp:
    """Read "企业ID/应用ID" or "企业ID/应用ID/成员1|成员2"."""
    pieces = [piece.strip() for piece in address.split("/")]
    if len(pieces) not in (2, 3) or not all(pieces) or not pieces[1].isdecimal() or not secret:
        raise BadAddress("企业ID/应用ID/成员1|成员2")
    members = pieces[2] if len(pieces) > 2 else "@all"
    return WeComApp(pieces[0], pieces[1], secret, members, rule)


def _is_token(value: str) -> bool:
    return bool(value) and value.replace("-", "").replace("_", "").isalnum() and value.isascii()
