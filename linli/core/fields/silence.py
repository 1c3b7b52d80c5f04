"""What a blank says of a fact: mostly nothing, sometimes no."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Silence:
    """What a blank means, and why: ``is_no`` where nothing recorded is as good as "no"."""

    is_no: bool
    because: str


NOT_ASKED = Silence(False, "没有登记不等于没有")
UNCLEAR = Silence(False, "资料不全时判断不出")
ALWAYS_SET = Silence(True, "系统总有值，不会空着")
OWN_RECORD = Silence(True, "由系统记录，没有记录就是没有发生")
