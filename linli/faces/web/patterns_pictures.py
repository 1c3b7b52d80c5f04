"""/patterns/pictures/: every picture in every state, on made-up data."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

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
    Series,
    Span,
    Strip,
    StripRow,
    Timeline,
    strip_segments,
)
from linli.core.time import today

HERE = "#bars"


def _weeks(caption: str, numbers: list[tuple[int, int]]) -> Bars:
    monday = today() - timedelta(today().weekday())
    first = monday - timedelta(weeks=len(numbers) - 1)
    rows = [
        BarRow(
            f"{first + timedelta(weeks=at):%m-%d}",
            [Amount(came, HERE), Amount(ended, HERE)],
            href=HERE,
        )
        for at, (came, ended) in enumerate(numbers)
    ]
    series = [Series(_("收到")), Series(_("结掉"), "second")]
    return Bars(caption, _("件"), series, rows, empty=_("还没有办件"))


def _waiting(caption: str, numbers: list[tuple[str, int, int]]) -> Bars:
    rows = [
        BarRow(name, [Amount(total - late, HERE), Amount(late, HERE)], href=HERE)
        for name, total, late in numbers
    ]
    series = [Series(_("没到期")), Series(_("逾期"), "late")]
    return Bars(caption, _("件"), series, rows, stacked=True, empty=_("没有在等的"))


def _bars() -> list[Bars]:
    parties = [
        ("宁波市鄞州区潘火街道综合行政执法中队", 31, 12),
        ("东方丽都物业服务中心", 24, 0),
        ("殷家社区", 9, 9),
        ("无人负责", 1, 0),
    ]
    few = Bars(
        _("少的不说"),
        _("人"),
        [Series(_("人数"))],
        [
            BarRow("东方丽都", [Amount(None, says="＜5")]),
            BarRow("殷家花园", [Amount(48, HERE)], HERE),
        ],
    )
    return [
        _weeks(
            _("近八周"),
            [(12, 9), (18, 11), (7, 14), (23, 20), (16, 16), (9, 12), (31, 18), (22, 7)],
        ),
        _waiting(_("在等谁"), parties),
        few,
        _weeks(_("只有一周"), [(1, 0)]),
        _weeks(_("很大的数"), [(12_345, 9_876), (3, 12_000)]),
        _weeks(_("全是零"), [(0, 0), (0, 0)]),
        _weeks(_("没有数据"), []),
    ]


def _matrices() -> list[HeatMatrix]:
    columns = [_("未结"), _("逾期"), _("待答复"), _("表格"), _("空岗")]
    numbers = {
        "殷家社区": [31, 6, 4, 2, 0],
        "东南社区": [12, 0, 1, 0, 1],
        "潘火桥社区": [1_204, 77, 9, 5, 3],
        "王家弄社区": [0, 0, 0, 0, 0],
    }
    rows = [
        HeatRow(name, [HeatCell(n, HERE if n else "") for n in row], HERE)
        for name, row in numbers.items()
    ]
    states = [
        HeatRow(
            "殷家社区",
            [
                HeatCell(text=_("已交"), tone="good", href=HERE, says=_("11月12日交")),
                HeatCell(text=_("逾期"), tone="bad", href=HERE),
                HeatCell(text=_("在填"), tone="warn", href=HERE),
                None,
            ],
        ),
        HeatRow("东南社区", [HeatCell(text=_("没交"), tone="none")] * 4),
    ]
    heads = [HeatColumn(word, HERE) for word in columns]
    names = [_("老年人补贴"), _("消防自查"), _("流动人口"), _("残疾人")]
    return [
        HeatMatrix(_("社区 × 数字"), "", heads, rows, _("社区"), by_column=True, sums="columns"),
        HeatMatrix(
            _("社区 × 办件"),
            _("件"),
            heads[:3],
            [HeatRow(row.label, row.cells[:3], row.href) for row in rows],
        ),
        HeatMatrix(_("谁没交表"), "", [HeatColumn(name) for name in names], states, sums=""),
        HeatMatrix(_("只有一格"), _("件"), heads[:1], [HeatRow("殷家社区", [HeatCell(3, HERE)])]),
        HeatMatrix(_("没有社区"), _("件"), heads, [], empty=_("这里没有社区")),
    ]


def _month(caption: str, factor: int) -> HeatMonth:
    first = today().replace(day=1)
    before: list[HeatCell | None] = [None] * first.weekday()
    days: list[date] = [first + timedelta(n) for n in range(31)]
    cells = before + [
        HeatCell(
            factor * (day.day * 7 % 5),
            HERE,
            label=str(day.day),
            tone="bad" if factor and day.day == 13 else "",
            is_today=day == today(),
        )
        for day in days
        if day.month == first.month
    ]
    cells += [None] * (-len(cells) % 7)
    return HeatMonth(caption, _("件"), [cells[at : at + 7] for at in range(0, len(cells), 7)])


def _strips() -> list[Strip]:
    day = today()
    hrefs = [HERE] * len(strip_segments(day))
    lifts = {day + timedelta(n): 1 + n % 3 for n in (0, 3, 4, 5, 11, 12, 31, 59)}
    late = {day: 7}
    rows = [
        StripRow(_("已逾期"), late, hrefs, HERE, is_late=True),
        StripRow(_("电梯检验"), lifts, hrefs, HERE),
        StripRow(_("八十岁以上老人高龄津贴复核"), {day + timedelta(40): 128}, hrefs),
    ]
    return [
        Strip(_("今后60天"), _("项"), day, rows),
        Strip(_("60天里只有一项"), _("项"), day, [StripRow(_("消防"), {day: 1}, hrefs)]),
        Strip(_("60天里什么也没有"), _("项"), day, [StripRow(_("消防"), {})]),
        Strip(_("一类也没有"), _("项"), day, [], empty=_("没有要提醒的")),
    ]


def _timelines() -> list[Timeline]:
    day = today()

    def ago(n: int) -> date:
        return day - timedelta(n)

    spans = [
        Span(_("待分派"), ago(24), ago(22), "rest"),
        Span(_("等物业接办"), ago(22), ago(15), "second", "东方丽都物业服务中心"),
        Span(_("在办"), ago(15), ago(3)),
        Span(_("等居民确认"), ago(3), None, "second"),
    ]
    return [
        Timeline(_("三号楼电梯异响"), spans, day, due=ago(7)),
        Timeline(
            _("没到期"), [*spans[:1], Span(_("在办"), ago(22), None)], day, day + timedelta(9)
        ),
        Timeline(_("今天刚来"), [Span(_("待分派"), day, None, "rest")], day),
        Timeline(_("一年多"), [Span(_("在办"), ago(500), ago(500)), *spans[1:]], day, ago(490)),
    ]


def _pyramids() -> list[Pyramid]:
    labels = ["90+", *(f"{low}–{low + 9}" for low in range(80, -1, -10))]
    numbers = [3, 41, 160, 388, 402, 377, 512, 498, 260, 301]

    def pyramid(caption: str, factor: int, **more: Any) -> Pyramid:
        bands = [
            PyramidBand(
                label, Amount(n * factor, HERE), Amount(n * factor * 9 // 10 + factor, HERE)
            )
            for label, n in zip(labels, numbers, strict=True)
        ]
        return Pyramid(caption, _("人"), _("男"), _("女"), bands, **more)

    few = [
        PyramidBand("90+", Amount(None, says="＜5"), Amount(None, says="—")),
        PyramidBand("80–89", Amount(12), Amount(19)),
    ]
    return [
        pyramid(_("谁住在这里"), 1, beside=[(_("没有出生日期"), Amount(7, HERE))]),
        pyramid(_("很多人"), 17),
        pyramid(_("还没有人"), 0),
        Pyramid(_("不能看名单的岗位"), _("人"), _("男"), _("女"), few),
        Pyramid(_("空的"), _("人"), _("男"), _("女"), [], empty=_("底册里还没有居民")),
    ]


@require_GET
def pictures(request: HttpRequest) -> HttpResponse:
    """Show every picture: usual, with one value, with large ones, all zero, empty."""
    context = {
        "bars_views": _bars(),
        "matrices": _matrices(),
        "months": [_month(_("这个月"), 3), _month(_("空的月"), 0)],
        "strips": _strips(),
        "timelines": _timelines(),
        "pyramids": _pyramids(),
    }
    return render(request, "web/patterns/pictures.html", context)
