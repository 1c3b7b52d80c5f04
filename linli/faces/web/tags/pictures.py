"""Pictures drawn on the server as SVG, each with its numbers in a table behind it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from linli.core.interface.picture_models import (
    Amount,
    BarRow,
    Bars,
    HeatCell,
    HeatColumn,
    HeatMatrix,
    HeatMonth,
    HeatRow,
    Pyramid,
    PyramidBand,
    Strip,
    StripRow,
    Timeline,
)
from linli.core.interface.view_models import Cell, Column
from linli.faces.web.pictures import (
    PYRAMID_MIDDLE,
    amount_in_words,
    days_across,
    heat_step,
    in_a_row,
    is_short,
    percent,
    picture_id,
    pyramid_half,
    share,
)
from linli.faces.web.tags.library import register

UNKNOWN = "—"
ROW_REM, TICK_REM, STRIP_REM = 2.75, 1.25, 3.0
NEAR_AN_EDGE = 30.0


def _value(amount: Amount) -> str:
    return f"{amount.value:,}" if amount.value is not None else str(amount.says or UNKNOWN)


def _said(amount: Amount, unit: str) -> str:
    return amount_in_words(_value(amount), unit)


def _sum(amounts: Iterable[Amount]) -> int | str:
    """Add up; what may not be told makes the sum untold too."""
    values = [amount.value for amount in amounts]
    return UNKNOWN if None in values else sum(value or 0 for value in values)


def _number(number: int | str) -> str:
    return f"{number:,}" if isinstance(number, int) else number


def _cell(amount: Amount) -> Cell:
    return Cell(_value(amount), amount.href)


def _table(first: str, heads: Sequence[str], rows: Any, foot: Sequence[object]) -> dict[str, Any]:
    columns = [Column(first), *(Column(head, "number") for head in heads)]
    return {"columns": columns, "table": rows, "foot": foot}


@register.inclusion_tag("components/pictures/bars.html")
def bars(view: Bars) -> dict[str, Any]:
    """Bars with their names and values, one below the other; each row opens its list."""
    unit = str(view.unit)
    name = picture_id("bars", str(view.caption))
    sums = [_sum(row.amounts[at] for row in view.rows) for at in range(len(view.series))]
    known = [[amount.value or 0 for amount in row.amounts] for row in view.rows]
    most = max((sum(row) if view.stacked else max(row, default=0) for row in known), default=0)
    heads = [str(series.label) for series in view.series]
    whole = view.stacked and len(heads) > 1
    rows = [[row.label, *map(_cell, row.amounts)] for row in view.rows]
    foot = [gettext("合计"), *map(_number, sums)]
    if whole:
        heads.append(gettext("合计"))
        rows = [
            [*cells, Cell(_number(_sum(row.amounts)), row.href)]
            for cells, row in zip(rows, view.rows, strict=True)
        ]
        foot.append(_number(_sum(amount for row in view.rows for amount in row.amounts)))
    draw = _one_bar if view.stacked else _bar_each
    drawn = [(row, draw(view, row, most)) for row in view.rows]
    return {
        "view": view,
        "id": name,
        "is_short": is_short([str(row.label) for row in view.rows]),
        "legend": [
            (series.tone, series.label, amount_in_words(_number(total), unit))
            for series, total in zip(view.series, sums, strict=True)
        ],
        "total": amount_in_words(foot[-1], unit) if whole or len(heads) == 1 else "",
        "rows": drawn,
        "values": _width_of_values([line for _row, lines in drawn for line in lines]),
        **_table("", heads, rows, foot),
    }


def _width_of_values(lines: Sequence[dict[str, Any]]) -> str:
    if any(line.get("late") for line in lines):
        return "values-late"
    return "values-long" if any(len(line["value"]) > 3 for line in lines) else ""


def _bar_each(view: Bars, row: BarRow, most: int) -> list[dict[str, Any]]:
    lines = []
    for series, amount in zip(view.series, row.amounts, strict=True):
        width = percent(share(amount.value or 0, most))
        part = {"tone": series.tone, "x": "0%", "width": width, "is_drawn": bool(amount.value)}
        said = f"{series.label}{_said(amount, str(view.unit))}"
        lines.append({"parts": [part], "value": _value(amount), "says": said})
    return lines


def _one_bar(view: Bars, row: BarRow, most: int) -> list[dict[str, Any]]:
    values = [amount.value or 0 for amount in row.amounts]
    parts = [
        {"tone": series.tone, "x": percent(x), "width": percent(width), "is_drawn": bool(value)}
        for series, value, (x, width) in zip(
            view.series, values, in_a_row(values, most), strict=True
        )
    ]
    said = [
        f"{series.label}{_said(amount, str(view.unit))}"
        for series, amount in zip(view.series, row.amounts, strict=True)
    ]
    late = [
        f"{series.label}{_value(amount)}"
        for series, amount in zip(view.series, row.amounts, strict=True)
        if series.tone == "late" and amount.value != 0
    ]
    value = _number(_sum(row.amounts))
    return [{"parts": parts, "value": value, "late": " ".join(late), "says": "，".join(said)}]


@register.inclusion_tag("components/pictures/heat_matrix.html")
def heat_matrix(view: HeatMatrix) -> dict[str, Any]:
    """Rows × columns as a table whose fields are coloured by their numbers."""
    unit, width = str(view.unit), len(view.columns)
    by_column = [[_heat_value(row.cells[at]) for row in view.rows] for at in range(width)]
    most = [max(values, default=0) for values in by_column]
    most = most if view.by_column else [max(most, default=0)] * width
    whole = sum(map(sum, by_column))
    return {
        "view": view,
        "rows": [_heat_row(view, row, most) for row in view.rows],
        "foot": [
            (column, f"{sum(values):,}")
            for column, values in zip(view.columns, by_column, strict=True)
        ],
        "whole": f"{whole:,}",
        "has_row_sums": view.sums == "both",
        "total": amount_in_words(whole, unit) if view.sums == "both" else "",
    }


def _heat_value(cell: HeatCell | None) -> int:
    return (cell.value or 0) if cell else 0


def _heat_row(view: HeatMatrix, row: HeatRow, most: Sequence[int]) -> dict[str, Any]:
    labels = [column.label if isinstance(column, HeatColumn) else column for column in view.columns]
    fields = [
        _heat_field(cell, top, f"{row.label} {label}", str(view.unit))
        for cell, top, label in zip(row.cells, most, labels, strict=True)
    ]
    return {"row": row, "fields": fields, "sum": f"{sum(map(_heat_value, row.cells)):,}"}


def _heat_field(cell: HeatCell | None, most: int, where: str, unit: str) -> dict[str, Any]:
    if cell is None:
        return {"cell": None}
    tone = cell.tone or f"heat-{heat_step(cell.value, most)}"
    text = cell.text or (UNKNOWN if cell.value is None else f"{cell.value:,}")
    number = amount_in_words(cell.value, unit) if cell.value is not None else str(text)
    heard = f"{text} {cell.says}" if cell.says else number
    day = gettext("今天") if cell.is_today else ""
    says = " ".join(str(word) for word in (where, cell.label, heard, day) if word)
    tone = f"is-{tone} is-today" if cell.is_today else f"is-{tone}"
    return {"cell": cell, "tone": tone, "text": text, "says": says}


def _weekdays() -> list[str]:
    _ = gettext
    return [_("一"), _("二"), _("三"), _("四"), _("五"), _("六"), _("日")]


@register.inclusion_tag("components/pictures/heat_month.html")
def heat_month(view: HeatMonth) -> dict[str, Any]:
    """A month of days coloured by how much falls on them; each opens its day."""
    known = [cell for week in view.weeks for cell in week if cell]
    most = max((cell.value or 0 for cell in known), default=0)
    return {
        "view": view,
        "id": picture_id("month", str(view.caption)),
        "weekdays": _weekdays(),
        "weeks": [[_heat_field(cell, most, "", str(view.unit)) for cell in w] for w in view.weeks],
        "total": amount_in_words(sum(cell.value or 0 for cell in known), str(view.unit)),
    }


@register.inclusion_tag("components/pictures/strip.html")
def strip(view: Strip) -> dict[str, Any]:
    """The coming days with a row for each kind; what falls on them opens by ten days."""
    unit = str(view.unit)
    ends = view.starts + timedelta(view.days)
    inside = [
        {day: n for day, n in row.by_day.items() if view.starts <= day < ends and n}
        for row in view.rows
    ]
    most = max((n for days in inside for n in days.values()), default=0)
    sums = [
        [sum(n for day, n in days.items() if first <= day <= last) for first, last in view.segments]
        for days in inside
    ]
    heads = [_day(first) for first, _last in view.segments]
    table = [
        [row.label, *(_opened(n, href) for n, href in _segments(row, numbers)), sum(numbers)]
        for row, numbers in zip(view.rows, sums, strict=True)
    ]
    by_segment = [sum(column) for column in zip(*sums, strict=True)]
    return {
        "view": view,
        "id": picture_id("strip", str(view.caption)),
        "rows": [
            _strip_row(view, row, days, numbers, most)
            for row, days, numbers in zip(view.rows, inside, sums, strict=True)
        ],
        "heads": [
            (percent(days_across(first, view.starts, view.days)), _day(first))
            for first, _last in view.segments
        ],
        "total": amount_in_words(sum(by_segment), unit),
        **_table(
            "", [*heads, gettext("合计")], table, [gettext("合计"), *by_segment, sum(by_segment)]
        ),
    }


def _segments(row: StripRow, numbers: Sequence[int]) -> list[tuple[int, str]]:
    hrefs = [*row.hrefs, *[""] * len(numbers)]
    return list(zip(numbers, hrefs, strict=False))


def _opened(number: int, href: str) -> Cell:
    return Cell(f"{number:,}", href if number else "")


def _strip_row(
    view: Strip, row: StripRow, by_day: dict[date, int], numbers: Sequence[int], most: int
) -> dict[str, Any]:
    unit, segments = str(view.unit), []
    day_width = share(1, view.days)
    for (first, last), (number, href) in zip(view.segments, _segments(row, numbers), strict=True):
        at, until = (
            days_across(day, view.starts, view.days) for day in (first, last + timedelta(1))
        )
        ticks = []
        for day, n in sorted(by_day.items()):
            if first <= day <= last:
                tall = share(n, most, TICK_REM)
                x = days_across(day, view.starts, view.days) + day_width * 0.15
                ticks.append((percent(x), f"{STRIP_REM - tall:.3f}rem", f"{tall:.3f}rem"))
        days = f"{_day(first)}–{_day(last)}"
        segments.append(
            {
                "x": percent(at),
                "middle": percent((at + until) / 2),
                "width": percent(until - at),
                "href": href if number else "",
                "number": f"{number:,}" if number else "",
                "says": f"{row.label} {days} {amount_in_words(number, unit)}",
                "ticks": ticks,
            }
        )
    return {
        "row": row,
        "total": amount_in_words(sum(numbers), unit),
        "segments": segments,
        "tick_width": percent(day_width * 0.7),
        "tone": "late" if row.is_late else "first",
    }


def _day(day: date, beside: date | None = None) -> str:
    """Write a day shortly; its year only where it is not that of the day beside it."""
    return date_format(day, "n/j" if beside is None or beside.year == day.year else "Y/n/j")


@register.inclusion_tag("components/pictures/timeline.html")
def timeline(view: Timeline) -> dict[str, Any]:
    """One matter's states one after the other, as long as they lasted, with its due day."""
    starts = min((span.starts for span in view.spans), default=view.until)
    ends = max([view.until, *(span.ends or view.until for span in view.spans)])
    last = max(ends, view.due) if view.due else ends
    days = max((last - starts).days, 1)
    spans: list[dict[str, Any]] = []
    for span in view.spans:
        until = span.ends or view.until
        x = days_across(span.starts, starts, days)
        spans.append(
            {
                "span": span,
                "x": percent(x),
                "width": percent(days_across(until, starts, days) - x),
                "days": _days((until - span.starts).days),
                "from": _day(span.starts, view.until),
                "to": _day(span.ends, view.until) if span.ends else "",
            }
        )
    due = days_across(view.due, starts, days) if view.due else 0.0
    late = view.late_until or ends
    late_days = _days((late - view.due).days) if view.due and late > view.due else ""
    said = [f"{one['span'].label} {one['days']}" for one in spans]
    if late_days:
        said.append(gettext("逾期 %(late_days)s") % {"late_days": late_days})
    return {
        "view": view,
        "id": picture_id("timeline", str(view.caption)),
        "spans": spans,
        "total": _days((ends - starts).days),
        "due_x": percent(due),
        "due": _day(view.due, view.until) if view.due else "",
        "due_anchor": _anchor(due),
        "late_width": percent(max(days_across(late, starts, days) - due, 0)),
        "late_days": late_days,
        "said": "；".join(said),
    }


def _anchor(x: float) -> str:
    return "start" if x < NEAR_AN_EDGE else "end" if x > 100 - NEAR_AN_EDGE else "middle"


def _days(n: int) -> str:
    return ngettext("%(n)s天", "%(n)s天", n) % {"n": n} if n else gettext("当天")


@register.inclusion_tag("components/pictures/pyramid.html")
def pyramid(view: Pyramid) -> dict[str, Any]:
    """Ages by sex, the oldest on top; each half of a row opens its people."""
    unit = str(view.unit)
    halves = [band.left for band in view.bands], [band.right for band in view.bands]
    most = max((amount.value or 0 for half in halves for amount in half), default=0)
    sums = [_sum(half) for half in halves]
    beside = [amount for _label, amount in view.beside]
    everybody = _number(_sum([*halves[0], *halves[1], *beside]))
    table = [
        [band.label, _cell(band.left), _cell(band.right), _number(_sum([band.left, band.right]))]
        for band in view.bands
    ]
    table += [[label, "", "", _cell(amount)] for label, amount in view.beside]
    return {
        "view": view,
        "id": picture_id("pyramid", str(view.caption)),
        "rows": [
            [_half(view, band, at, most, side) for side in ("left", "right")]
            for at, band in enumerate(view.bands)
        ],
        "middles": [
            (band.label, f"{(at + 0.5) * ROW_REM:.3f}rem") for at, band in enumerate(view.bands)
        ],
        "height": f"{len(view.bands) * ROW_REM:.3f}rem",
        "legend": [
            ("first", view.left, amount_in_words(_number(sums[0]), unit)),
            ("second", view.right, amount_in_words(_number(sums[1]), unit)),
        ],
        "beside": [(label, _said(amount, unit), amount.href) for label, amount in view.beside],
        "total": amount_in_words(everybody, unit),
        **_table(
            gettext("年龄"),
            [str(view.left), str(view.right), gettext("合计")],
            table,
            [gettext("合计"), *map(_number, sums), everybody],
        ),
    }


def _half(view: Pyramid, band: PyramidBand, at: int, most: int, side: str) -> dict[str, Any]:
    is_left = side == "left"
    amount, who = (band.left, view.left) if is_left else (band.right, view.right)
    width = pyramid_half(amount.value or 0, most)
    middle = 50 - PYRAMID_MIDDLE if is_left else 50 + PYRAMID_MIDDLE
    return {
        "tone": "first" if is_left else "second",
        "href": amount.href,
        "says": f"{band.label} {who} {_said(amount, str(view.unit))}",
        "value": _value(amount),
        "x": percent(middle - width if is_left else middle),
        "width": percent(width),
        "is_drawn": bool(amount.value),
        "y": f"{at * ROW_REM + 0.5:.3f}rem",
        "hit_x": "0%" if is_left else percent(middle),
        "hit_width": percent(50 - PYRAMID_MIDDLE),
        "hit_y": f"{at * ROW_REM:.3f}rem",
        "text_x": percent(middle - width if is_left else middle + width),
        "text_y": f"{(at + 0.5) * ROW_REM:.3f}rem",
        "gap": "-0.35em" if is_left else "0.35em",
        "anchor": "end" if is_left else "start",
    }
