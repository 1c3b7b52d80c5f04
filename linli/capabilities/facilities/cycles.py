"""How often something is done, as people write it: 每年, 每半年, 每2个月, 每15天."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from linli.core.chinese.normalise import for_matching
from linli.core.chinese.numerals import to_number
from linli.core.errors import Refused
from linli.register.facilities.actions import Cycle
from linli.register.facilities.rules import is_fit_cycle

WHOLE = {
    "年": Cycle(months=12),
    "半年": Cycle(months=6),
    "季": Cycle(months=3),
    "季度": Cycle(months=3),
    "月": Cycle(months=1),
    "半月": Cycle(days=15),
    "半个月": Cycle(days=15),
    "周": Cycle(days=7),
    "星期": Cycle(days=7),
    "天": Cycle(days=1),
    "日": Cycle(days=1),
}
_ONCE = re.compile("[一1]次")
_COUNTED = re.compile(
    r"(?P<times>\d{1,4}|[一二两三四五六七八九十]{1,4})个?(?P<unit>年|季度?|月|周|星期|天|日)"
)


def read_cycle(text: str) -> Cycle:
    """Return how often, or refuse with what can be written."""
    plain = re.sub(r"[\s每检各]", "", _ONCE.sub("", for_matching(text)))
    if plain in WHOLE:
        return WHOLE[plain]
    counted = _COUNTED.fullmatch(plain)
    times = to_number(counted["times"]) if counted else None
    if counted is not None and times is not None:
        whole = WHOLE[counted["unit"]]
        cycle = Cycle(months=whole.months * int(times), days=whole.days * int(times))
        if is_fit_cycle(months=cycle.months, days=cycle.days):
            return cycle
    raise Refused(
        "facility.cycle",
        _("看不懂周期“%(text)s”") % {"text": text[:20]},
        "cycle",
        _("可写：每年、每半年、每季度、每月、每15天"),
    )
