"""Matching a list to a register: equal numbers, then few candidates per row, then evidence."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from linli.capabilities.record_linkage.matching import comparing
from linli.capabilities.record_linkage.matching.entries import LinkageEntry
from linli.capabilities.record_linkage.matching.weights import BITS, bits_of_a_name, bits_of_a_sound
from linli.capabilities.record_linkage.rules import DECIDE_BITS, bucket_of

MOST_IN_A_BLOCK = 80  # a block larger than this tells nobody apart
RIVALS_KEPT = 3
WORTH_OPENING = DECIDE_BITS - 12
AGREEING = frozenset({"same", "sound", "near", "part", "month", "tail", "door", "swapped"})
Opened = Mapping[int, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Rival:
    """Somebody of the register a row may be about: how many bits, and how each fact came out."""

    key: int
    bits: float
    levels: tuple[tuple[str, str], ...]

    @property
    def contradicted(self) -> bool:
        """Does something speak against it that no sum of bits may outweigh?

        Twins share birthday, door and phone: another character in the name is another person.
        """
        levels = dict(self.levels)
        number, name = levels.get("number"), levels.get("name")
        # An equal number with another name: one of the two is wrong, and somebody looks.
        if number == "same":
            return name in ("surname", "other")
        others = name not in ("same", "sound") and number != "near"
        return others or number == "other" or levels.get("sex") == "other"

    @property
    def agreeing(self) -> int:
        """How many facts agree, sex apart?"""
        return sum(level in AGREEING for fact, level in self.levels if fact != "sex")


@dataclass(frozen=True, slots=True)
class RowMatch:
    """What became of a row: bucket "sure", "decide" or "new", and its candidates, best first.

    ``same_as`` is the earlier row about the same person.
    """

    row: int
    bucket: str
    rivals: tuple[Rival, ...] = ()
    same_as: int | None = None


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
        if same is not None:
            # An equal number needs no rivals: whatever else differs is old or is looked at.
            return [self._scored(row, self._people[same])]
        keys: set[int] = set()
        for key in block_keys(row):
            block = self._blocks.get(key, ())
            if len(block) <= MOST_IN_A_BLOCK:
                keys.update(block)
        rivals = [self._scored(row, self._people[key]) for key in keys]
        rivals.sort(key=lambda one: (-one.bits, one.key))
        return [rival for rival in rivals[:RIVALS_KEPT] if rival.bits >= WORTH_OPENING]

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
            again.sort(key=lambda one: (-one.bits, one.key))
            closer.append((row, again))
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
        levels = (
            ("number", comparing.number_level(row, person)),
            ("name", comparing.name_level(row, person)),
            ("birth", comparing.birth_level(row, person)),
            ("phone", comparing.phone_level(row, person)),
            ("place", comparing.place_level(row, person)),
            ("sex", comparing.sex_level(row, person)),
        )
        bits = sum(self._bits(fact, level, person) for fact, level in levels if level)
        return Rival(person.key, round(bits, 1), tuple(one for one in levels if one[1]))

    def _bits(self, fact: str, level: str, person: LinkageEntry) -> float:
        if fact == "name" and level == "same":
            return bits_of_a_name(self._names[person.name], len(self._people))
        if fact == "name" and level == "sound":
            return bits_of_a_sound(self._sounds[person.sound], len(self._people))
        return BITS[fact, level]

    def _settled(
        self, row: LinkageEntry, rivals: Sequence[Rival], seen: dict[int, int]
    ) -> RowMatch:
        likely = tuple(rival for rival in rivals if rival.bits >= DECIDE_BITS)
        if not likely:
            return RowMatch(row.key, "new")
        best = likely[0]
        ahead = best.bits - (likely[1].bits if len(likely) > 1 else 0.0)
        bucket = bucket_of(
            bits=best.bits,
            ahead=ahead,
            agreeing=best.agreeing + _by_number(best),
            contradicted=best.contradicted,
        )
        earlier = seen.get(best.key)
        # One person takes one row: which of two counts is for somebody to say.
        if earlier is not None:
            return RowMatch(row.key, "decide", likely, earlier)
        if bucket == "sure":
            seen[best.key] = row.key
        return RowMatch(row.key, bucket, likely)


def _by_number(one: Rival) -> int:
    """An equal number stands for two facts: it holds birth date and sex."""
    return int(("number", "same") in one.levels)
