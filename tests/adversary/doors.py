"""Every door that takes a condition, a filter, an order or a search, and what to try at it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from linli.core.fields import DICTIONARY, Field, Kind
from linli.register.posts.rules import Access
from linli.workbench.conditions.access import access_to
from linli.workbench.conditions.own_fields import dictionary
from tests.adversary.worlds import ONE, OWN, Town, Try
from tests.guards.walker.test_every_address import plan
from tests.guards.walker.walk import addresses
from tests.residents.world import by_the_system

EVERYBODY: dict[str, Any] = {"all": []}
LISTS = ("person", "household", "dwelling", "building")


def masked(role: str) -> Iterator[Field]:
    """Return the fields that a role sees masked, found in the registry; own ones too."""
    with by_the_system():
        words = dictionary()
    for subject in words.subjects:
        for field in words.fields_of(subject.key, all=True):
            if access_to(field, role) is Access.MASKED:
                yield field


def guesses(one: Field) -> list[Any]:
    """Return a guess that is right in the one world and wrong in the other, or parts them."""
    if one.attribute is not None:
        first = OWN[one.kind.value]
        return [first[0]]
    known = {"birth_date": ONE.birth_date, "household_youngest_birth_date": ONE.birth_date}.get(
        one.key, getattr(ONE, one.key, None)
    )
    if known is not None:
        return [known]
    return [ONE.birth_date] if one.kind is Kind.DATE else [ONE.phone]


def nodes(one: Field) -> Iterator[dict[str, Any]]:
    """Return every comparison of a field that would tell one world from the other."""
    for guess in guesses(one):
        yield from _comparisons(one, guess)


def _comparisons(one: Field, guess: Any) -> Iterator[dict[str, Any]]:
    plain = guess.isoformat() if isinstance(guess, date) else guess
    about = {"field": one.key}
    later: Any = plain
    if isinstance(guess, date):
        later = (guess + timedelta(days=8)).isoformat()
    elif isinstance(guess, int) and not isinstance(guess, bool):
        later = guess + 5
    yield {**about, "op": "eq", "value": plain}
    yield {"not": {**about, "op": "eq", "value": plain}}
    if one.kind in (Kind.DATE, Kind.NUMBER):
        yield {**about, "op": "le", "value": later}
        yield {**about, "op": "lt", "value": later}
        yield {**about, "op": "ge", "value": later}
        yield {**about, "op": "gt", "value": later}
        yield {**about, "op": "between", "value": [plain, later]}
    if one.kind is Kind.DATE:
        yield {**about, "op": "within", "value": 36500 if one.attribute is None else 200}
        yield {**about, "op": "within", "value": 31150}
        yield {**about, "op": "coming", "value": 200}
    if one.kind in (Kind.CHOICE, Kind.TEXT):
        yield {**about, "op": "in", "value": [plain, "别的"]}
    if one.kind is Kind.TEXT:
        yield {**about, "op": "contains", "value": str(plain)[2:5]}
        yield {**about, "op": "contains", "value": str(plain)}


def has(subject: str) -> Iterator[tuple[str, str]]:
    """Return from where a subject is reached: (subject, relation)."""
    for one in DICTIONARY.subjects:
        for relation in one.relations:
            if relation.target == subject:
                yield one.key, relation.key


def programs(town: Town, role: str) -> Iterator[Try]:
    """Try every comparison, order and group of every masked field at the API."""
    for field in masked(role):
        for node in nodes(field):
            yield from _asked(field, node)
        some = next(nodes(field))
        for subject, relation in has(field.subject):
            body = {"condition": {"subject": subject, "where": {"has": relation, "where": some}}}
            yield _json(f"has {relation} {field.key}", "count", body)
        everybody = {"condition": {"subject": field.subject, "where": EVERYBODY}}
        if field.subject in LISTS:
            yield _json(f"row {field.key}", "cross-tab", {**everybody, "row": field.key})
            for sort in (field.key, f"-{field.key}"):
                yield _json(f"sort {sort}", "list", {**everybody, "sort": sort})
    yield from _orders(role)


def _asked(one: Field, node: dict[str, Any]) -> Iterator[Try]:
    body = {"condition": {"subject": one.subject, "where": node}}
    said = json.dumps(node, ensure_ascii=False)
    yield _json(said, "count", body)
    either = {"any": [{"not": {"all": []}}, node]}
    if "not" in node:
        yield _json(
            f"any {said}", "count", {"condition": {"subject": one.subject, "where": either}}
        )
    if node.get("op") == "eq":
        yield _json(said, "list", body)
        row = {"row": "community"} if one.subject in LISTS else {"row": "kind"}
        yield _json(said, "cross-tab", {**body, **row})


def _orders(role: str) -> Iterator[Try]:
    """Order and group by everything that is open: it may be worked out of what is masked."""
    for subject in LISTS:
        everybody = {"condition": {"subject": subject, "where": EVERYBODY}}
        for field in DICTIONARY.fields_of(subject, all=True):
            for sort in (field.key, f"-{field.key}"):
                yield _json(f"{subject} sort {sort}", "list", {**everybody, "sort": sort})
            yield _json(f"{subject} row {field.key}", "cross-tab", {**everybody, "row": field.key})
            known = {"field": field.key, "op": "known"}
            yield _json(
                f"{subject} known {field.key}",
                "count",
                {"condition": {"subject": subject, "where": known}},
            )


def _json(name: str, what: str, body: dict[str, Any]) -> Try:
    return Try(f"{what} {name}", lambda who: who.post_json(f"/api/v1/conditions/{what}", body))


LEFT_OUT = ("account/", "static/", "sign-in/", "patterns/")


def pages(town: Town, role: str) -> Iterator[Try]:
    """Open every address of the resolver about the resident's own neighbourhood."""
    every = [address for address in addresses() if not address.route.startswith(LEFT_OUT)]
    paths = {
        path: None
        for one in every
        for area, path, _ in plan(one, town.walk)
        if area in ("", "ours")
    }
    for path in paths:
        yield Try(f"GET {path}", lambda who, path=path: who.get(path))


__all__ = ["pages", "programs"]
