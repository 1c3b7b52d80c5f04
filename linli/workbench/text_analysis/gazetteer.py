"""Which place a text speaks of, by the names and numbers of a tree; ambiguous ones are several."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from linli.workbench.text_analysis.address_spelling import Numbers, Spelt, number_in, spelt

HOUSE, ENTRANCE, DOOR = "building", "entrance", "dwelling"
NUMBERED = frozenset({HOUSE, ENTRANCE, DOOR})
SHORTEST_NAME = 2
MOST_FOUND = 8
SURE_FROM = 0.75
_SHORT_FOR = ("社区居委会", "居委会", "社区", "小区", "街道", "新村", "公寓")
_CONFIDENCE = {
    "estate": 0.85,
    "gate": 0.85,
    "station": 0.85,
    "hall": 0.85,
    "micro_grid": 0.8,
    "grid": 0.8,
    "community": 0.7,
    "subdistrict": 0.4,
    "district": 0.2,
    "city": 0.1,
    "province": 0.05,
}
WITH_HOUSE, WITH_DOOR, NUMBERS_ALONE = 0.95, 0.98, 0.7
SHORTENED, SEVERAL_NAMES, NUMBER_UNKNOWN = 0.9, 0.7, 0.75


class PlaceRow(NamedTuple):
    """A place of the tree as it is handed in."""

    id: Hashable
    kind: str
    name: str
    parent: Hashable | None
    address: str = ""


@dataclass(frozen=True)
class PlaceMatch:
    """A place a text may speak of, how sure that is, and by which words."""

    id: Hashable
    confidence: float
    piece: str


@dataclass(frozen=True)
class _Said:
    """A name that stands in a text, and the places that are called so."""

    ids: tuple[Hashable, ...]
    start: int
    end: int
    weight: float


class Gazetteer:
    """An index of places, built once, asked for every text."""

    def __init__(self, rows: Iterable[PlaceRow | tuple[Hashable, str, str, Hashable | None, str]]):
        self._rows = {row[0]: PlaceRow(*row) for row in rows}
        self._names: dict[str, list[tuple[str, Hashable, float]]] = defaultdict(list)
        self._houses: dict[tuple[Hashable, str], list[Hashable]] = defaultdict(list)
        self._inside: dict[tuple[Hashable, str, str], list[Hashable]] = defaultdict(list)
        self._everywhere: dict[str, list[Hashable]] = defaultdict(list)
        for row in self._rows.values():
            self._learn(row)
        for names in self._names.values():
            names.sort(key=lambda one: -len(one[0]))

    def find(self, text: str, within: Hashable | None = None) -> list[PlaceMatch]:
        """Return the places a text may mean, the surest first; none when it names none.

        ``within`` leaves out what lies elsewhere, such as other communities than the caller's.
        """
        spelling = Spelt(text)
        names = self._apart(list(self._named(spelling.text, within)))
        numbers = list(spelling.numbers())
        matches: dict[Hashable, PlaceMatch] = {}
        used: set[int] = set()
        for name in names:
            share = SEVERAL_NAMES if len(names) > 1 else 1.0
            for place_match in self._from_name(name, names, numbers, spelling, used):
                _keep(
                    matches,
                    PlaceMatch(place_match.id, place_match.confidence * share, place_match.piece),
                )
        # Without any name a number may still be the only one of its kind.
        if not names:
            for number in numbers:
                for place_match in self._from_numbers(number, spelling, within):
                    _keep(matches, place_match)
        deepest = [one for one in matches.values() if not self._covers(one.id, matches)]
        return sorted(deepest, key=lambda one: (-one.confidence, str(one.id)))[:MOST_FOUND]

    def the_one(self, text: str, within: Hashable | None = None) -> PlaceMatch | None:
        """Return the one place a text means, if that is sure enough."""
        matches = self.find(text, within)
        sure = bool(matches) and matches[0].confidence >= SURE_FROM
        rival = len(matches) > 1 and matches[1].confidence > matches[0].confidence / 2
        return matches[0] if sure and not rival else None

    def above(self, place: Hashable) -> Iterator[Hashable]:
        """Return the places above one, the nearest first; a ring in the data ends it."""
        seen = {place}
        row = self._rows.get(place)
        while row and row.parent is not None and row.parent not in seen:
            seen.add(row.parent)
            yield row.parent
            row = self._rows.get(row.parent)

    def _learn(self, row: PlaceRow) -> None:
        if row.kind not in NUMBERED:
            for name, weight in _spellings(row):
                self._names[name[:SHORTEST_NAME]].append((name, row.id, weight))
            return
        number = number_in(row.name)
        # Any place above may be the one that is named with the number.
        for place in self.above(row.id):
            kind = self._rows[place].kind if place in self._rows else ""
            if row.kind == HOUSE:
                self._houses[place, number].append(row.id)
            elif kind in (HOUSE, ENTRANCE):
                self._inside[place, row.kind, number].append(row.id)
        if row.kind == HOUSE:
            self._everywhere[number].append(row.id)

    def _named(self, text: str, within: Hashable | None) -> Iterator[_Said]:
        """Return the longest name at each place of the text, one after the other."""
        at = 0
        while at < len(text):
            fitting = [
                entry
                for entry in self._names.get(text[at : at + SHORTEST_NAME], ())
                if text.startswith(entry[0], at) and self._lies(entry[1], within)
            ]
            if not fitting:
                at += 1
                continue
            # The index is sorted: the longest name comes first.
            longest = len(fitting[0][0])
            best = [entry for entry in fitting if len(entry[0]) == longest]
            top = max(weight for _name, _id, weight in best)
            ids = tuple(dict.fromkeys(id_ for _name, id_, weight in best if weight == top))
            yield _Said(ids, at, at + longest, top)
            at += longest

    def _apart(self, names: list[_Said]) -> list[_Said]:
        """Leave out names of what lies above another name, and places outside of such a name."""
        inner = []
        for name in names:
            others = [one for one in names if one is not name]
            inside = tuple(
                one
                for one in name.ids
                if any(above in other.ids for other in others for above in self.above(one))
            )
            if inside:
                name = _Said(inside, name.start, name.end, name.weight)
            inner.append(name)
        narrowed = [
            name
            for name in inner
            if not any(
                set(name.ids) & {above for one in other.ids for above in self.above(one)}
                for other in inner
                if other is not name
            )
        ]
        once: dict[tuple[Hashable, ...], _Said] = {}
        for name in narrowed:
            if name.ids not in once or name.weight > once[name.ids].weight:
                once[name.ids] = name
        return list(once.values())

    def _from_name(
        self,
        name: _Said,
        names: list[_Said],
        numbers: list[Numbers],
        spelling: Spelt,
        used: set[int],
    ) -> Iterator[PlaceMatch]:
        """Return the houses and doors under a name, or the named places themselves."""
        mine = [
            one
            for at, one in enumerate(numbers)
            if at not in used
            and one.start >= name.end
            and not any(name.end <= other.start < one.start for other in names)
        ]
        # With one name alone its numbers may also stand before it.
        mine = mine or [one for one in numbers if len(names) == 1 and one.end <= name.start]
        matched = False
        for number in mine:
            used.add(numbers.index(number))
            places = [place for one in name.ids for place in self._under(one, number)]
            weight = WITH_DOOR if number.door else WITH_HOUSE
            start, end = min(name.start, number.start), max(name.end, number.end)
            joined = number.start - name.end <= 6 and number.start >= name.end
            piece = (
                spelling.piece(start, end) if joined else spelling.piece(number.start, number.end)
            )
            for place in dict.fromkeys(places):
                matched = True
                yield PlaceMatch(place, weight * name.weight / len(set(places)), piece)
        if matched:
            return
        # A house that is not there leaves the estate, with less confidence.
        missed = NUMBER_UNKNOWN if any(one.building for one in mine) else 1.0
        for one in name.ids:
            sure = _CONFIDENCE.get(self._rows[one].kind, 0.5) * name.weight * missed
            yield PlaceMatch(one, sure / len(name.ids), spelling.piece(name.start, name.end))

    def _from_numbers(
        self, number: Numbers, spelling: Spelt, within: Hashable | None
    ) -> Iterator[PlaceMatch]:
        """Return every house of this number; where there are too many, the number says nothing."""
        houses = [one for one in self._everywhere.get(number.building, ()) if number.building]
        houses = [house for house in houses if self._lies(house, within)]
        places = list(
            dict.fromkeys(deep for house in houses for deep in self._deeper(house, number))
        )
        if len(places) <= MOST_FOUND:
            piece = spelling.piece(number.start, number.end)
            for place in places:
                yield PlaceMatch(place, NUMBERS_ALONE / len(places), piece)

    def _under(self, place: Hashable, number: Numbers) -> list[Hashable]:
        if not number.building:
            return []
        houses = self._houses.get((place, number.building), [])
        return [deep for house in houses for deep in self._deeper(house, number)]

    def _deeper(self, house: Hashable, number: Numbers) -> list[Hashable]:
        """Return the doors or entrances meant inside a house; the house when it has none such."""
        entrances = self._inside.get((house, ENTRANCE, number.entrance), [])
        if number.door:
            # Where the entrance is not known the door is looked for in the whole house.
            start = entrances if number.entrance and entrances else [house]
            doors = [d for one in start for d in self._inside.get((one, DOOR, number.door), [])]
            if doors:
                return doors
        return entrances if number.entrance and entrances else [house]

    def _lies(self, place: Hashable, within: Hashable | None) -> bool:
        return within is None or place == within or within in self.above(place)

    def _covers(self, place: Hashable, found: dict[Hashable, PlaceMatch]) -> bool:
        """Does another place that was found lie inside this one, and is surer?"""
        sure = found[place].confidence
        return any(
            place in self.above(other) and found[other].confidence >= sure / 2
            for other in found
            if other != place
        )


def _spellings(row: PlaceRow) -> Iterator[tuple[str, float]]:
    """Return under which names a place is looked for, and how much each of them counts."""
    name = spelt(row.name)
    if len(name) >= SHORTEST_NAME:
        yield name, 1.0
    for ending in _SHORT_FOR:
        if name.endswith(ending) and len(name) - len(ending) >= SHORTEST_NAME:
            yield name[: -len(ending)], SHORTENED
            # Only the longest ending: 社区居委会 comes before 居委会 and 社区.
            break
    address = spelt(row.address)
    if len(address) > SHORTEST_NAME and address != name:
        yield address, 1.0


def _keep(found: dict[Hashable, PlaceMatch], match: PlaceMatch) -> None:
    known = found.get(match.id)
    if known is None or known.confidence < match.confidence:
        found[match.id] = match
