"""By what answer each kind of gateway says that it took a message; all else is unknown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linli.core.errors import Refused
from linli.core.network.success_rule import STATUS_ALONE, SuccessRule, parted
from linli.workbench.notices.terms import ChannelKind

OWN = "own"
LONGEST = 80
_ERRCODE = SuccessRule("errcode", "0")
# By what the vendors' own documents say of their robots.
SHIPPED: dict[str, SuccessRule] = {
    ChannelKind.WECOMBOT: _ERRCODE,
    ChannelKind.WECOMAPP: _ERRCODE,
    ChannelKind.DINGTALK: _ERRCODE,
    ChannelKind.FEISHU: SuccessRule("code|StatusCode", "0"),
}


@dataclass(frozen=True)
class Preset:
    """A rule to choose, and its words."""

    label: str | Promise
    rule: SuccessRule | None = None


PRESETS: dict[str, Preset] = {
    "": Preset(_("通道自带的规则；短信网关按常见写法认：success、code、errcode")),
    "success": Preset(_("success = true"), SuccessRule("success", "true")),
    "code": Preset(_("code = 0 或 200"), SuccessRule("code", "0|200")),
    "errcode": Preset(_("errcode = 0"), _ERRCODE),
    "aliyun": Preset(_("阿里云短信：Code = OK"), SuccessRule("Code", "OK")),
    "tencent": Preset(
        _("腾讯云短信：SendStatusSet 里的 Code = Ok"),
        SuccessRule("Response.SendStatusSet.0.Code|SendStatusSet.0.Code", "Ok"),
    ),
    "http": Preset(_("只看状态码：回答2xx就算"), SuccessRule(STATUS_ALONE, "2xx")),
    OWN: Preset(_("自己写：哪一项等于什么")),
}


def chosen_rule(preset: str, path: str = "", values: str = "") -> SuccessRule:
    """Return what was chosen or written; an empty one stands for the shipped rule."""
    if preset not in PRESETS:
        raise Refused("channel.rule", gettext("没有这种规则"), "success")
    rule = PRESETS[preset].rule
    if preset != OWN:
        return rule or SuccessRule("", "")
    own = SuccessRule(path.strip(), values.strip())
    for field, text in (("success_path", own.path), ("success_values", own.values)):
        if not parted(text) or len(text) > LONGEST:
            raise Refused("channel.rule", gettext("请写出来，最多%(n)s字") % {"n": LONGEST}, field)
    return own


def preset_of(rule: SuccessRule) -> str:
    """Return which of the choices a stored rule is."""
    if not rule.path:
        return ""
    return next((key for key, one in PRESETS.items() if one.rule == rule), OWN)


# What they say of one message that will never go: its number, the day's limit, its words.
REFUSED_FOR_GOOD = frozenset(
    {
        "isv.MOBILE_NUMBER_ILLEGAL",
        "isv.BUSINESS_LIMIT_CONTROL",
        "isv.BLACK_KEY_CONTROL_LIMIT",
        "FailedOperation.PhoneNumberInBlacklist",
        "FailedOperation.ContainSensitiveWord",
        "InvalidParameterValue.IncorrectPhoneNumber",
        "LimitExceeded.PhoneNumberDailyLimit",
    }
)
# What they say when the account, not the message, is at fault: nothing went, it may go later.
COMES_AGAIN = frozenset(
    {
        "isv.AMOUNT_NOT_ENOUGH",
        "isv.OUT_OF_SERVICE",
        "isp.SYSTEM_ERROR",
        "FailedOperation.InsufficientBalanceInSmsPackage",
        "LimitExceeded.DeliveryFrequencyLimit",
    }
)


def code_said(data: Mapping[str, Any]) -> str:
    """Return the code in which 阿里云 or 腾讯云 says why it did not take a message."""
    inner = data.get("Response", data)
    try:
        return str(inner["SendStatusSet"][0]["Code"])
    except (KeyError, IndexError, TypeError):
        return str(data.get("Code") or data.get("code") or "")
