"""Lists of a hotline as stories bring them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from linli.capabilities.cases.tests.builders import Station
from linli.core.interface.workbook import WorkbookSheet, write
from linli.core.scope import Scope, use_scope
from linli.integrations.hotline_lists.actions import bring_list
from linli.integrations.hotline_lists.import_rows import import_list
from linli.integrations.hotline_lists.models import HotlineList
from linli.integrations.hotline_lists.preview import ListPreview, preview
from linli.register.places.models import Place

HEADINGS = ("工单号", "来电时间", "标题", "诉求内容", "地址", "来电人", "联系电话")
TOWN = "330212007/"


def a_row(number: Any, text: str, *, at: str = "2026-11-02 09:30", **more: Any) -> list[Any]:
    """Return a row of the usual headings."""
    return [
        number,
        at,
        more.get("title", ""),
        text,
        more.get("spot", ""),
        more.get("name", "虞阿香"),
        more.get("phone", ""),
    ]


def as_csv(rows: Sequence[Sequence[Any]], headings: Sequence[str] = HEADINGS) -> bytes:
    """Return a list as CSV, as a hotline writes it."""
    made = io.StringIO()
    csv.writer(made).writerows([headings, *rows])
    return made.getvalue().encode("utf-8-sig")


def as_xlsx(rows: Sequence[Sequence[Any]], headings: Sequence[str] = HEADINGS) -> bytes:
    """Return a list as Excel."""
    return write(
        WorkbookSheet("工单", list(headings), list(rows)), about=[("说明", "虚构")], number=1
    )


@contextmanager
def the_officer(station: Station) -> Iterator[None]:
    """Be the officer of the subdistrict."""
    with use_scope(Scope((TOWN,), "subdistrict_officer", "", station.officer.pk)):
        yield


def looked_over(data: bytes, name: str = "工单.csv") -> ListPreview:
    """Look a list over for the whole subdistrict, or for the place of the active post."""
    from linli.core.scope import current_scope

    place = Place.objects.get(path=current_scope().paths[0])
    return preview(data, name, place=place)


def taken(station: Station, data: bytes, name: str = "工单.csv", **order: Any) -> HotlineList:
    """Look a list over and take it."""
    seen = looked_over(data, name)
    hotline_list = HotlineList(
        place=seen.place, file_name=name, counts=seen.counts(), rows=len(seen.orders()), **order
    )
    bring_list(hotline_list=hotline_list, by=station.officer)
    return import_list(hotline_list, seen, by=station.officer)
