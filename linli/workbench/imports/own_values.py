"""Facts that an office added itself, in a list like any other: compared, written, put back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from linli.core.batches import in_batches
from linli.core.fields import Field, Kind
from linli.register.people.models import Person
from linli.register.people.rules import is_older_news
from linli.register.places.models import Place
from linli.register.posts.models import User
from linli.workbench.conditions.models import OwnFieldValue
from linli.workbench.conditions.own_fields import COLUMNS, LINKS, dictionary, key_of
from linli.workbench.imports.parsed_row import Draft

Memory = list[dict[str, Any]]


def fields_of(subject: str) -> dict[str, Field]:
    """Return the own facts of a subject that the active scope may fill, by key."""
    return {
        field.key: field for field in dictionary().fields_of(subject) if field.attribute is not None
    }


def _known(subject: str, keys: Sequence[int]) -> dict[tuple[str, int], OwnFieldValue]:
    link = LINKS[subject]
    rows = OwnFieldValue.objects.filter(**{f"{link}__in": list(keys)})
    return {(key_of(row.attribute_id), getattr(row, link)): row for row in rows}


def _value(field: Field, row: OwnFieldValue | None) -> Any:
    value = getattr(row, COLUMNS[field.kind]) if row is not None else None
    # A text that nobody knows is stored empty, other kinds as NULL.
    return None if value == "" else value


def json_value(value: Any) -> Any:
    """Return a value as JSON keeps it."""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value.isoformat() if isinstance(value, date) else value


def _read(field: Field, value: Any) -> Any:
    if value is None:
        return None
    if field.kind is Kind.NUMBER:
        # By way of text: a float would bring digits that nobody wrote.
        return Decimal(str(value))
    return date.fromisoformat(value) if field.kind is Kind.DATE else value


def compare(drafts: Sequence[Draft], subject: str, *, offered_on: date) -> None:
    """Add to each row about somebody known what it says otherwise of the office's own facts."""
    with_own = [one for one in drafts if one.own and one.subject_id and not one.problems]
    fields = fields_of(subject) if with_own else {}
    for batch in in_batches(with_own):
        known = _known(subject, [one.subject_id or 0 for one in batch])
        for draft in batch:
            for key, new in draft.own.items():
                row = known.get((key, draft.subject_id or 0))
                old = _value(fields[key], row)
                if json_value(old) == json_value(new):
                    continue
                on = row.confirmed_on if row else None
                stays = is_older_news(known=old, known_on=on, offered=new, offered_on=offered_on)
                draft.changes.append(
                    {
                        "field": key,
                        "old": json_value(old),
                        "new": json_value(new),
                        "source": "",
                        "on": json_value(on),
                        "kept": stays,
                    }
                )


def write(
    rows: Iterable[tuple[int, int, Mapping[str, Any]]], subject: str, *, on: date, by: User
) -> Memory:
    """Write (row, subject, own facts); return how to put it back."""
    memory: Memory = []
    fields = fields_of(subject)
    model: Any = Person if subject == "person" else Place
    for batch in in_batches([one for one in rows if one[2]]):
        keys = [key for _row, key, _own in batch]
        known = _known(subject, keys)
        paths = dict(model.objects.filter(pk__in=keys).values_list("pk", "scope_path"))
        for number, key, own in batch:
            for name in own:
                if name not in fields or key not in paths:
                    continue
                row = known.get((name, key)) or OwnFieldValue(
                    attribute_id=fields[name].attribute or 0,
                    scope_path=paths[key],
                    **{LINKS[subject]: key},
                )
                memory += _set(fields[name], row, _read(fields[name], own[name]), on, by, number)
    return memory


def _set(field: Field, row: OwnFieldValue, value: Any, on: date, by: User, number: int) -> Memory:
    before, was_on = _value(field, row), row.confirmed_on
    if is_older_news(known=before, known_on=was_on, offered=value, offered_on=on):
        return []
    is_new = row.pk is None
    setattr(row, COLUMNS[field.kind], value)
    row.confirmed_on, row.by = on, by
    row.save()
    return [
        {
            "pk": row.pk,
            "key": field.key,
            "row": number,
            "is_new": is_new,
            "before": json_value(before),
            "was_on": json_value(was_on),
            "after": json_value(value),
        }
    ]


def changed_since(memory: Memory, subject: str) -> list[int]:
    """Return the rows whose own facts say something else by now."""
    fields = fields_of(subject)
    now = OwnFieldValue.objects.in_bulk([change["pk"] for change in memory])
    return [
        change["row"]
        for change in memory
        if change["key"] not in fields
        or json_value(_value(fields[change["key"]], now.get(change["pk"]))) != change["after"]
    ]


def made(memory: Memory) -> set[int]:
    """Return the values that were not there before."""
    return {change["pk"] for change in memory if change["is_new"]}


def put_back(memory: Memory, subject: str) -> None:
    """Restore what was known before."""
    fields = fields_of(subject)
    OwnFieldValue.objects.filter(pk__in=made(memory)).delete()
    earlier = [change for change in memory if not change["is_new"]]
    for change, row in ((one, OwnFieldValue.objects.get(pk=one["pk"])) for one in earlier):
        field = fields[change["key"]]
        empty = "" if COLUMNS[field.kind] == "text" else None
        before = _read(field, change["before"])
        setattr(row, COLUMNS[field.kind], empty if before is None else before)
        row.confirmed_on = date.fromisoformat(change["was_on"]) if change["was_on"] else None
        row.save()
