"""A condition: which people, households, dwellings or buildings.

Every node is true or false of a row, never unknown: a comparison with a missing value is false, so
``Not`` of it is true, in every engine. "Not known" is ``Not(Compare(field, Op.KNOWN))``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from linli.core.fields.kinds import Op

Scalar: TypeAlias = int | Decimal | bool | str | date
Value: TypeAlias = Scalar | tuple[Scalar, ...] | None


@dataclass(frozen=True, slots=True)
class Compare:
    """One fact compared with a value.

    BETWEEN takes (first, last), both included; IN a tuple; WITHIN and COMING a number of days, of
    which today is one end; KNOWN nothing. A place is compared by its path and holds all below it.
    """

    field: str
    op: Op
    value: Value = None


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part holds; without parts it holds for everybody."""

    parts: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold, or the fact it asks for is missing."""

    part: Node


@dataclass(frozen=True, slots=True)
class Has:
    """At least so many related rows (members of a household …) for which ``where`` holds."""

    relation: str
    where: Node
    at_least: int = 1


Node: TypeAlias = AllOf | AnyOf | Not | Compare | Has
EVERYONE = AllOf()


@dataclass(frozen=True, slots=True)
class Condition:
    """A subject ("person", "household", "dwelling", "building") and which of them.

    ``unread`` are the words of a sentence that were not understood and left out by a person who was
    told so. They select nothing; they stand in its text and its JSON, so that whatever is made of
    it says that it is not the whole sentence.
    """

    subject: str
    where: Node = EVERYONE
    unread: tuple[str, ...] = ()


def normal(node: Node) -> Node:
    """Return the same condition without needless nesting: the spelling that is stored and shown."""
    match node:
        case AllOf(parts):
            return _flat(AllOf, parts)
        case AnyOf(parts):
            return _flat(AnyOf, parts)
        case Not(part):
            inner = normal(part)
            return inner.part if isinstance(inner, Not) else Not(inner)
        case Has(relation, where, at_least):
            return Has(relation, normal(where), at_least)
    return node


def _flat(kind: type[AllOf] | type[AnyOf], parts: tuple[Node, ...]) -> Node:
    flat: list[Node] = []
    for part in map(normal, parts):
        flat += part.parts if isinstance(part, kind) else [part]
    return flat[0] if len(flat) == 1 else kind(tuple(flat))


def all_of(*parts: Node) -> Node:
    """Return that every part holds, in the normal spelling."""
    return normal(AllOf(parts))


def any_of(*parts: Node) -> Node:
    """Return that one part holds, in the normal spelling."""
    return normal(AnyOf(parts))


def walk(node: Node) -> Iterator[Node]:
    """Go through the nodes about the same subject; what stands inside ``Has`` is another's."""
    yield node
    match node:
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from walk(part)
        case Not(part):
            yield from walk(part)


def fields_asked(node: Node) -> set[str]:
    """Return the keys of the fields that are compared, of this subject only."""
    return {part.field for part in walk(node) if isinstance(part, Compare)}
