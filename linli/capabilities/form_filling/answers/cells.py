"""What the register already knows of a form: every cell of every row, and what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from linli.capabilities.form_filling import rules
from linli.capabilities.form_filling.answers.statistics_table import counted, rows_of
from linli.capabilities.form_filling.models import FormInstance, OpenQuestion
from linli.capabilities.form_filling.reading.form_json import from_json, intact
from linli.capabilities.form_filling.reading.understand import Form
from linli.capabilities.form_filling.terms import ColumnUse, QuestionState
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
from linli.workbench.conditions.results import ShownValue

KNOWN, MISSING, COVERED, BY_HAND = "known", "missing", "covered", "by_hand"
AUTO = "auto"
OWN = "own_"


@dataclass(frozen=True)
class KnownCell:
    """One cell: what goes into it, and whether it is known, missing, covered or left to the pen."""

    value: Any
    text: str
    state: str
    lacking: tuple[str, ...] = ()


@dataclass(frozen=True)
class RowKnown:
    """One row of a list: whose it is, and its cells in the order of the headings."""

    id: int
    cells: tuple[KnownCell, ...]


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
        numbers = dict.fromkeys((KNOWN, MISSING, COVERED, BY_HAND, AUTO), 0)
        for row in self.rows:
            for cell in row.cells:
                numbers[cell.state] += 1
        return numbers | {"rows": len(self.rows)}


def share(counts: dict[str, int]) -> int:
    """Return the known share of what is asked, in percent; what is left to the pen is not known."""
    cells = counts[KNOWN] + counts[MISSING] + counts[COVERED] + counts[BY_HAND]
    return round(100 * counts[KNOWN] / cells) if cells else 0


def condition_of(form_instance: FormInstance) -> Condition | None:
    """Return whom the form is about, within its place; None when it is about no rows we keep."""
    subject = form_instance.subject
    if subject not in {one.key for one in dictionary().subjects}:
        return None
    condition = (
        queries.read_json(form_instance.condition)
        if form_instance.condition
        else Condition(subject, EVERYONE)
    )
    return queries.narrowed(condition, at_place_level(subject, form_instance.place))


def at_place_level(subject: str, place: Place) -> Node:
    """Return that something stands at a place, through the level the place is of."""
    for one in dictionary().fields_of(subject, all=True):
        if one.kind is Kind.PLACE and one.level == place.kind:
            return Compare(one.key, Op.EQ, place.path)
    return EVERYONE


def whose(form_instance: FormInstance, ids: Iterable[int]) -> list[int]:
    """Return the people of some rows; rows of figures are of places, and show nobody."""
    if any(heading["use"] == ColumnUse.COUNT for heading in intact(form_instance.headings)):
        return []
    return people_of(form_instance.subject, list(ids))


def at_a_glance(form_instance: FormInstance) -> Knowledge:
    """Work out the form for a page or a count: what is known, and never a value uncovered."""
    return known(form_instance, masked=True)


def known(form_instance: FormInstance, *, masked: bool = False) -> Knowledge:
    """Work out the form for its file, where covered values may stand; the caller says so."""
    form = from_json(form_instance.form)
    condition = condition_of(form_instance)
    if condition is None:
        return Knowledge(form)
    if any(heading["use"] == ColumnUse.COUNT for heading in form_instance.headings):
        rows = _tally(form_instance)
        return Knowledge(form, rows, (), len(rows))
    asking = _HeadingAccess.of(form_instance, condition.subject, masked=masked)
    ids = _ids(form_instance, condition)
    rows = list(asking.rows(ids))
    return Knowledge(form, rows, asking.covered, len(ids))


def _ids(form_instance: FormInstance, condition: Condition) -> list[int]:
    if form_instance.person_id:
        return [form_instance.person_id]
    if not _has_rows(form_instance):
        return []
    in_order = any(one.key == "address" for one in dictionary().fields_of(condition.subject))
    ids = queries.ids(condition, sort="address" if in_order else "")
    if len(ids) > rules.MOST_ROWS:
        told = {"rows": len(ids), "most": rules.MOST_ROWS}
        raise Refused(
            "form_filling.too_many",
            _("这张表会有%(rows)d行，一次最多%(most)d行") % told,
            "condition",
            _("请加一个条件，或按社区分开填"),
        )
    return ids


def _has_rows(form_instance: FormInstance) -> bool:
    by_itself = (ColumnUse.LEFT, ColumnUse.AUTO)
    return any(heading["use"] not in by_itself for heading in form_instance.headings)


@dataclass(frozen=True)
class _HeadingAccess:
    """The headings of one form, as whoever fills it may see their values.

    ``may_uncover`` says what the file may hold; with ``masked`` it is known, and stays covered.
    """

    form_instance: FormInstance
    subject: str
    keys: tuple[str, ...]
    may_uncover: bool
    masked: bool
    covered: tuple[str, ...]

    @classmethod
    def of(cls, form_instance: FormInstance, subject: str, *, masked: bool) -> _HeadingAccess:
        role, words = current_scope().role, dictionary()
        may = rules.may_uncover(
            role=role, asked_by=form_instance.asked_by, basis=form_instance.basis
        )
        keys, covered = [], []
        for key in dict.fromkeys(
            key for heading in form_instance.headings for key in heading["fields"]
        ):
            if not words.has(subject, key):
                continue
            access = access_to(words.field(subject, key), role)
            if access is not Access.HIDDEN:
                keys.append(key)
            if access is Access.HIDDEN or (access is Access.MASKED and not may):
                covered.append(words.field(subject, key).label)
        return cls(form_instance, subject, tuple(keys), may, masked, tuple(covered))

    def rows(self, ids: Sequence[int]) -> Iterator[RowKnown]:
        # Without a column of its own a form still has rows: what is left to the pen needs them.
        columns = self.keys or tuple(queries.default_columns(self.subject)[:1])
        uncovered = self.may_uncover and not self.masked and bool(self.keys)
        lines = queries.lines_of(self.subject, ids, columns=columns, uncovered=uncovered)
        answered = _one_off(self.form_instance)
        for line in lines:
            shown = dict(zip(columns, line.cells, strict=True))
            cells = tuple(
                self._cell(heading, shown, answered.get((line.id, number), ""))
                for number, heading in enumerate(self.form_instance.headings)
            )
            yield RowKnown(line.id, cells)

    def _cell(
        self, heading: dict[str, Any], shown: dict[str, ShownValue], one_off: str
    ) -> KnownCell:
        if heading["use"] in (ColumnUse.LEFT, ColumnUse.AUTO):
            return KnownCell(None, "", BY_HAND if heading["use"] == ColumnUse.LEFT else AUTO)
        if heading["use"] == ColumnUse.ONE_OFF:
            return KnownCell(one_off, one_off, KNOWN) if one_off else LACKS_ONE_OFF
        shown_values = [shown.get(key) for key in heading["fields"]]
        # One covered part covers the cell: the rest alone would look like the whole answer.
        if any(
            shown_value is None or (shown_value.masked and not self.may_uncover)
            for shown_value in shown_values
        ):
            return KnownCell(None, "", COVERED)
        values = [shown_value for shown_value in shown_values if shown_value is not None]
        lacking = tuple(
            ask
            for key, shown_value in zip(heading["fields"], values, strict=True)
            if not shown_value.text
            for ask in askable(self.subject, key)
        )
        text = " ".join(value.text for value in values if value.text)
        typed = values[0].value if len(values) == 1 else text
        # A form wants 是 or 否, not the TRUE that Excel would show.
        if isinstance(typed, bool):
            typed = text
        state = KNOWN if all(value.text for value in values) else MISSING
        return KnownCell(typed if text else None, text, state, lacking)


LACKS_ONE_OFF = KnownCell(None, "", MISSING, ("",))


def askable(subject: str, key: str) -> list[str]:
    """Return the stored facts of a person somebody could be asked for, to know this one."""
    if subject != PERSON:
        return []
    field = dictionary().field(subject, key)
    return [each for each in field.needs or (key,) if each in EDITABLE or each.startswith(OWN)]


def _one_off(form_instance: FormInstance) -> dict[tuple[int, int], str]:
    if (
        not any(one["use"] == ColumnUse.ONE_OFF for one in form_instance.headings)
        or not form_instance.pk
    ):
        return {}
    rows = OpenQuestion.objects.filter(
        form_instance=form_instance, field="", state=QuestionState.ANSWERED
    )
    return {
        (person, heading): value
        for person, heading, value in rows.values_list("person_id", "heading", "value")
    }


def _tally(form_instance: FormInstance) -> list[RowKnown]:
    """Count every heading at every place that is a row."""
    condition = (
        queries.read_json(form_instance.condition)
        if form_instance.condition
        else Condition(PERSON, EVERYONE)
    )
    rows = []
    for place in rows_of(form_instance.headings, form_instance.place):
        values = counted(form_instance.headings, condition, place, at_place_level(PERSON, place))
        cells = tuple(
            KnownCell(
                value,
                "" if value is None else str(value),
                KNOWN if value is not None else _not_counted(heading),
            )
            for heading, value in zip(form_instance.headings, values, strict=True)
        )
        rows.append(RowKnown(place.pk, cells))
    return rows


def _not_counted(heading: dict[str, Any]) -> str:
    by_use = {ColumnUse.COUNT.value: COVERED, ColumnUse.AUTO.value: AUTO}
    return by_use.get(heading["use"], BY_HAND)
