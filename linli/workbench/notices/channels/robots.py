"""Robots of work groups: 企业微信, 钉钉, 飞书, each with its own signature and error numbers.

They answer HTTP 200 with an error number when they refuse. An answer without one, of a proxy for
example, leaves it unknown.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from linli.core.network.success_rule import SuccessRule
from linli.workbench.notices.channels import web
from linli.workbench.notices.channels.base import OutgoingMessage, Receipt, SendOutcome
from linli.workbench.notices.success_rules import SHIPPED
from linli.workbench.notices.terms import ChannelKind

WECOM = "https://qyapi.weixin.qq.com"
DINGTALK = "https://oapi.dingtalk.com"
FEISHU = "https://open.feishu.cn"
# Too many in a minute, or their own trouble: the same message is welcome later.
COMES_AGAIN = {-1, 45009, 45033, 130101, 410100, 9499, 11232, 40014, 42001}
LONGEST = 1800


def _words(message: OutgoingMessage) -> str:
    return f"{message.subject}\n{message.text}".strip()[:LONGEST]


def _posted(url: str, body: dict[str, Any], rule: SuccessRule) -> Receipt:
    """Post and judge the answer; an error number other than zero is their refusal."""
    try:
        answer = web.post(url, body)
    except web.NotHandedOver as error_text:
        return Receipt(SendOutcome.DOWN, words=str(error_text))
    except web.NobodyKnows as error_text:
        return Receipt(SendOutcome.UNKNOWN, words=str(error_text))
    if answer.status == 200 and rule.is_met(answer.data):
        return Receipt(
            SendOutcome.TAKEN, str(answer.data.get("msgid", ""))[:80], answer=str(answer)
        )
    code = answer.data.get("errcode", answer.data.get("code"))
    error = answer.data.get("errmsg") or answer.data.get("msg") or ""
    words = f"HTTP {answer.status} {'' if code is None else code} {error}".strip()[:200]
    return Receipt(_not_taken(answer.status, code), words=words, answer=str(answer))


def _not_taken(status: int, code: object) -> SendOutcome:
    number = code if isinstance(code, int) else 0
    if status >= 500 or status in (408, 429) or number in COMES_AGAIN:
        return SendOutcome.DOWN
    return SendOutcome.REFUSED if status >= 400 or number else SendOutcome.UNKNOWN


@dataclass(frozen=True)
class WeComBot:
    """The robot of a 企业微信 group."""

    token: str
    rule: SuccessRule = SHIPPED[ChannelKind.WECOMBOT]

    def send(self, message: OutgoingMessage) -> Receipt:
        """Say it in the group."""
        body = {"msgtype": "text", "text": {"content": _words(message)}}
        return _posted(f"{WECOM}/cgi-bin/webhook/send?key={quote(self.token)}", body, self.rule)


@dataclass(frozen=True)
class WeComApp:
    """An application of a 企业微信 organisation: to the members it names, or to all."""

    corporation: str
    agent: str
    secret: str
    to: str = "@all"
    rule: SuccessRule = SHIPPED[ChannelKind.WECOMAPP]

    def send(self, message: OutgoingMessage) -> Receipt:
        """Fetch a ticket, then say it; 企业微信 itself drops doubles for four hours."""
        try:
            ask = f"corpid={quote(self.corporation)}&corpsecret={quote(self.secret)}"
            answer = web.get(f"{WECOM}/cgi-bin/gettoken?{ask}")
        except (web.NotHandedOver, web.NobodyKnows) as error_text:
            return Receipt(
                SendOutcome.DOWN, words=str(error_text)
            )  # the message itself has not gone yet
        if answer.data.get("errcode") != 0:
            words = f"{answer.data.get('errcode')} {answer.data.get('errmsg', '')}"
            return Receipt(SendOutcome.DOWN, words=words[:200])
        body = {
            "touser": self.to,
            "msgtype": "text",
            "agentid": self.agent,
            "text": {"content": _words(message)},
            "enable_duplicate_check": 1,
            "duplicate_check_interval": 14400,
        }
        ticket = quote(str(answer.data.get("access_token", "")))
        return _posted(f"{WECOM}/cgi-bin/message/send?access_token={ticket}", body, self.rule)


@dataclass(frozen=True)
class DingTalk:
    """The robot of a 钉钉 group, signed when it has a secret (加签)."""

    token: str
    secret: str = ""
    rule: SuccessRule = SHIPPED[ChannelKind.DINGTALK]

    def send(self, message: OutgoingMessage) -> Receipt:
        """Say it in the group."""
        url = f"{DINGTALK}/robot/send?access_token={quote(self.token)}"
        if self.secret:
            moment = str(round(time.time() * 1000))
            # Base64 may hold a slash, which `quote` leaves alone by default.
            sign = quote(signature(self.secret, f"{moment}\n{self.secret}"), safe="")
            url += f"&timestamp={moment}&sign={sign}"
        body = {"msgtype": "text", "text": {"content": _words(message)}}
        return _posted(url, body, self.rule)


@dataclass(frozen=True)
class Feishu:
    """The robot of a 飞书 group, signed when it has a secret (签名校验)."""

    token: str
    secret: str = ""
    rule: SuccessRule = SHIPPED[ChannelKind.FEISHU]

    def send(self, message: OutgoingMessage) -> Receipt:
        """Say it in the group."""
        body: dict[str, Any] = {"msg_type": "text", "content": {"text": _words(message)}}
        if self.secret:
            moment = str(int(time.time()))
            # 飞书 takes the text to sign as the key, and signs nothing.
            body |= {"timestamp": moment, "sign": signature(f"{moment}\n{self.secret}", "")}
        return _posted(f"{FEISHU}/open-apis/bot/v2/hook/{quote(self.token)}", body, self.rule)


def signature(key: str, text: str) -> str:
    """Return HMAC-SHA256 in base64, as both robots want it."""
    digest = hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()
