"""What the register already knows of a form: every cell of every row, and what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from linli.capabilities.form_filling import rules
from linli.capabilities.form_filling.answers.statistics_table import counted, rows_of
from linli.capabilities.form_filling.models import Blank, Sheet
from linli.capabilities.form_filling.reading.form_json import from_json
from linli.capabilities.form_filling.reading.understand import Form
from linli.capabilities.form_filling.terms import BlankState, ColumnUse
from linli.core.errors import Refused
from linli.core.fields import EVERYONE, PERSON, Compare, Condition, Kind, Node, Op
from linli.core.scope import current_scope
from linli.register.people.normalise import EDITABLE
from linli.register.places.models import Place
from linli.register.posts.rules import Access
from linli.workbench.conditions import queries
from linli.workbench.conditions.access import access_to
from linli.workbench.conditions.listing.read_accounting import people_of
from linli.workbench.conditions.own_fields import dictionary
from linli.workbench.conditions.results import Shown

KNOWN, MISSING, COVERED, BY_HAND = "known", "missing", "covered", "by_hand"
AUTO = "auto"
OWN = "own_"


@dataclass(frozen=True)
class CellKnown:
    """One cell: what goes into it, and whether it is known, missing, covered or left to the pen."""

    value: Any
    text: str
    state: str
    lacking: tuple[str, ...] = ()


@dataclass(frozen=True)
class RowKnown:
    """One row of a list: whose it is, and its cells in the order of the headings."""

    id: int
    cells: tuple[CellKnown, ...]


@dataclass(frozen=True)
class Knowledge:
    """A form worked out in the scope of whoever asks; ``covered`` names what they may not see."""

    form: Form
    rows: list[RowKnown] = field(default_factory=list)
    covered: tuple[str, ...] = ()
    total: int = 0

    @property
    def counts(self) -> dict[str, int]:
        """Return how many cells are known, missing, covered and left to the pen, and the rows."""
        made = dict.fromkeys((KNOWN, MISSING, COVERED, BY_HAND, AUTO), 0)
        for row in self.rows:
            for cell in row.cells:
                made[cell.state] += 1
        return made | {"rows": len(self.rows)}


def share(counts: dict[str, int]) -> int:
    """Return the known share of what is asked, in percent; what is left to the pen is not known."""
    asked = counts[KNOWN] + counts[MISSING] + counts[COVERED] + counts[BY_HAND]
    return round(100 * counts[KNOWN] / asked) if asked else 0


def condition_of(sheet: Sheet) -> Condition | None:
    """Return whom the form is about, within its place; None when it is about no rows we keep."""
    subject = sheet.subject
    if subject not in {one.key for one in dictionary().subjects}:
        return None
    asked = queries.read_json(sheet.condition) if sheet.condition else Condition(subject, EVERYONE)
    return queries.narrowed(asked, here(subject, sheet.place))


def here(subject: str, place: Place) -> Node:
    """Return that something stands at a place, through the level the place is of."""
    for one in dictionary().fields_of(subject, all=True):
        if one.kind is Kind.PLACE and one.level == place.kind:
            return Compare(one.key, Op.EQ, place.path)
    return EVERYONE


def whose(sheet: Sheet, ids: Iterable[int]) -> list[int]:
    """Return the people of some rows; rows of figures are of places, and show nobody."""
    if any(one["use"] == ColumnUse.COUNT for one in sheet.headings):
        return []
    return people_of(sheet.subject, list(ids))


def at_a_glance(sheet: Sheet) -> Knowledge:
    """Work out the form for a page or a count: what is known, and never a value uncovered."""
    return known(sheet, masked=True)


def known(sheet: Sheet, *, masked: bool = False) -> Knowledge:
    """Work out the form for its file, where covered values may stand; the caller says so."""
    form = from_json(sheet.form)
    condition = condition_of(sheet)
    if condition is None:
        return Knowledge(form)
    if any(one["use"] == ColumnUse.COUNT for one in sheet.headings):
        rows = _tally(sheet)
        return Knowledge(form, rows, (), len(rows))
    asking = _Asking.of(sheet, condition.subject, masked=masked)
    ids = _ids(sheet, condition)
    rows = list(asking.rows(ids))
    return Knowledge(form, rows, asking.covered, len(ids))


def _ids(sheet: Sheet, condition: Condition) -> list[int]:
    if sheet.person_id:
        return [sheet.person_id]
    if not _has_rows(sheet):
        return []
    in_order = any(one.key == "address" for one in dictionary().fields_of(condition.subject))
    found = queries.ids(condition, sort="address" if in_order else "")
    if len(found) > rules.MOST_ROWS:
        told = {"rows": len(found), "most": rules.MOST_ROWS}
        raise Refused(
            "form_filling.too_many", _("这张表会有%(rows)d行，一次最多%(most)d行") % told, "condition",
            _("请加一个条件，或按社区分开填"),
        )  # fmt: skip
    return found


def _has_rows(sheet: Sheet) -> bool:
    by_itself = (ColumnUse.LEFT, ColumnUse.AUTO)
    return any(one["use"] not in by_itself for one in sheet.headings)


@dataclass(frozen=True)
class _Asking:
    """The headings of one sheet, as the one who fills it may see their values.

    ``may_uncover`` says what the file may hold; with ``masked`` it is known, and stays covered.
    """

    sheet: Sheet
    subject: str
    keys: tuple[str, ...]
    may_uncover: bool
    masked: bool
    covered: tuple[str, ...]

    @classmethod
    def of(cls, sheet: Sheet, subject: str, *, masked: bool) -> _Asking:
        role, words = current_scope().role, dictionary()
        may = rules.may_uncover(role=role, asked_by=sheet.asked_by, basis=sheet.basis)
        keys, covered = [], []
        for key in dict.fromkeys(key for one in sheet.headings for key in one["fields"]):
            if not words.has(subject, key):
                continue
            access = access_to(words.field(subject, key), role)
            if access is not Access.HIDDEN:
                keys.append(key)
            if access is Access.HIDDEN or (access is Access.MASKED and not may):
                covered.append(words.field(subject, key).label)
        return cls(sheet, subject, tuple(keys), may, masked, tuple(covered))

    def rows(self, ids: Sequence[int]) -> Iterator[RowKnown]:
        columns = self.keys or tuple(queries.default_columns(self.subject)[:1])
        uncovered = self.may_uncover and not self.masked and bool(self.keys)
        lines = queries.lines_of(self.subject, ids, columns=columns, uncovered=uncovered)
        answered = _one_off(self.sheet)
        for line in lines:
            shown = dict(zip(columns, line.cells, strict=True))
            cells = tuple(
                self._cell(heading, shown, answered.get((line.id, number), ""))
                for number, heading in enumerate(self.sheet.headings)
            )
            yield RowKnown(line.id, cells)

    def _cell(self, heading: dict[str, Any], shown: dict[str, Shown], one_off: str) -> CellKnown:
        if heading["use"] in (ColumnUse.LEFT, ColumnUse.AUTO):
            return CellKnown(None, "", BY_HAND if heading["use"] == ColumnUse.LEFT else AUTO)
        if heading["use"] == ColumnUse.ONE_OFF:
            return CellKnown(one_off, one_off, KNOWN) if one_off else LACKS_ONE_OFF
        found = [shown.get(key) for key in heading["fields"]]
        if any(one is None or (one.masked and not self.may_uncover) for one in found):
            return CellKnown(None, "", COVERED)
        values = [one for one in found if one is not None]
        lacking = tuple(
            ask
            for key, one in zip(heading["fields"], values, strict=True)
            if not one.text
            for ask in askable(self.subject, key)
        )
        text = " ".join(one.text for one in values if one.text)
        typed = values[0].value if len(values) == 1 else text
        if isinstance(typed, bool):
            typed = text
        state = KNOWN if all(one.text for one in values) else MISSING
        return CellKnown(typed if text else None, text, state, lacking)


LACKS_ONE_OFF = CellKnown(None, "", MISSING, ("",))


def askable(subject: str, key: str) -> list[str]:
    """Return the stored facts of a person somebody could be asked for, to know this one."""
    if subject != PERSON:
        return []
    one = dictionary().field(subject, key)
    return [each for each in one.needs or (key,) if each in EDITABLE or each.startswith(OWN)]


def _one_off(sheet: Sheet) -> dict[tuple[int, int], str]:
    if not any(one["use"] == ColumnUse.ONE_OFF for one in sheet.headings) or not sheet.pk:
        return {}
    rows = Blank.objects.filter(sheet=sheet, field="", state=BlankState.ANSWERED)
    return {
        (person, heading): value
        for person, heading, value in rows.values_list("person_id", "heading", "value")
    }


def _tally(sheet: Sheet) -> list[RowKnown]:
    """Count every heading at every place that is a row."""
    asked = queries.read_json(sheet.condition) if sheet.condition else Condition(PERSON, EVERYONE)
    made = []
    for place in rows_of(sheet.headings, sheet.place):
        found = counted(sheet.headings, asked, place, here(PERSON, place))
        cells = tuple(
            CellKnown(value, "" if value is None else str(value),
                      KNOWN if value is not None else _not_counted(heading))
            for heading, value in zip(sheet.headings, found, strict=True)
        )  # fmt: skip
        made.append(RowKnown(place.pk, cells))
    return made


def _not_counted(heading: dict[str, Any]) -> str:
    by_use = {ColumnUse.COUNT.value: COVERED, ColumnUse.AUTO.value: AUTO}
    return by_use.get(heading["use"], BY_HAND)
