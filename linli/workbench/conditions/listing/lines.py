"""From ids to lines: the chosen columns, worked out, masked and in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, QuerySet

from linli.core.fields import Dictionary, Field, Kind, Op
from linli.core.personal_data.masking import STAR
from linli.core.personal_data.unreadable import is_unreadable
from linli.core.time import PartialDate, day_words, today, with_precision
from linli.core.words import Counted, Word
from linli.register.posts.rules import Access
from linli.workbench.conditions.access import access_to, is_askable
from linli.workbench.conditions.compilers.full_years import FullYears
from linli.workbench.conditions.models import OwnFieldValue
from linli.workbench.conditions.own_fields import COLUMNS, LINKS
from linli.workbench.conditions.places import names_above
from linli.workbench.conditions.results import ColumnOf, ResultLine, ShownValue, Typed
from linli.workbench.conditions.subjects import model_of
from linli.workbench.conditions.text.text_writer import plain_number

AT_ONCE = 2000
EMPTY = ShownValue("")


def can_spread(field: Field) -> bool:
    """May this field stand in a cross-tab? Texts have too many values to count by."""
    return field.kind is not Kind.TEXT and (field.kind is not Kind.NUMBER or bool(field.bands))


def is_sortable(field: Field) -> bool:
    """Can a list be put in the order of this field?"""
    return field.attribute is None and not field.sealed and bool(field.order or field.column)


def column_of(field: Field, role: str) -> ColumnOf:
    """Return the heading of a field as a role sees it."""
    masked = access_to(field, role) is Access.MASKED
    sortable = is_sortable(field) and is_askable(field, role)
    return ColumnOf(field.key, field.label, field.kind.value, sortable, masked)


def ordered(rows: QuerySet[Any], field: Field | None, *, down: bool) -> QuerySet[Any]:
    """Put rows in the order of a field; the unknown last, equal ones by id."""
    if field is None:
        return rows.order_by("pk")
    column = field.order or field.column
    by: Any = F(column.removeprefix("-"))
    if field.in_years:
        # The order of the dates themselves would tell covered birthdays (decision 0021).
        by = FullYears(by, today())
    else:
        down ^= column.startswith("-")
    # Ties by key, or the pages of a list could repeat somebody and miss another.
    return rows.order_by(
        by.desc(nulls_last=True) if down else by.asc(nulls_last=True), "-pk" if down else "pk"
    )


@dataclass(frozen=True)
class ListColumns:
    """The columns of one list, as one role sees them on one day.

    ``uncovered`` lets masked values stand as they are; hidden ones stay hidden.
    """

    subject: str
    columns: Sequence[Field]
    dictionary: Dictionary
    role: str
    today: date
    uncovered: bool = False

    def lines(self, ids: Sequence[int]) -> list[ResultLine]:
        """Return the lines of some ids in their order."""
        stored = self._stored_keys()
        rows = self._rows(ids, stored)
        own = self._own_values(ids)
        places = self._place_names([row["scope_path"] for row in rows.values()])
        return [
            ResultLine(
                each,
                tuple(self._shown(column, rows[each], own, places) for column in self.columns),
                rows[each].get("confirmed_on") if self._shows_when_confirmed() else None,
            )
            for each in ids
            if each in rows
        ]

    def batches(self, ids: Sequence[int]) -> Iterator[ResultLine]:
        """Return all lines, a batch at a time."""
        for start in range(0, len(ids), AT_ONCE):
            yield from self.lines(ids[start : start + AT_ONCE])

    def _stored_keys(self) -> list[str]:
        keys = {key for column in self.columns for key in (column.needs or (column.key,))}
        if self._shows_when_confirmed():
            keys.add("confirmed_on")
        fields = [self.dictionary.field(self.subject, key) for key in sorted(keys)]
        return [field.key for field in fields if field.column and field.kind is not Kind.PLACE]

    def _shows_when_confirmed(self) -> bool:
        if not self.dictionary.has(self.subject, "confirmed_on"):
            return False
        field = self.dictionary.field(self.subject, "confirmed_on")
        return access_to(field, self.role) is not Access.HIDDEN

    def _rows(self, ids: Sequence[int], keys: list[str]) -> dict[int, dict[str, Any]]:
        fields = [self.dictionary.field(self.subject, key) for key in keys]
        partial = {field.key: field.precision for field in fields if field.precision}
        columns = [*(field.column for field in fields), *partial.values()]
        model = model_of(self.dictionary.subject(self.subject))
        rows = model.objects.filter(pk__in=ids).values_list("pk", "scope_path", *columns)
        found: dict[int, dict[str, Any]] = {}
        for pk, path, *values in rows.order_by():
            row = dict(zip([*keys, *partial.values()], values, strict=True))
            said = {key: with_precision(row[key], row[how]) for key, how in partial.items()}
            found[pk] = {"pk": pk, "scope_path": path, **row, **said}
        return found

    def _own_values(self, ids: Sequence[int]) -> dict[tuple[int, int], Any]:
        own = [field for field in self.columns if field.attribute is not None]
        if not own:
            return {}
        link = LINKS[self.subject]
        known = OwnFieldValue.objects.filter(
            **{"attribute_id__in": [field.attribute for field in own], f"{link}__in": ids}
        ).values_list("attribute_id", link, "number", "date", "text", "flag")
        column = {field.attribute: COLUMNS[field.kind] for field in own}
        names = ("number", "date", "text", "flag")
        return {
            (attribute, each): dict(zip(names, values, strict=True))[column[attribute]]
            for attribute, each, *values in known
        }

    def _place_names(self, paths: list[str]) -> dict[str, dict[str, str]]:
        wanted = any(column.kind is Kind.PLACE for column in self.columns)
        return names_above(paths) if wanted else {}

    def _shown(
        self,
        field: Field,
        row: dict[str, Any],
        own: dict[tuple[int, int], Any],
        places: dict[str, dict[str, str]],
    ) -> ShownValue:
        if access_to(field, self.role) is Access.HIDDEN:
            return ShownValue(STAR * 3, STAR * 3, masked=True)
        if field.kind is Kind.PLACE:
            name = places[row["scope_path"]].get(field.level, "")
            return ShownValue(name, name)
        if field.attribute is not None:
            value = own.get((field.attribute, row["pk"]))
        else:
            value = field.derive(row, self.today) if field.derive else row.get(field.key)
        return shown_value(field, value, self.role, uncovered=self.uncovered)


def shown_value(field: Field, value: Any, role: str, *, uncovered: bool = False) -> ShownValue:
    """Return one value as a role may see it, or uncovered when a purpose was given."""
    if value is None or value == "":
        return EMPTY
    text, typed = in_words(field, value)
    # What cannot be opened says so, and holds nothing that would have to be covered.
    if access_to(field, role) is Access.OPEN or uncovered or is_unreadable(text):
        return ShownValue(text, typed)
    masked = field.mask(text) if field.mask else STAR * 3
    return ShownValue(masked, masked, masked=True)


def in_words(field: Field, value: Any) -> tuple[str, Typed]:
    """Return a value as text and as a typed cell."""
    match field.kind:
        case Kind.NUMBER:
            number = value.normalize() if isinstance(value, Decimal) else value
            return Counted(number, plain_number(number), field.unit), number
        case Kind.DATE:
            # A month alone goes into no cell of days.
            return day_words(value), str(value) if isinstance(value, PartialDate) else value
        case Kind.FLAG:
            return Word("是" if value else "否"), bool(value)
        case Kind.CHOICE:
            choice = field.choice(value)
            label = choice.label if choice else str(value)
            return label, label
    return str(value), str(value)


def ops_in_order(field: Field) -> list[Op]:
    """Return what may be asked of a field, in the order a form offers it."""
    return [op for op in Op if op in field.ops]
