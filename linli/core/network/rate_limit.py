"""How often something may be done: counted in one table, by all processes, over a restart too.

A key is a keyed hash of what is done and by whom; no address and no name can be read from it.
What is used up already is only looked at, so a flood costs reads and no writes; else one statement
counts, and the number that it returns decides. So of many at the same moment no more get through
than may.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F

from linli.core.database import raw_sql
from linli.core.models import Limit
from linli.core.network.callers import address_of as address_of
from linli.core.personal_data.crypto import blind_index

KEY_LENGTH = 32
# More rows than this are never kept: first those go that have ended, then the least counted.
MOST_ROWS = 200_000
AT_ONCE = 5_000

_COUNT = (
    'INSERT INTO "core_limit" ("key", "number", "ends_at") VALUES {rows}'
    ' ON CONFLICT ("key") DO UPDATE SET'
    ' "number" = CASE WHEN "core_limit"."ends_at" <= %s THEN 1'
    ' ELSE "core_limit"."number" + 1 END,'
    ' "ends_at" = CASE WHEN "core_limit"."ends_at" <= %s THEN excluded."ends_at"'
    ' ELSE "core_limit"."ends_at" END'
    ' RETURNING "key", "number", "ends_at"'
)


@dataclass(frozen=True)
class Bound:
    """How often ``who`` may do ``what`` in so many seconds."""

    what: str
    who: str
    most: int
    seconds: int

    @property
    def key(self) -> str:
        """Return the keyed hash under which this is counted."""
        return blind_index(f"{self.what}\n{self.who}", "limit")[:KEY_LENGTH]


def now() -> int:
    """Return the second that it is."""
    return int(time.time())


def seconds_to_wait(bounds: Sequence[Bound]) -> int:
    """Return for how long one of these is used up; 0 when none is. Writes nothing."""
    moment, by_key = now(), {bound.key: bound for bound in bounds}
    rows = Limit.objects.filter(key__in=by_key, ends_at__gt=moment)
    used = [row.ends_at for row in rows if row.number >= by_key[row.key].most]
    return max(used) - moment if used else 0


def count(bounds: Sequence[Bound]) -> int:
    """Count all of these once; return 0, or how many seconds to wait when one is used up."""
    if wait := seconds_to_wait(bounds):
        return wait
    moment, by_key = now(), {bound.key: bound for bound in bounds}
    # In the order of their keys, so that two processes never wait for each other.
    rows = [(key, 1, moment + by_key[key].seconds) for key in sorted(by_key)]
    sql = _COUNT.format(rows=", ".join(["(%s, %s, %s)"] * len(rows)))
    values = [value for row in rows for value in row]
    counted = raw_sql.run(sql, [*values, moment, moment], reason="limits")
    over = [ends for key, number, ends in counted if number > by_key[key].most]
    return max(1, max(over) - moment) if over else 0


def give_back(bounds: Sequence[Bound]) -> None:
    """Take one count back: it was no wrong try after all."""
    rows = Limit.objects.filter(key__in=sorted(bound.key for bound in bounds), number__gt=0)
    rows.update(number=F("number") - 1)


def forget(bounds: Sequence[Bound]) -> None:
    """Begin anew with these."""
    Limit.objects.filter(key__in=[bound.key for bound in bounds]).delete()


def is_rate_limited(what: str, who: str, most: int, *, seconds: int, add: int = 1) -> bool:
    """Count ``who`` doing ``what`` and say whether it is more than ``most`` in so many seconds.

    ``add=0`` only looks: are all tries used up?
    """
    bounds = [Bound(what, who, most, seconds)]
    return bool(count(bounds) if add else seconds_to_wait(bounds))


def sweep() -> int:
    """Remove what has ended, and the least counted of what is more than the table may hold."""
    gone, _each = Limit.objects.filter(ends_at__lte=now()).delete()
    while (more := Limit.objects.count() - MOST_ROWS) > 0:
        least = Limit.objects.order_by("number", "ends_at").values_list("key", flat=True)
        lost, _each = Limit.objects.filter(key__in=list(least[: min(more, AT_ONCE)])).delete()
        gone += lost
    return gone
