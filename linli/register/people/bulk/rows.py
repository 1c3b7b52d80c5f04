"""Applying the checked rows of a spreadsheet as a whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext_noop

from linli.core.actions import action, write_journal
from linli.core.errors import NotFound
from linli.core.scope import current_scope
from linli.register.people.actions.homes import settle
from linli.register.people.actions.stays import close_home, refused_when_doubled
from linli.register.people.bulk.placing import Placing
from linli.register.people.bulk.settle import ROWS_AT_ONCE, Facts, first_stay, new_person
from linli.register.people.household_aggregates import recount, set_counts, store_heads
from linli.register.people.models import FactStamp, Household, Person, Residence
from linli.register.people.normalise import DERIVED, OF_ONE_TRUTH, prepare
from linli.register.people.provenance import Stamp, merge, own_stamp, stamp_rows
from linli.register.people.reversal import Recording
from linli.register.people.terms import Relation
from linli.register.places.models import Place
from linli.register.posts.models import User
from linli.register.posts.permits import role_in
from linli.register.posts.rules import MAY_IMPORT


@dataclass(frozen=True)
class NewRow:
    """A row of a spreadsheet about somebody new; ``household_number`` keeps families apart.

    ``missing_head`` names a head above in the sheet who does not come in with the family.
    """

    row: int
    dwelling: Place
    facts: Facts
    household_number: str = ""
    missing_head: str = ""


@dataclass(frozen=True)
class ChangedRow:
    """A row about somebody known: what it says otherwise, and where they live if they moved.

    ``chosen`` names facts that somebody chose although what we know was confirmed later.
    """

    row: int
    person_id: int
    changes: Facts
    dwelling: Place | None = None
    chosen: frozenset[str] = frozenset()


@dataclass(frozen=True)
class BulkResult:
    """What a spreadsheet did; ``undo`` is sealed text for ``undo_rows``, to be kept as it is.

    ``kept`` names by row the facts that stayed because what we know was confirmed later;
    ``awaiting_head`` counts new households whose head the sheet did not bring;
    ``written`` names by record what was written, for seeing which later list rests on it.
    """

    created: Mapping[int, int]
    changed: tuple[int, ...]
    kept: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    undo: str = ""
    written: Mapping[str, Sequence[str]] = field(default_factory=dict)
    awaiting_head: int = 0


@action(
    "people.apply_rows",
    term=gettext_noop("导入居民表格"),
    may=role_in(MAY_IMPORT),
    journal="people.rows_applied",
)
def apply_rows(
    *,
    new: Sequence[NewRow],
    changed: Sequence[ChangedRow],
    source: str,
    confirmed_on: date,
    by: User,
    what: str = "",
) -> BulkResult:
    """Apply the checked rows of a spreadsheet as a whole; ``what`` is the file's name."""
    offered = Stamp(source, confirmed_on, by.pk if by else None)
    recording = _recording(new, changed)
    touched = Touched()
    with refused_when_doubled():
        created = _create(new, offered, touched)
        kept_facts = _change(changed, offered, touched)
    # Somebody known may be the head by what the list says.
    store_heads(touched.households)
    recount(households=touched.households, dwellings=touched.dwellings, on=confirmed_on)
    memory = recording.memory(created=list(created.values()))
    data = {"new": len(created), "changed": len(changed), "kept": len(kept_facts)}
    paths = current_scope().paths
    write_journal(
        "people.rows_applied", text=what, data=data, scope_path=paths[0] if paths else "", by=by
    )
    rows = tuple(changed_row.row for changed_row in changed)
    made = Household.objects.filter(pk__in=memory.households_made, awaits_head=True)
    return BulkResult(
        created, rows, kept_facts, memory.sealed(), memory.written(), awaiting_head=made.count()
    )


@dataclass
class Touched:
    """The households and dwellings that are to be counted again."""

    households: set[int | None] = field(default_factory=set)
    dwellings: set[int] = field(default_factory=set)


def _recording(new: Sequence[NewRow], changed: Sequence[ChangedRow]) -> Recording:
    homes = {row.dwelling.pk for row in new}
    homes |= {row.dwelling.pk for row in changed if row.dwelling is not None}
    named = {name for row in changed for name in row.changes}
    if "identity_number" in named:
        # A number tells these, and which kind of number it is.
        named |= {"birth_date", "sex", "identity_kind"}
    if named & set(OF_ONE_TRUTH):
        named |= set(OF_ONE_TRUTH)
    made = {column for name in named for column in DERIVED.get(name, ())}
    return Recording([row.person_id for row in changed], homes, sorted(named | made))


def _create(new: Sequence[NewRow], offered: Stamp, touched: Touched) -> dict[int, int]:
    stamp = {
        "source": offered.source,
        "confirmed_on": offered.confirmed_on,
        "confirmed_by_id": offered.confirmed_by_id,
    }
    placing = Placing([new_row.dwelling for new_row in new], stamp)
    people = []
    for new_row in new:
        relation = str(new_row.facts.get("relation_to_head") or "")
        household = placing.household(
            new_row.dwelling, new_row.household_number, relation, new_row.missing_head
        )
        people.append(new_person(new_row.dwelling, household, new_row.facts, stamp))
    _count_new(placing.made, people)
    Household.objects.bulk_create(placing.made, batch_size=ROWS_AT_ONCE)
    Person.objects.bulk_create(people, batch_size=ROWS_AT_ONCE)
    Residence.objects.bulk_create([first_stay(p) for p in people], batch_size=ROWS_AT_ONCE)
    # Last, because a household and its head point at each other.
    store_heads([person.household_id for person in people])
    # New households were counted before they were stored.
    formed = {household.pk for household in placing.made}
    touched.households |= {person.household_id for person in people} - formed
    touched.dwellings |= {person.home_id for person in people}
    return {added_row.row: person.pk for added_row, person in zip(new, people, strict=True)}


def _count_new(households: Sequence[Household], people: Sequence[Person]) -> None:
    """Count new households before they are stored; who lives alone heads the household."""
    members: dict[int, list[Person]] = defaultdict(list)
    for person in people:
        members[id(person.household)].append(person)
    for household in households:
        there = members[id(household)]
        set_counts(household, there)
        relations = {person.relation_to_head for person in there}
        # Somebody's wife or son waits for that head: the row may have been refused.
        household.awaits_head = Relation.HEAD not in relations and relations != {""}
        if len(there) == 1 and not household.awaits_head:
            there[0].relation_to_head = Relation.HEAD


def _change(
    changed: Sequence[ChangedRow], offered: Stamp, touched: Touched
) -> dict[int, tuple[str, ...]]:
    kept_facts: dict[int, tuple[str, ...]] = {}
    for start in range(0, len(changed), ROWS_AT_ONCE):
        batch = changed[start : start + ROWS_AT_ONCE]
        people = Person.objects.select_related("home").in_bulk(
            [changed_row.person_id for changed_row in batch]
        )
        kept_facts |= _change_batch(batch, people, offered, touched)
    return kept_facts


def _change_batch(
    batch: Sequence[ChangedRow], people: dict[int, Person], offered: Stamp, touched: Touched
) -> dict[int, tuple[str, ...]]:
    rows: dict[int, dict[str, FactStamp]] = defaultdict(dict)
    for row in FactStamp.objects.filter(person__in=people):
        rows[row.person_id][row.field] = row
    kept_facts: dict[int, tuple[str, ...]] = {}
    to_save: dict[tuple[str, ...], list[Person]] = defaultdict(list)
    old_stamps: list[int] = []
    new_stamps: list[FactStamp] = []
    for changed_row in batch:
        person = people.get(changed_row.person_id)
        if person is None:
            raise NotFound()
        prepared = _prepared(person, changed_row.changes)
        known = defaultdict(lambda p=person: own_stamp(p))  # type: ignore[misc]
        for name, row in rows[person.pk].items():
            known[name] = Stamp(row.source, row.confirmed_on, row.confirmed_by_id)
        for name in changed_row.chosen:
            # What has no day yields to any offer (is_older_news).
            known[name] = Stamp(known[name].source, None)
        merged = merge(person, prepared, offered, known)
        if merged.kept:
            kept_facts[changed_row.row] = tuple(each.field for each in merged.kept)
        if merged.changed:
            to_save[tuple(sorted(set(merged.changed)))].append(person)
        if "residence_status" in merged.changed:
            touched.dwellings.add(person.home_id)
        old_stamps += [row.pk for name, row in rows[person.pk].items() if name in merged.stamped]
        new_stamps += stamp_rows(person, merged.stamped, offered)
        touched.households.add(person.household_id)
    for columns, group in to_save.items():
        # One set of columns at a time: a fact that a row does not name is not written.
        Person.objects.bulk_update(group, columns, batch_size=100)
    FactStamp.objects.filter(pk__in=old_stamps).delete()
    FactStamp.objects.bulk_create(new_stamps, batch_size=ROWS_AT_ONCE)
    for changed_row in batch:
        _move(people[changed_row.person_id], changed_row.dwelling, offered, touched)
    return kept_facts


def _prepared(person: Person, changes: Facts) -> dict[str, Any]:
    facts = dict(changes)
    if "identity_number" in facts and "identity_kind" not in facts and person.identity_kind:
        facts["identity_kind"] = person.identity_kind
    return prepare(facts, known=person)


def _move(person: Person, dwelling: Place | None, offered: Stamp, touched: Touched) -> None:
    if dwelling is None or dwelling.pk == person.home_id or offered.confirmed_on is None:
        return
    touched.households.add(person.household_id)
    touched.dwellings |= {person.home_id, dwelling.pk}
    close_home(person, offered.confirmed_on)
    settle(person, dwelling, None, offered.confirmed_on, "")
    touched.households.add(person.household_id)
