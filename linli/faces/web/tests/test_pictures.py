"""Pictures: what is drawn is as long as it is much, stays inside, and stands in the table too."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.template import Context, Template
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.core.interface.picture_models import (
    Amount,
    BarRow,
    Bars,
    HeatCell,
    HeatColumn,
    HeatMatrix,
    HeatRow,
    Pyramid,
    PyramidBand,
    Series,
    Span,
    Strip,
    StripRow,
    Timeline,
    strip_segments,
)
from linli.faces.web import pictures
from tests.browser import Visitor
from tests.examples import examples

DAY = date(2026, 11, 30)
AMOUNTS = st.integers(0, 2_000_000)
TWO = [Series("没到期"), Series("逾期", "late")]
LENGTH = re.compile(r'\b(x|width)="([\d.]+)%"')


def drawn(tag: str, view: object) -> str:
    return Template(f"{{% load linli %}}{{% {tag} view %}}").render(Context({"view": view}))


def widths(page: str) -> list[float]:
    return [float(one) for one in re.findall(r'class="pic[^>]*?\bwidth="([\d.]+)%"', page, re.S)]


def stays_inside(page: str) -> bool:
    """Does no part begin before the left edge or end behind the right one?"""
    parts = re.findall(r'\bx="([\d.]+)%"\s[^>]*?\bwidth="([\d.]+)%"', page, re.S)
    return all(float(x) + float(width) <= 100.01 for x, width in parts)


@settings(max_examples=examples(30), deadline=None)
@given(st.lists(st.tuples(AMOUNTS, AMOUNTS), min_size=1, max_size=6), st.booleans())
def test_bars_are_as_long_as_their_numbers_which_stand_in_the_table(
    numbers: list[tuple[int, int]], stacked: bool
) -> None:
    rows = [BarRow(f"第{n}行", [Amount(a), Amount(b)]) for n, (a, b) in enumerate(numbers)]
    page = drawn("bars", Bars("在等谁", "件", TWO, rows, stacked=stacked))
    whole = [a + b for a, b in numbers] if stacked else [n for pair in numbers for n in pair]
    most = max(whole)
    shown = [n for pair in numbers for n in pair if n]
    bars = page.split("<ol")[1].split("</ol>")[0]
    assert widths(bars) == pytest.approx([100 * n / most for n in shown], abs=0.01)
    assert stays_inside(page)
    table = page.split("<tbody>")[1]
    assert all(f"{n:,}" in table for pair in numbers for n in pair)
    assert f"{sum(b for _a, b in numbers):,}" in table.split("<tfoot>")[1]


@settings(max_examples=examples(30), deadline=None)
@given(st.lists(st.tuples(AMOUNTS, AMOUNTS), min_size=1, max_size=6))
def test_halves_of_a_pyramid_share_one_scale_and_leave_room_for_their_numbers(
    numbers: list[tuple[int, int]],
) -> None:
    bands = [PyramidBand(str(n), Amount(a), Amount(b)) for n, (a, b) in enumerate(numbers)]
    page = drawn("pyramid", Pyramid("谁住在这里", "人", "男", "女", bands))
    most = max(n for pair in numbers for n in pair)
    shown = [n for pair in numbers for n in pair if n]
    picture = page.split('<svg class="pyramid"')[1].split("</svg>")[0]
    room = 50 - pictures.PYRAMID_MIDDLE - pictures.PYRAMID_VALUE
    assert widths(picture) == pytest.approx([room * n / most for n in shown], abs=0.01)
    assert stays_inside(picture)
    assert all(f"{n:,}" in page.split("<tbody>")[1] for pair in numbers for n in pair)


def test_what_may_not_be_told_is_neither_drawn_nor_given_back_by_a_sum() -> None:
    bands = [
        PyramidBand("90+", Amount(None, says="＜5"), Amount(None, says="—")),
        PyramidBand("80–89", Amount(12), Amount(19)),
    ]
    page = drawn("pyramid", Pyramid("谁住在这里", "人", "男", "女", bands))
    assert "＜5" in page
    assert "31" in page.split("<tbody>")[1], "a band that may be told has its sum"
    assert page.split("<tfoot>")[1].count("—") == 3


@settings(max_examples=examples(50), deadline=None)
@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=30))
def test_the_largest_number_is_the_darkest_and_only_nothing_has_no_colour(
    numbers: list[int],
) -> None:
    most = max(numbers)
    steps = [pictures.heat_step(n, most) for n in numbers]
    assert all((step == 0) == (n == 0) for n, step in zip(numbers, steps, strict=True))
    assert max(steps) == (5 if most else 0)
    assert [s for _n, s in sorted(zip(numbers, steps, strict=True))] == sorted(steps)


def test_a_matrix_writes_its_numbers_opens_them_and_adds_up() -> None:
    rows = [
        HeatRow("殷家社区", [HeatCell(3, "/a/"), HeatCell(0)]),
        HeatRow("东南社区", [HeatCell(1_200, "/b/"), None]),
    ]
    heads = [HeatColumn("未结", "/all/"), HeatColumn("逾期")]
    page = drawn("heat_matrix", HeatMatrix("社区 × 办件", "件", heads, rows))
    assert 'href="/b/" aria-label="东南社区 未结 1,200件"' in page
    foot = page.split("<tfoot>")[1]
    assert re.findall(r"[\d,]+(?=\s*<)", foot) == ["1,203", "0", "1,203"]
    assert "合计 1,203件" in page
    by_column = drawn("heat_matrix", HeatMatrix("社", "", heads, rows, by_column=True, sums=""))
    assert "<tfoot>" not in by_column, "words and mixed figures have no sum"


@settings(max_examples=examples(30), deadline=None)
@given(st.dictionaries(st.integers(-5, 70), st.integers(0, 40), max_size=20))
def test_a_strip_counts_its_days_and_nothing_outside(offsets: dict[int, int]) -> None:
    by_day = {DAY + timedelta(n): count for n, count in offsets.items()}
    hrefs = [f"/from/{first}/" for first, _last in strip_segments(DAY)]
    page = drawn("strip", Strip("今后60天", "项", DAY, [StripRow("电梯", by_day, hrefs)]))
    inside = {n: count for n, count in offsets.items() if 0 <= n < 60 and count}
    assert f"合计 {sum(inside.values())}项" in page
    assert stays_inside(page)
    opened = set(re.findall(r'<a href="/from/([\d-]+)/" aria', page))
    assert opened == {str(DAY + timedelta(n - n % 10)) for n in inside}
    tall = [float(one) for one in re.findall(r'class="pic [^>]*?height="([\d.]+)rem"', page, re.S)]
    most = max(inside.values(), default=0)
    assert tall == pytest.approx([1.25 * n / most for _day, n in sorted(inside.items())], abs=0.01)


@settings(max_examples=examples(30), deadline=None)
@given(st.lists(st.integers(0, 400), min_size=1, max_size=6), st.none() | st.integers(-30, 900))
def test_spans_of_a_timeline_are_as_long_as_their_days(lasted: list[int], due: int | None) -> None:
    spans, day = [], DAY
    for n, days in enumerate(lasted):
        is_last = n == len(lasted) - 1
        spans.append(Span(f"状态{n}", day, None if is_last else day + timedelta(days)))
        day += timedelta(days)
    until = DAY + timedelta(due) if due is not None else None
    page = drawn("timeline", Timeline("电梯异响", spans, day, until))
    whole = max(sum(lasted), due or 0, 1)
    own = re.findall(r'class="pic pic-first"\s+x="[\d.]+%"\s+y="0"\s+width="([\d.]+)%"', page)
    assert [float(one) for one in own] == pytest.approx([100 * n / whole for n in lasted], abs=0.01)
    assert stays_inside(page)
    table = page.split("<tbody>")[1]
    assert all((f"{n}天" if n else "当天") in table for n in lasted)
    is_late = due is not None and due < sum(lasted)
    assert ("逾期" in page) == is_late


def test_every_picture_has_a_title_and_ids_that_are_its_own(client: Client) -> None:
    page = client.get("/patterns/pictures/").content.decode()
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    for figure in re.findall(r"<svg[^>]*role=.*?</svg>", page, re.S):
        assert "<title" in figure
        assert "<desc" in figure
    assert "style=" not in page
    used = set(re.findall(r"url\(#([^)]+)\)", page)) | {
        one for names in re.findall(r'aria-labelledby="([^"]+)"', page) for one in names.split()
    }
    assert used <= set(ids)


@pytest.mark.browser
def test_every_picture_stands_at_both_sizes(browser_page: Visitor) -> None:
    browser_page.open("/patterns/pictures/")


@pytest.mark.browser
def test_pictures_in_large_type_on_the_narrowest_phone_stay_on_the_page(
    phone_page: Visitor,
) -> None:
    page = phone_page.open("/patterns/pictures/")
    phone_page.click("关怀版", role="button")
    page.set_viewport_size({"width": 320, "height": 640})
    page = phone_page.page
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    sizes = page.evaluate(
        """() => [...document.querySelectorAll('.picture text')]
             .map((e) => parseFloat(getComputedStyle(e).fontSize))"""
    )
    assert min(sizes) >= 17


@pytest.mark.browser
def test_a_part_of_a_picture_is_reached_by_keyboard_and_shows_where_one_is(
    phone_page: Visitor,
) -> None:
    page = phone_page.open("/patterns/pictures/")
    link = page.locator("svg.pyramid a").first
    hit = link.locator(".hit")
    before = hit.evaluate("(e) => getComputedStyle(e).stroke")
    link.focus()
    after = hit.evaluate("(e) => [getComputedStyle(e).stroke, getComputedStyle(e).strokeWidth]")
    assert before == "none"
    assert after == ["rgb(27, 36, 34)", "3px"]
    page.keyboard.press("Enter")
    page.wait_for_url("**/patterns/pictures/#bars")
