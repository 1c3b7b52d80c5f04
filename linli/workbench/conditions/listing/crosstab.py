"""Two facts against each other, counted over the snapshot."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from linli.core.errors import Refused
from linli.core.fields import (
    EVERYONE,
    Compare,
    Condition,
    Dictionary,
    Field,
    Kind,
    Node,
    Not,
    Op,
    all_of,
    any_of,
)
from linli.core.scope import current_scope
from linli.core.time import to_china
from linli.core.words import Counted, Word
from linli.workbench.conditions.compilers.duckdb_compiler import (
    Compiler,
    Sql,
    snapshot_connection,
    where_sql,
)
from linli.workbench.conditions.listing.lines import can_spread
from linli.workbench.conditions.results import CrossTab
from linli.workbench.conditions.snapshot import refresh_if_behind
from linli.workbench.conditions.text.text_writer import plain_number

MOST_ROWS = 400
UNKNOWN = Word("未填")
Bucket = tuple[str, Node]


@dataclass(frozen=True)
class Axis:
    """One side: what to group by, and what a group is called and means."""

    sql: Sql
    name: Callable[[list[Any]], dict[Any, Bucket]]
    order: Callable[[Any], Any]


def tabulate(
    condition: Condition, row_field: str, column_field: str, dictionary: Dictionary, today: date
) -> CrossTab:
    """Count the rows of the condition by one or two facts."""
    snapshot = refresh_if_behind()
    compiler = Compiler(dictionary, today, current_scope())
    sides = [
        _axis(dictionary, condition.subject, key, compiler) for key in (row_field, column_field)
    ]
    where = where_sql(condition, dictionary, today)
    sql = (
        f'SELECT {sides[0].sql.text}, {sides[1].sql.text}, count(*) FROM "{condition.subject}" t0'  # noqa: S608
        f" WHERE {where.text} GROUP BY 1, 2"
    )
    # In the order in which they stand in the text.
    params = [*sides[0].sql.params, *sides[1].sql.params, *where.params]
    counted = snapshot_connection(snapshot).execute(sql, params).fetchall()
    return _laid_out(
        counted,
        sides,
        _labels(dictionary, condition.subject, row_field, column_field),
        as_of=f"{to_china(snapshot.as_of):%Y-%m-%d}",
    )


def _labels(dictionary: Dictionary, subject: str, row: str, column: str) -> tuple[str, str]:
    counter = Word(dictionary.subject(subject).counter + "数")
    return (
        dictionary.field(subject, row).label,
        dictionary.field(subject, column).label if column else counter,
    )


def _laid_out(
    counted: list[tuple[Any, Any, int]], sides: list[Axis], labels: tuple[str, str], *, as_of: str
) -> CrossTab:
    keys = [
        sorted({each[side] for each in counted}, key=_unknown_last(axis.order))
        for side, axis in enumerate(sides)
    ]
    named = [axis.name(seen) for axis, seen in zip(sides, keys, strict=True)]
    counts = {(row, column): n for row, column, n in counted}
    return CrossTab(
        row_label=labels[0],
        column_label=labels[1],
        rows=tuple(named[0][key][0] for key in keys[0]),
        columns=tuple(named[1][key][0] for key in keys[1]),
        counts=tuple(tuple(counts.get((row, col), 0) for col in keys[1]) for row in keys[0]),
        row_wheres=tuple(named[0][key][1] for key in keys[0]),
        column_wheres=tuple(named[1][key][1] for key in keys[1]),
        total=sum(counts.values()),
        as_of=as_of,
    )


def _unknown_last(order: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: (value is None, 0 if value is None else order(value))


def _axis(dictionary: Dictionary, subject: str, key: str, compiler: Compiler) -> Axis:
    if not key:
        return Axis(
            Sql("0"),
            lambda _seen: {0: (Word(dictionary.subject(subject).counter + "数"), EVERYONE)},
            lambda value: value,
        )
    field = dictionary.field(subject, key)
    if not can_spread(field):
        raise Refused(
            "spread.field", _("不能按“%(label)s”分类统计") % {"label": _(field.label)}, key
        )
    match field.kind:
        case Kind.PLACE:
            return _by_place(field)
        case Kind.NUMBER:
            return _by_case(field, _bands(field), subject, compiler)
        case Kind.FLAG:
            yes_no = [
                (Word("是"), Compare(key, Op.EQ, True)),
                (Word("否"), Compare(key, Op.EQ, False)),
            ]
            return _by_case(field, yes_no, subject, compiler)
        case Kind.DATE:
            return _by_year(field)
    return _by_choice(field)


def _by_choice(field: Field) -> Axis:
    places = {choice.value: n for n, choice in enumerate(field.choices)}

    def name(seen: list[Any]) -> dict[Any, Bucket]:
        return {None: _unknown(field)} | {
            value: (choice.label, Compare(field.key, Op.EQ, value))
            if (choice := field.choice(value))
            else (str(value), Not(Compare(field.key, Op.KNOWN)))
            for value in seen
            if value is not None
        }

    # Empty and NULL are one group: nobody has filled it in.
    sql = Sql(f"nullif(t0.\"{field.key}\", '')")
    return Axis(sql, name, lambda value: places.get(value, len(places)))


def _by_year(field: Field) -> Axis:
    def name(seen: list[Any]) -> dict[Any, Bucket]:
        return {None: _unknown(field)} | {
            year: (
                Counted(2, str(year), "年"),
                Compare(field.key, Op.BETWEEN, (date(year, 1, 1), date(year, 12, 31))),
            )
            for year in seen
            if year is not None
        }

    return Axis(Sql(f'year(t0."{field.key}")'), name, lambda year: year)


def _by_case(field: Field, buckets: Iterable[Bucket], subject: str, compiler: Compiler) -> Axis:
    """Group by the first bucket that holds, compiled like any condition: lists agree."""
    listed = list(buckets)
    cases = [compiler.node(where, subject, 0) for _label, where in listed]
    text = " ".join(f"WHEN {sql.text} THEN {n}" for n, sql in enumerate(cases))
    params = [value for sql in cases for value in sql.params]

    def name(_seen: list[Any]) -> dict[Any, Bucket]:
        return {None: _unknown(field)} | dict(enumerate(listed))

    return Axis(Sql(f"CASE {text} END", *params), name, lambda n: n)


def _bands(field: Field) -> list[Bucket]:
    """Return the bands of a number: 0～6岁, 7～13岁 … 100岁以上."""
    buckets: list[Bucket] = []
    step = 1
    for n, first in enumerate(field.bands):
        if n + 1 == len(field.bands):
            buckets.append(
                (
                    Counted(2, f"{plain_number(first)}", f"{field.unit}以上"),
                    Compare(field.key, Op.GE, first),
                )
            )
        elif field.decimals:
            after = field.bands[n + 1]
            # Between two whole bounds lie numbers with decimals: the upper one is left open.
            between = (Compare(field.key, Op.GE, first), Not(Compare(field.key, Op.GE, after)))
            buckets.append((Counted(2, f"{first}～{after}", field.unit), all_of(*between)))
        else:
            last = field.bands[n + 1] - step
            said = f"{first}" if first == last else f"{first}～{last}"
            label = Counted(last if first == last else 2, said, field.unit)
            buckets.append((label, Compare(field.key, Op.BETWEEN, (first, last))))
    # What no band holds: a birth date in the future, a floor below all floors.
    beside = all_of(Compare(field.key, Op.KNOWN), Not(any_of(*(where for _said, where in buckets))))
    return [*buckets, (_("其他"), beside)]


def _by_place(field: Field) -> Axis:
    def name(seen: list[Any]) -> dict[Any, Bucket]:
        known = [(path, said) for path, said in seen if path]
        rest: Node = Not(Compare(field.key, Op.IN, tuple(path for path, _said in known)))
        label = Word(f"不在任何{field.label}")
        return {(None, None): (label, rest if known else EVERYONE)} | {
            (path, said): (said, Compare(field.key, Op.EQ, path)) for path, said in known
        }

    return Axis(Sql(f"(t0.{field.level}_path, t0.{field.level}_name)"), name, _place_order)


def _place_order(place: tuple[str | None, str | None]) -> tuple[bool, str]:
    return place[0] is None, place[0] or ""


def _unknown(field: Field) -> Bucket:
    return UNKNOWN, Not(Compare(field.key, Op.KNOWN))
