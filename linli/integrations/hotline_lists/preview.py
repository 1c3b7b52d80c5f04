"""What would happen to every row of a list, before anything does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from linli.capabilities.cases.models import Category, Report
from linli.capabilities.cases.queries import categories
from linli.core.chinese.normalise import for_matching
from linli.core.errors import Refused
from linli.integrations.hotline_lists.actions import Order, mark_of, town_of
from linli.integrations.hotline_lists.columns import RecognisedColumns, columns_of, table_in
from linli.integrations.hotline_lists.lines import (
    HotlineLine,
    Trouble,
    cells_of,
    lines_of,
    numbered_twice,
)
from linli.integrations.hotline_lists.queries import marks_taken, reports_by_mark
from linli.integrations.hotline_lists.suggestions import LineAdvice, advise
from linli.integrations.hotline_lists.terms import HotlineRowOutcome
from linli.register.places.models import Place
from linli.workbench.imports.headings import SheetTable
from linli.workbench.imports.reading import UnreadableFile, read_file

FIRST_VISIBLE = -1
AdviseAll = Callable[[Sequence[HotlineLine], Place], list[LineAdvice]]


@dataclass(frozen=True)
class PreviewRow:
    """One row that can be taken, or was already: what it says and what is suggested for it."""

    line: HotlineLine
    fate: str
    place: Place
    advised: LineAdvice = field(default_factory=LineAdvice)
    given: Category | None = None
    case: int | None = None
    doubts: tuple[str, ...] = ()

    @property
    def category(self) -> Category | None:
        """Return the category the list names, else the suggested one."""
        return self.given or self.advised.category

    @property
    def is_sure(self) -> bool:
        """Is the category named by the list, or suggested with enough confidence?"""
        return self.given is not None or self.advised.is_sure

    def order(self) -> Order:
        """Return what is to be taken."""
        line, advised = self.line, self.advised
        return Order(
            row=line.row,
            number=line.number,
            text=line.text,
            place=self.place,
            received_at=line.at,
            title=line.title,
            spot=line.spot,
            name=line.name,
            phone=line.phone,
            category=self.category,
            is_sure=self.is_sure,
            confidence=1.0 if self.given else advised.confidence,
            is_given=bool(self.given),
            same_as=advised.same_as,
            same_case=advised.same_case,
            answer=line.answer,
            answered_at=line.answered_at,
        )


@dataclass(frozen=True)
class ListPreview:
    """A list looked over: every row stands in exactly one of ``rows`` and ``troubles``."""

    headings: tuple[str, ...]
    columns: RecognisedColumns
    rows: list[PreviewRow]
    troubles: list[Trouble]
    skipped: int
    place: Place
    cells: dict[int, tuple[str, ...]]

    def orders(self) -> list[Order]:
        """Return what is to be taken, or was and may go on: in the order of the list."""
        return [row.order() for row in self.rows if row.fate != HotlineRowOutcome.DOUBLE]

    def counts(self) -> dict[str, int]:
        """Return how many rows there are of everything worth knowing."""
        fates = {
            fate: sum(row.fate == fate for row in self.rows) for fate in HotlineRowOutcome.values
        }
        new = [row for row in self.rows if row.fate == HotlineRowOutcome.NEW]
        fates[HotlineRowOutcome.BAD] = len(self.troubles)
        return {
            **fates,
            "rows": len(self.rows) + len(self.troubles),
            "answered": sum(bool(row.line.answer) for row in new),
            "no_place": sum(row.place.pk == self.place.pk for row in new),
            "sure": sum(row.is_sure for row in new),
            "unsure": sum(not row.is_sure and row.category is not None for row in new),
            "no_category": sum(row.category is None for row in new),
            "same": sum(bool(row.advised.same_as or row.advised.same_case) for row in new),
            "alike": sum(bool(row.advised.alike) for row in new),
            "doubts": sum(bool(row.doubts) for row in self.rows),
            "skipped": self.skipped,
        }


def table_of_file(data: bytes, name: str, sheet: int = FIRST_VISIBLE) -> SheetTable:
    """Read a list in a process of its own, or say why it cannot be read."""
    read = read_file(data, name, sheet=sheet)
    if isinstance(read, UnreadableFile):
        raise Refused(f"cases.{read.code}", read.sentence, "file", read.hint)
    return table_in(read)


def preview(
    data: bytes,
    name: str,
    *,
    place: Place,
    sheet: int = FIRST_VISIBLE,
    advise_all: AdviseAll = advise,
) -> ListPreview:
    """Say what would become of every row; nothing is written."""
    table = table_of_file(data, name, sheet)
    columns = columns_of(table.headings)
    lines, troubles = lines_of(table, columns)
    there = taken_before(lines, town_of(place))
    lines, more = _apart(lines, there, table, columns)
    # What was taken before is looked at too: it may be dispatched or merged by a later order.
    advised = advise_all(lines, place)
    rows = _rows(lines, there, advised, place)
    return ListPreview(
        tuple(heading.text for heading in table.headings),
        columns,
        rows,
        sorted([*troubles, *more], key=lambda one: one.row),
        len(table.footers),
        place,
        {row.number: cells_of(row) for row in table.rows},
    )


@dataclass(frozen=True)
class Before:
    """What was taken before, by number: the report, or None where it lies out of the scope."""

    reports: dict[str, Report | None]

    def __contains__(self, number: str) -> bool:
        return number in self.reports

    def case(self, number: str) -> int | None:
        """Return the case a number belongs to, if this post may know of it."""
        report = self.reports.get(number)
        return report.case_id if report else None

    def says_else(self, line: HotlineLine) -> bool:
        """Was this number taken with another text?"""
        report = self.reports.get(line.number)
        return report is not None and report.text != line.text


def taken_before(lines: Sequence[HotlineLine], town: str) -> Before:
    """Return what was taken before of these lines."""
    marks = {mark_of(town, line.number): line.number for line in lines}
    reports: dict[str, Report | None] = {marks[mark]: None for mark in marks_taken(marks)}
    reports |= {marks[mark]: row for mark, row in reports_by_mark(marks).items()}
    return Before(reports)


def _apart(
    lines: Sequence[HotlineLine], there: Before, table: SheetTable, columns: RecognisedColumns
) -> tuple[list[HotlineLine], list[Trouble]]:
    """Set the rows apart whose number stands for another text, here or taken before."""
    twice = numbered_twice(lines)
    cells = {row.number: row for row in table.rows}
    usable, troubles = [], []
    for line in lines:
        first = twice.get(line.row)
        what = ""
        # The same number for another text is a mistake, and the first one stands.
        if first is not None and first.text != line.text:
            what = _("编号和第%(row)s行一样，内容却不同") % {"row": first.row}
        elif there.says_else(line):
            what = _("这个编号已经收过，内容却不同")
        if what:
            todo = _("请核对编号；确是另一件事，请换一个编号")
            row = cells[line.row]
            troubles.append(Trouble(line.row, columns.named("number"), what, todo, cells_of(row)))
        else:
            usable.append(line)
    return usable, troubles


def _rows(
    lines: Sequence[HotlineLine], there: Before, advised: Sequence[LineAdvice], place: Place
) -> list[PreviewRow]:
    names = _names_of_categories()
    seen: set[str] = set()
    rows = []
    for line, advice in zip(lines, advised, strict=True):
        named, doubts = _given(line, names)
        fate = HotlineRowOutcome.TAKEN if line.number in there else HotlineRowOutcome.NEW
        if line.number in seen:
            fate = HotlineRowOutcome.DOUBLE
        seen.add(line.number)
        case = there.case(line.number)
        rows.append(
            PreviewRow(
                line, fate, advice.place or place, advice, named, case, (*line.doubts, *doubts)
            )
        )
    return rows


def _names_of_categories() -> dict[str, Category | None]:
    """Return the categories by name; a name that two of them have stands for none."""
    by_name: dict[str, Category | None] = {}
    for category in categories():
        key = for_matching(category.name)
        by_name[key] = None if key in by_name else category
    return by_name


def _given(
    line: HotlineLine, names: dict[str, Category | None]
) -> tuple[Category | None, tuple[str, ...]]:
    """Return the category the list names; of a path in words the last part that we know."""
    if not line.category:
        return None, ()
    for part in reversed([line.category, *line.category.replace("/", "-").split("-")]):
        category = names.get(for_matching(part.strip(" ·>＞—")))
        if category is not None:
            return category, ()
    return None, (_("没有“%(name)s”这个分类，受理后再分") % {"name": line.category[:30]},)
