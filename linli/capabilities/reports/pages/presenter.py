"""What the templates of a question are given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.core.paginator import Paginator
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from linli.capabilities.reports import rules
from linli.capabilities.reports.pages.quick_filters import groups_for
from linli.capabilities.reports.pages.url_state import QueryState, from_condition
from linli.capabilities.reports.queries import places_to_choose
from linli.core.fields import DICTIONARY, Compare, Condition, Op
from linli.core.interface.registry import AnswerUse, answer_uses, record_address
from linli.core.interface.view_models import Cell, Column, Tab
from linli.core.scope import current_scope
from linli.register.posts.rules import MAY_EXPORT
from linli.workbench.conditions import queries
from linli.workbench.conditions.places import name_together
from linli.workbench.conditions.results import ColumnOf, OfferedField, ResultLine, Rows

MOST_IN_ONE_GROUP = 200


@dataclass(frozen=True)
class PlaceChoice:
    """A place to narrow the question to."""

    label: str
    text: str
    on: bool


@dataclass(frozen=True)
class ShownChip:
    """One part of the question with the address that asks without it."""

    text: str
    without: str


def subject_keys() -> list[str]:
    """Return what can be asked about."""
    return [subject.key for subject in DICTIONARY.subjects]


def subject_tabs(state: QueryState) -> list[Tab]:
    """Return the choice between people, households, dwellings and buildings."""
    here = reverse("reports:ask")
    return [
        Tab(subject.label, f"{here}?s={subject.key}", subject.key == state.subject)
        for subject in DICTIONARY.subjects
    ]


def heading(state: QueryState, current: str = "list") -> dict[str, Any]:
    """Return what every page about a question shows: tabs, chips, and where they lead."""
    chips = [
        ShownChip(queries.said(Condition(state.subject, part)), state.without(part).href())
        for part in state.parts
    ]
    views = [
        Tab(_("名单"), state.href(), current == "list"),
        Tab(_("交叉表"), state.href("reports:cross"), current == "cross"),
    ]
    return {"state": state, "chips": chips, "views": views, "subjects": subject_tabs(state)}


def boxes(state: QueryState) -> dict[str, Any]:
    """Return what can be ticked, and the parts of the question that no box stands for."""
    groups, stood_for = groups_for(state)
    places = _places(state)
    stood_for |= {place.text for place in places if place.on}
    return {
        "groups": groups,
        "places": places,
        "kept": [text for text in state.texts if text not in stood_for],
        "more_href": state.href("reports:more"),
        "typed": state.sentence,
    }


def _places(state: QueryState) -> list[PlaceChoice]:
    level = {"community": "community", "grid": "grid", "micro_grid": "micro_grid"}
    texts, shown, offered = set(state.texts), [], list(places_to_choose())
    # All at once: naming them one by one would ask the database for each.
    name_together(place.path for place in offered)
    for place in offered:
        field = level.get(place.kind, place.kind)
        if DICTIONARY.has(state.subject, field):
            text = state.text_of(Compare(field, Op.EQ, place.path))
            shown.append(PlaceChoice(place.name, text, text in texts))
    return shown


def answer(state: QueryState) -> dict[str, Any]:
    """Return the count and one page of the list."""
    rows = queries.rows(
        state.condition,
        columns=state.columns,
        sort=state.sort,
        offset=(state.page - 1) * rules.LIST_PAGE,
        limit=rules.LIST_PAGE,
    )
    pages = Paginator(range(rows.total), rules.LIST_PAGE)
    return {
        **heading(state),
        **beside(state, rows.total),
        "total": rows.total,
        "counter": DICTIONARY.subject(state.subject).counter,
        "table_columns": [_column(state, column) for column in rows.columns] + [_fresh_column()],
        "table_rows": [_row(rows, line) for line in rows.lines],
        "page_obj": pages.get_page(state.page),
        "columns_href": state.href("reports:columns"),
        "save_href": state.href("reports:save"),
        "take_href": state.href("reports:take"),
        "may_take": current_scope().role in MAY_EXPORT,
        "uses": _uses(state),
    }


def beside(state: QueryState, found: int) -> dict[str, Any]:
    """Return what is told beside an answer to "no", and where those without a record are listed."""
    left = queries.beside(state.condition, found)
    if left is None:
        return {}
    others = replace(from_condition(left.condition), columns=state.columns)
    return {"beside": left, "beside_href": others.href() if left.number else ""}


def _uses(state: QueryState) -> list[tuple[AnswerUse, str]]:
    """Return what else can be made of this condition, each with where."""
    query = QueryDict(mutable=True)
    query["s"], query["c"] = state.subject, queries.condition_text(state.condition)
    uses = answer_uses(state.subject, current_scope())
    return [(use, f"{reverse(use.url_name)}?{query.urlencode()}") for use in uses]


def _column(state: QueryState, column: ColumnOf) -> Column:
    sort, now = "", ""
    if column.sortable:
        down = state.sort == column.key
        sort = replace(state, sort=f"-{column.key}" if down else column.key, page=1).href()
        now = {column.key: "ascending", f"-{column.key}": "descending"}.get(state.sort, "")
    kind = "number" if column.kind == "number" else "text"
    return Column(column.label, kind, sort_href=sort, sorted=now)


def _fresh_column() -> Column:
    return Column(_("最近核实"))


def _row(rows: Rows, line: ResultLine) -> list[Cell]:
    subject = DICTIONARY.subject(rows.subject)
    # A dwelling's or building's key is the key of its place.
    href = record_address(subject.model.lower(), line.id)
    if not href and subject.model.startswith("places."):
        href = record_address("places.place", line.id)
    cells = [
        Cell(shown.text or "—", href=href if number == 0 else "")
        for number, shown in enumerate(line.cells)
    ]
    fresh = line.confirmed_on.isoformat() if line.confirmed_on else _("从未核实")
    return [*cells, Cell(fresh)]


def grouped(offered: Sequence[OfferedField]) -> list[tuple[str, list[OfferedField]]]:
    """Return fields under the headings of the dictionary, in its order."""
    groups: dict[str, list[OfferedField]] = {}
    for field_offered in offered[:MOST_IN_ONE_GROUP]:
        groups.setdefault(field_offered.group, []).append(field_offered)
    return list(groups.items())


def matching(offered: Iterable[OfferedField], find: str) -> list[OfferedField]:
    """Return the fields whose name or other word contains what was typed."""
    wanted = find.strip()
    return [
        field_offered
        for field_offered in offered
        if not wanted
        or wanted in field_offered.label
        or wanted.casefold() in _(field_offered.label).casefold()
        or any(wanted in word for word in field_offered.synonyms)
    ]
