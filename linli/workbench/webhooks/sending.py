"""One message to one webhook, through the one way out; what goes wrong is an answer too."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from linli.core.errors import Refused
from linli.core.network import outbound
from linli.core.network.outbound import CheckedTarget, Resolve
from linli.core.network.success_rule import SuccessRule, json_of
from linli.workbench.webhooks import rules


@dataclass(frozen=True)
class WebhookAnswer:
    """What came back: a status, or why there is none."""

    status: int = 0
    error_text: str = ""
    is_denied: bool = False  # 2xx, and yet the answer does not say what it must

    @property
    def is_received(self) -> bool:
        """Did the receiver say that it has the message?"""
        return self.status in rules.RECEIVED and not self.is_denied


def checked(url: str, *, resolve: Resolve | None = None) -> CheckedTarget:
    """Return where a message to this address would go, or refuse; asked at saving and sending."""
    if len(url) > rules.LONGEST_URL:
        raise Refused("outbound.unreadable", _("地址太长"), "url")
    return outbound.checked(url, resolve=resolve)


def send(
    target: CheckedTarget, body: bytes, headers: Mapping[str, str], rule: SuccessRule | None = None
) -> WebhookAnswer:
    """Post a message; what goes wrong on the way is an answer too."""
    heads = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Linli-Webhooks/1",
        **headers,
    }
    try:
        answer = outbound.ask(target, "POST", body, heads)
    except (*outbound.Trouble, ValueError) as wrong:
        return WebhookAnswer(error_text=_trouble(wrong.__cause__ or wrong))
    if rule and answer.status in rules.RECEIVED and not rule.is_met(json_of(answer.body)):
        words = _("对方回答%(status)d，但没有说收下") % {"status": answer.status}
        return WebhookAnswer(answer.status, words, is_denied=True)
    return WebhookAnswer(answer.status, _words_of(answer.status))


def _words_of(status: int) -> str:
    if status in rules.RECEIVED:
        return ""
    # Behind a redirect an inner address could stand.
    if 300 <= status < 400:
        return _("对方要求转到别处（%(status)d），不跟随") % {"status": status}
    return _("对方回答%(status)d") % {"status": status}


def _trouble(wrong: BaseException) -> str:
    if isinstance(wrong, ssl.SSLCertVerificationError):
        return _("对方的证书不被信任")
    if isinstance(wrong, TimeoutError):
        return _("对方没有及时回答")
    if isinstance(wrong, ConnectionRefusedError):
        return _("连不上对方")
    return _("连接中断（%(kind)s）") % {"kind": type(wrong).__name__}
