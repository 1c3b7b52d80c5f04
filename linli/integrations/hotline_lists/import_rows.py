"""Taking a list in: some rows at a time, so that it can stop anywhere and go on."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from linli.integrations.hotline_lists.actions import Order, end_list, take_orders
from linli.integrations.hotline_lists.lines import Trouble
from linli.integrations.hotline_lists.models import HotlineList
from linli.integrations.hotline_lists.preview import ListPreview
from linli.register.posts.models import User

# One transaction each: a kill loses no more than these, and they are taken again.
AT_ONCE = 100
RUN = "hotline_list"
Progress = Callable[[int, int], None]


def _silent(_done: int, _of: int) -> None:
    """Say nothing."""


def import_list(
    hotline_list: HotlineList,
    looked_over: ListPreview,
    *,
    by: User | None,
    progress: Progress = _silent,
) -> HotlineList:
    """Take every row that can be; killed and begun again, each is taken exactly once."""
    orders = looked_over.orders()
    counted: Counter[str] = Counter()
    troubles = list(looked_over.troubles)
    for start in range(0, len(orders), AT_ONCE):
        some = orders[start : start + AT_ONCE]
        done, refused = take_orders(hotline_list=hotline_list, orders=some, by=by)
        counted.update(done)
        troubles += _refused(looked_over, some, refused)
        progress(min(start + AT_ONCE, len(orders)), len(orders))
    hotline_list.refresh_from_db()
    counts = {
        f"did_{what}": counted[what]
        for what in ("new", "again", "answered", "merged", "dispatched")
    }
    counts["left"] = len(troubles)
    return end_list(
        hotline_list=hotline_list,
        counts=counts,
        left=rejected_as_json(looked_over, troubles),
        by=by,
    )


def _refused(
    looked_over: ListPreview, orders: Sequence[Order], refused: Sequence[tuple[int, str]]
) -> list[Trouble]:
    """Return the rows that an action refused, as they can be brought again."""
    reasons = dict(refused)
    named = looked_over.columns.named("number")
    return [
        Trouble(order.row, named, reasons[order.row], "", looked_over.cells.get(order.row, ()))
        for order in orders
        if order.row in reasons
    ]


def rejected_as_json(looked_over: ListPreview, troubles: Sequence[Trouble]) -> str:
    """Return the rows that were left as a text to be sealed."""
    rows: list[dict[str, Any]] = [
        {"row": error_text.row, "why": error_text.words, "cells": list(error_text.cells)}
        for error_text in troubles
    ]
    return json.dumps({"headings": looked_over.headings, "rows": rows}, ensure_ascii=False)
