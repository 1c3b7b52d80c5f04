"""What was read of a sentence, before it is joined."""

from __future__ import annotations

from dataclasses import dataclass, field

from linli.core.fields import Node, Not


@dataclass(frozen=True)
class Item:
    """One condition that was read. ``member``: it is about the people who belong to the subject."""

    where: Node
    words: str
    key: str = ""
    soft: bool = False
    explicit: bool = False
    negated: bool = False
    member: bool = False
    is_place: bool = False
    note: str = ""
    joined: str = ""  # how it hangs on the item before: "", "or", "list", "and"


@dataclass
class Read:
    """Everything a sentence said."""

    items: list[Item] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    unread: set[int] = field(default_factory=set)  # where the pieces of ``unknown`` begin
    spread_by: str = ""
    at_least: int = 1


def said(item: Item) -> Node:
    """Return the item with its reversal."""
    return Not(item.where) if item.negated else item.where
