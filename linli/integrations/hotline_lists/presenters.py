"""What a list looked over, or taken, is said to hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.capabilities.cases.models import Report
from linli.core.interface.view_models import Tab
from linli.core.time import CHINA
from linli.integrations.hotline_lists.lines import Trouble
from linli.integrations.hotline_lists.preview import ListPreview, PreviewRow
from linli.integrations.hotline_lists.terms import HotlineRowOutcome

SHOWN_OF_TEXT = 36


def sentences(counts: Mapping[str, int]) -> list[str]:
    """Return what would happen, in lines; what does not occur is not mentioned."""
    words = {
        "rows": _("共%(n)s行"),
        "new": _("新来件%(n)s件"),
        "taken": _("已经收过%(n)s件，不会重复受理"),
        "double": _("表里重复%(n)s行，只收一次"),
        "bad": _("要先改正%(n)s行"),
        **_more(),
    }
    return [sentence % {"n": counts[what]} for what, sentence in words.items() if counts.get(what)]


def _more() -> dict[str, str]:
    return {
        "answered": _("已有答复%(n)s件，按原来的时间录入，不算“解决”"),
        "sure": _("分类有把握%(n)s件"),
        "unsure": _("分类没有把握%(n)s件"),
        "no_category": _("分类说不准%(n)s件，留给分派的人"),
        "same": _("和别的来件内容相同%(n)s件"),
        "alike": _("和别的来件或未结的办件相像%(n)s件"),
        "no_place": _("没有写明地方%(n)s件，记在选定的地方"),
        "doubts": _("有内容没有录入%(n)s行"),
        "skipped": _("合计、备注等%(n)s行已略过"),
    }


def notes(seen: ListPreview) -> list[str]:
    """Return what else is worth knowing before a list is taken."""
    counts = seen.counts()
    lines = [words % {"n": counts[what]} for what, words in _more().items() if counts.get(what)]
    if seen.columns.unused:
        lines.append(_("没有用到的列：%(names)s") % {"names": "、".join(seen.columns.unused)})
    return lines


def tiles(counts: Mapping[str, int]) -> list[tuple[str, str, str]]:
    """Return value, label and tone of the figures at the top."""
    bad = "warn" if counts.get(HotlineRowOutcome.BAD) else ""
    return [
        (
            str(counts.get(fate, 0)),
            str(HotlineRowOutcome(fate).label),
            bad if fate == HotlineRowOutcome.BAD else "",
        )
        for fate in HotlineRowOutcome.values
    ]


def tabs(counts: Mapping[str, int], current: str) -> list[Tab]:
    """Return the tabs by fate."""
    every = [
        Tab(_("全部"), "?", current=current not in HotlineRowOutcome.values, count=counts["rows"])
    ]
    return every + [
        Tab(
            str(HotlineRowOutcome(value).label),
            f"?fate={value}",
            current=current == value,
            count=counts.get(value, 0),
        )
        for value in HotlineRowOutcome.values
    ]


@dataclass(frozen=True)
class RowView:
    """One row as a page lays it out: what it is, where it leads, what becomes of it."""

    label: str
    note: str
    value: str
    href: str = ""
    tone: str = ""


def rows_of(seen: ListPreview, fate: str) -> Sequence[PreviewRow | Trouble]:
    """Return the rows of one fate, or all of them in their order."""
    if fate == HotlineRowOutcome.BAD:
        return seen.troubles
    chosen = [row for row in seen.rows if fate not in HotlineRowOutcome.values or row.fate == fate]
    if fate in HotlineRowOutcome.values:
        return chosen
    every: list[PreviewRow | Trouble] = [*chosen, *seen.troubles]
    return sorted(
        every,
        key=lambda row_or_trouble: (
            row_or_trouble.row if isinstance(row_or_trouble, Trouble) else row_or_trouble.line.row
        ),
    )


def row_view(one: PreviewRow | Trouble) -> RowView:
    """Return one row as the preview shows it."""
    if isinstance(one, Trouble):
        row = _("第%(row)s行") % {"row": one.row}
        note = f"{one.column}：{one.what}。{one.todo}"
        return RowView(row, note, str(HotlineRowOutcome.BAD.label), tone="warn")
    line = one.line
    title = line.title or shortened(line.text)
    parts = [
        _("第%(row)s行") % {"row": line.row},
        line.number,
        _day(line.at),
        _category(one),
        str(one.place),
        *one.doubts,
        *_alike(one),
    ]
    href = reverse("cases:case", args=[one.case]) if one.case else ""
    return RowView(
        title, " · ".join(filter(None, parts)), str(HotlineRowOutcome(one.fate).label), href
    )


def shortened(text: str) -> str:
    """Return the beginning of a text."""
    return text if len(text) <= SHOWN_OF_TEXT else f"{text[: SHOWN_OF_TEXT - 1]}…"


def _day(moment: datetime) -> str:
    return timezone.localtime(moment, CHINA).strftime("%Y-%m-%d")


def _category(row: PreviewRow) -> str:
    if row.given:
        return str(row.given.name)
    if row.category is None:
        return _("分类说不准")
    names = {"name": row.category.name, "percent": round(row.advised.confidence * 100)}
    if row.is_sure:
        return _("建议%(name)s（%(percent)s%%）") % names
    return _("可能是%(name)s（%(percent)s%%，没有把握）") % names


def _alike(row: PreviewRow) -> list[str]:
    if row.advised.same_as:
        return [_("和%(number)s内容相同") % {"number": row.advised.same_as}]
    if row.advised.alike:
        return [_("像%(numbers)s") % {"numbers": "、".join(row.advised.alike)}]
    return []


def result_tiles(counts: Mapping[str, int]) -> list[tuple[str, str, str]]:
    """Return value, label and tone of what was done."""
    names = {
        "did_new": _("受理"),
        "did_again": _("之前收过"),
        "did_answered": _("录入已有答复"),
        "did_merged": _("合并"),
        "did_dispatched": _("分派"),
        "left": _("没有受理"),
    }
    return [
        (str(counts.get(key, 0)), name, "warn" if key == "left" and counts.get(key) else "")
        for key, name in names.items()
        if counts.get(key) or key in ("did_new", "left")
    ]


def result_shown(report: Report) -> RowView:
    """Return one report of a list as the result shows it, linked to its case."""
    case = report.case
    parts = [
        report.outside_number,
        _day(report.received_at),
        case.category.name if case.category else _("未分类"),
        str(case.place),
        _("已并入这一件") if report.first_case_id else "",
    ]
    href = reverse("cases:case", args=[case.pk])
    return RowView(case.title, " · ".join(filter(None, parts)), case.get_state_display(), href)
