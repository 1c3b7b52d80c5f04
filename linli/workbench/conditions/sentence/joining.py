"""Join what was read: next to each other means and; 或, 、 and 和 join the nearest two.

"独居或空巢老人" is old people who live alone or in an empty nest. When both sides of 或 speak of
the same number ("60岁以上残疾人和80岁以上老人"), whole sides are joined instead. 、 and 和 mean
"or" between kinds of people or places, and "and" beside a number.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from linli.core.fields import AnyOf, Has, Node, Not, all_of, any_of
from linli.workbench.conditions.sentence.items import Item, said


@dataclass(frozen=True)
class Part:
    """One part of the whole, joined to the others by and: one chip."""

    where: Node
    words: str
    note: str = ""


def parts_of(items: list[Item], relation: str, at_least: int) -> list[Part]:
    """Return the parts of a condition; ``relation`` leads to the people of the subject."""
    items = _settled(items)
    places = [item for item in items if item.is_place]
    facts = _without_soft([item for item in items if not item.is_place])
    runs = _runs(places) + (_whole_sides(facts) or _runs(facts))
    return _parts(runs, relation, at_least)


def _settled(items: list[Item]) -> list[Item]:
    """Decide what 、 and 和 mean between two neighbours."""
    made: list[Item] = []
    for item in items:
        joined = item.joined
        if joined == "list":
            number = item.explicit or (made and made[-1].explicit)
            same_kind = made and made[-1].is_place == item.is_place
            joined = "or" if same_kind and not (number and not _same_side(item, made)) else ""
        made.append(replace(item, joined="or" if joined == "or" and made else ""))
    return made


def _same_side(item: Item, before: list[Item]) -> bool:
    """Do both speak of the same number, so that they are alternatives?"""
    return item.explicit and any(other.key == item.key for other in before)


def _without_soft(items: list[Item]) -> list[Item]:
    """Let "老人" give way to an age beside it, and "老人" after "高龄" to that."""
    made: list[Item] = []
    for run in _split(items):
        explicit = {item.key_of_number for item in map(_Known, run) if item.is_number}
        seen: set[str] = set()
        kept: list[Item] = []
        for item in run:
            number = _Known(item).key_of_number
            gives_way = item.soft and not item.negated and (number in explicit or number in seen)
            if item.soft:
                seen.add(number)
            if gives_way and kept:
                kept[-1] = replace(kept[-1], words=kept[-1].words + item.words)
            elif gives_way:
                continue
            else:
                kept.append(item)
        # What led the run may have given way: its 或 passes to what follows.
        if kept and run and kept[0] is not run[0]:
            kept[0] = replace(kept[0], joined=run[0].joined)
        made += kept
    return made


@dataclass(frozen=True)
class _Known:
    item: Item

    @property
    def key_of_number(self) -> str:
        return getattr(self.item.where, "field", "")

    @property
    def is_number(self) -> bool:
        return self.item.explicit


def _split(items: list[Item]) -> list[list[Item]]:
    runs: list[list[Item]] = []
    for item in items:
        if item.joined == "or" and runs:
            runs.append([item])
        elif runs:
            runs[-1].append(item)
        else:
            runs.append([item])
    return runs


def _whole_sides(items: list[Item]) -> list[list[Item]] | None:
    """Return one group of whole sides, if the sides speak of the same number; else None."""
    sides = _split(items)
    if len(sides) < 2:
        return None
    numbers = [{_Known(item).key_of_number for item in side if item.explicit} for side in sides]
    if not any(numbers[n] & numbers[n + 1] for n in range(len(sides) - 1)):
        return None
    if any(item.member != items[0].member for item in items):
        return None
    merged = [
        Item(all_of(*map(said, side)), "".join(item.words for item in side), member=side[0].member)
        for side in sides
    ]
    return [merged]


def _runs(items: list[Item]) -> list[list[Item]]:
    """Return groups: the items of a group are alternatives, groups hold together."""
    groups: list[list[Item]] = []
    for item in items:
        if item.joined == "or" and groups:
            groups[-1].append(item)
        else:
            groups.append([item])
    return groups


def _parts(groups: list[list[Item]], relation: str, at_least: int) -> list[Part]:
    parts, members, words = [], [], ""
    for group in groups:
        said_so = "或".join(item.words for item in group)
        note = next((item.note for item in group if item.note), "")
        if not any(item.member for item in group):
            parts.append(Part(_either(group), said_so, note))
        elif all(item.member and not item.negated for item in group):
            members.append(any_of(*(item.where for item in group)))
            words += said_so
        else:
            parts.append(Part(any_of(*(_of_member(item, relation) for item in group)), said_so))
    if members:
        parts.append(Part(Has(relation, all_of(*members), at_least), words))
    return parts


def _either(group: list[Item]) -> Node:
    first, *others = group
    if first.negated and others and not any(item.negated for item in others):
        return Not(AnyOf(tuple(item.where for item in group)))
    return any_of(*map(said, group))


def _of_member(item: Item, relation: str) -> Node:
    if not item.member:
        return said(item)
    inner = Has(relation, item.where)
    return Not(inner) if item.negated else inner
