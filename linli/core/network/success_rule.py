"""How an answer says that a message was taken: a path into its JSON and the values that mean yes.

HTTP 200 only says that somebody answered. What an answer does not say is not guessed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

STATUS_ALONE = "HTTP"  # the path of a rule that asks for a status of 2xx and nothing else
_BETWEEN = re.compile(r"[|、，,]")


@dataclass(frozen=True)
class SuccessRule:
    """``path`` leads into the JSON ("Response.SendStatusSet.0.Code"), ``values`` mean yes.

    Several paths or values stand between bars; of several paths each that is there must fit.
    """

    path: str
    values: str

    def is_met(self, data: Mapping[str, Any]) -> bool | None:
        """Say whether the answer says yes or no, or None when it says nothing of it."""
        if self.path == STATUS_ALONE:
            return True
        told = [value for path in parted(self.path) for value in found(data, path)]
        if not told:
            return None
        return all(value in {one.casefold() for one in parted(self.values)} for value in told)


# What gateways usually answer. All that an answer has of these must say yes.
USUAL = (
    SuccessRule("success", "true|1"),
    SuccessRule("errcode", "0"),
    SuccessRule("code", "0|200|ok|success"),
    SuccessRule("Code", "OK"),
    SuccessRule("Response.SendStatusSet.0.Code|SendStatusSet.0.Code", "Ok"),
)


def is_usual_success(data: Mapping[str, Any]) -> bool | None:
    """Say what an answer says in one of the usual ways; None when it uses none of them."""
    said = [one for one in (rule.is_met(data) for rule in USUAL) if one is not None]
    return all(said) if said else None


def json_of(body: bytes) -> dict[str, Any]:
    """Return the JSON object of an answer, or an empty one."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):  # brackets within brackets without end
        return {}
    return data if isinstance(data, dict) else {}


def parted(text: str) -> list[str]:
    """Return what stands between bars or commas."""
    return [part.strip() for part in _BETWEEN.split(text) if part.strip()]


def found(data: Any, path: str) -> list[str]:
    """Return the one plain value at a path as it is compared, or nothing."""
    for step in path.split("."):
        if isinstance(data, Mapping) and step in data:
            data = data[step]
        elif isinstance(data, list) and step.isdecimal() and int(step) < len(data):
            data = data[int(step)]
        else:
            return []
    if isinstance(data, bool):
        return ["true" if data else "false"]
    return [str(data).strip().casefold()] if isinstance(data, str | int) else []
