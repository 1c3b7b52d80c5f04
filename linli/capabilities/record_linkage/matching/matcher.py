"""Matching a list to a register: equal numbers, then few candidates per row, then evidence."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from linli.capabilities.record_linkage.matching import comparing
from linli.capabilities.record_linkage.matching.entries import LinkageEntry
from linli.capabilities.record_linkage.matching.rivals import Rival, RowMatch
from linli.capabilities.record_linkage.matching.weights import (
    NAMED,
    WEIGHTS,
    bits_of_a_name,
    bits_of_a_sound,
)
from linli.capabilities.record_linkage.rules import BESIDE_BITS, DECIDE_BITS, bucket_of

MOST_IN_A_BLOCK = 80  # a block larger than this tells nobody apart
RIVALS_KEPT = 3
RIVALS_OPENED = 6  # where a digit is wrong the right one may not be among the first three
WORTH_OPENING = DECIDE_BITS - 12
Opened = Mapping[int, tuple[str, str]]


def block_keys(one: LinkageEntry) -> Iterator[tuple[str, object]]:
    """Yield what brings two people together: one thing that has to agree, whichever."""
    if one.phone:
        yield "phone", one.phone
    if one.born:
        yield "born", one.born
    if one.door:
        yield "door", one.door
    if one.name:
        yield "name", one.name
    if one.sound:
        yield "sound", one.sound
        # Of a common name there are more than a block holds; of one year there are few.
        if one.born or one.part:
            yield "year", (one.sound, one.born.year if one.born else int(one.part[:4]))
        if one.building:
            yield "here", (one.sound[:2], one.building)
        if one.tail:
            yield "tail", (one.sound[:1], one.tail)


class Matcher:
    """A register ready to be asked about one list; ``opened`` gives plain number and phone."""

    def __init__(
        self,
        register: Iterable[LinkageEntry],
        rows: Sequence[LinkageEntry],
        *,
        opened: Callable[[Sequence[int]], Opened] = lambda keys: {},
    ) -> None:
        self.rows = rows
        self._opened = opened
        self._people: dict[int, LinkageEntry] = {}
        self._numbers: dict[str, int] = {}
        self._blocks: dict[tuple[str, object], list[int]] = defaultdict(list)
        self._names: Counter[str] = Counter()
        self._sounds: Counter[str] = Counter()
        wanted = {key for row in rows for key in block_keys(row)}
        for linkage_entry in register:
            self._add(linkage_entry, wanted)

    def _add(self, person: LinkageEntry, wanted: set[tuple[str, object]]) -> None:
        self._people[person.key] = person
        self._names[person.name] += 1
        self._sounds[person.sound] += 1
        if person.number:
            self._numbers[person.number] = person.key
        for key in block_keys(person):
            # The list is known beforehand: a block that no row asks for need not be kept.
            if key in wanted:
                self._blocks[key].append(person.key)

    def matches(self, progress: Callable[[int], None] = lambda done: None) -> list[RowMatch]:
        """Return what became of every row, in the order of the list."""
        rivals_of_rows: list[tuple[LinkageEntry, list[Rival]]] = []
        for count, row in enumerate(self.rows):
            rivals_of_rows.append((row, self._rivals(row)))
            if count % 500 == 0:
                progress(count)
        rivals_of_rows = self._looked_closer(rivals_of_rows)
        seen: dict[int, int] = {}
        return [self._settled(row, rivals, seen) for row, rivals in rivals_of_rows]

    def _rivals(self, row: LinkageEntry) -> list[Rival]:
        same = self._numbers.get(row.number) if row.number else None
        keys: set[int] = set()
        if same is not None:
            rival = self._scored(row, self._people[same])
            if not rival.contradicted:
                # An equal number needs no rivals: whatever else differs is old.
                return [rival]
            keys.add(same)
        for key in block_keys(row):
            block = self._blocks.get(key, ())
            if len(block) <= MOST_IN_A_BLOCK:
                keys.update(block)
        rivals = [self._scored(row, self._people[key]) for key in keys]
        rivals.sort(key=_order)
        return [
            rival
            for rival in rivals[:RIVALS_OPENED]
            if rival.bits >= WORTH_OPENING or rival.has_the_number
        ]

    def _looked_closer(
        self, found: Sequence[tuple[LinkageEntry, list[Rival]]]
    ) -> list[tuple[LinkageEntry, list[Rival]]]:
        """Open numbers only where a wrong digit may be in play."""
        keys = {
            rival.key
            for row, rivals in found
            for rival in rivals
            if self._may_be_miscopied(row, rival)
        }
        for key, (number, phone) in self._opened(sorted(keys)).items():
            self._people[key].plain_number, self._people[key].plain_phone = number, phone
        closer = []
        for row, rivals in found:
            again = [self._scored(row, self._people[one.key]) for one in rivals]
            again.sort(key=_order)
            closer.append((row, again[:RIVALS_KEPT]))
        return closer

    def _may_be_miscopied(self, row: LinkageEntry, rival: Rival) -> bool:
        """Do both have a number, or both a phone, and the indexes say they differ?"""
        if dict(rival.levels).get("number") == "same":
            return False
        person = self._people[rival.key]
        phone = row.plain_phone if comparing.COVERED not in row.plain_phone else ""
        return bool(
            (row.plain_number and person.number)
            or (phone and person.phone and person.phone != row.phone)
        )

    def _scored(self, row: LinkageEntry, person: LinkageEntry) -> Rival:
        levels = comparing.levels_of(row, person)
        is_named = dict(levels).get("name") in NAMED
        bits = sum(self._bits(fact, level, person, is_named) for fact, level in levels)
        return Rival(person.key, round(bits, 1), levels)

    def _bits(self, fact: str, level: str, person: LinkageEntry, is_named: bool) -> float:
        if fact == "name" and level == "same":
            return bits_of_a_name(self._names[person.name], len(self._people))
        if fact == "name" and level == "sound":
            return bits_of_a_sound(self._sounds[person.sound], len(self._people))
        weight = WEIGHTS[fact, level]
        return weight.bits + (weight.named if is_named else 0)

    def _settled(
        self, row: LinkageEntry, rivals: Sequence[Rival], seen: dict[int, int]
    ) -> RowMatch:
        # Whoever has the number is looked at, and so are the others a doubtful number may mean.
        is_known = any(one.has_the_number for one in rivals)
        least = BESIDE_BITS if is_known else DECIDE_BITS
        likely = tuple(one for one in rivals if one.bits >= least or one.has_the_number)
        if not likely:
            return RowMatch(row.key, "new")
        best = likely[0]
        ahead = best.bits - (likely[1].bits if len(likely) > 1 else 0.0)
        bucket = bucket_of(
            bits=max(best.bits, DECIDE_BITS),
            ahead=ahead,
            agreeing=best.agreeing,
            contradicted=best.contradicted,
        )
        earlier = seen.get(best.key)
        # One person takes one row: which of two counts is for somebody to say.
        if earlier is not None:
            return RowMatch(row.key, "decide", likely, earlier)
        if bucket == "sure":
            seen[best.key] = row.key
        return RowMatch(row.key, bucket, likely)


def _order(one: Rival) -> tuple[bool, float, int]:
    """Whoever has the very number comes first, then whoever has most bits."""
    return not one.has_the_number, -one.bits, one.key
