"""From an address as people write it to a dwelling of the place tree, or to why there is none."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from django.utils.translation import gettext as _

from linli.core.chinese.normalise import for_matching, without_spaces
from linli.core.chinese.numerals import to_number
from linli.register.places import signs
from linli.register.places.models import Place
from linli.register.places.terms import PlaceKind

AREAS = (PlaceKind.COMMUNITY, PlaceKind.GRID, PlaceKind.MICRO_GRID, PlaceKind.ESTATE)
KINDS = (*AREAS, PlaceKind.BUILDING, PlaceKind.ENTRANCE, PlaceKind.DWELLING)
_CUT = re.compile(
    r"号楼|幢楼|单元|楼栋|楼|幢|栋|座|梯|门(?!面)|室|号|户|#|-|–|—|－|/|、|,|，|第|[()]|\s+"
)
_UNIT = re.compile(r"(?:号楼|单元|幢|栋|座|楼|梯|室|号|户|#)+$")
# What follows the door is no address: 101室张三家, 101室东首. 101室-2 is another door.
_AFTER_DOOR = re.compile(r"(?<=\d室)[^\d\-–—/、,，a-z][^\d]*$")
_REMARK = re.compile(r"[(][^()\d]*[)]$")
_ORDINAL = re.compile(r"第(?=[\da-z零〇一二两三四五六七八九十百])")
# A floor between entrance and door only repeats what the door says.
_FLOOR = re.compile(r"(?<=单元)\d{1,2}(?:层|楼)(?=\d)")
# The entrance written last, for which it is not the door: 1幢101室1单元.
_ENTRANCE_LAST = re.compile(
    r"^(.*(?:幢|栋|座|号楼|楼|#))([a-z]?\d{2,5}[a-z]?室?)(\d{1,2}(?:单元|门|梯))$"
)
_SEVERAL_DOORS = re.compile(r"\d{2}室?[、,，和及/&]\d{2,}室?$")
_SPLIT_DOOR = re.compile(r"(?<=[元幢栋座楼门梯#])(\d{3,5})室?[-—–](\d{1,2})室?$")
_PART = re.compile(
    rf"[a-z]?\d{{1,5}}[a-z]?|[a-z]|[零〇一二两三四五六七八九十百]+|(?:{signs.SHOPS})[a-z]?\d*[a-z]?"
)
_DASH = re.compile(r"[–—~]")
# One house with two numbers: 1-2幢.
_RANGE = re.compile(r"\d{1,3}[-–—~]\d{1,3}(?:号楼|幢|栋|座|楼)")
_BUILDING = re.compile(
    r"^(?P<before>.*?)(?P<number>\d{1,3}[-–—~]\d{1,3}(?=号楼|幢|栋|座)|[a-z]?\d{1,4}[a-z]?|[a-z]|[零〇一二两三四五六七八九十百]+)"
    r"(?:号楼|幢楼|楼栋|幢|栋|座|#楼|#)(?P<after>.*)$"
)
_GLUED = re.compile(r"(.*[^\da-z])(\d{1,4}[a-z]?)")
_FILLING = re.compile(r"^(?:小区|社区|村)+|[\s\-–—－_,，、/()（）]+")
_NUMERAL = re.compile(r"[零〇一二两三四五六七八九十百]+")


@dataclass(frozen=True)
class AddressParts:
    """The parts of an address: names of areas, and the numbers of building, entrance and door."""

    areas: Mapping[str, str] = field(default_factory=dict)
    building: str = ""
    entrance: str = ""
    door: str = ""
    text: str = ""
    written: Mapping[str, str] = field(default_factory=dict)  # the cells, as signs say it
    unknown: str = ""  # words that name no place of the scope: perhaps somebody else's estate

    @property
    def is_empty(self) -> bool:
        """Was no address given at all?"""
        return not (self.door or self.building or self.text)


@dataclass(frozen=True)
class AddressMatch:
    """A dwelling, or why there is none.

    A missing one could be made below ``parent``: ``chain`` says kind and name from there down.
    """

    place_id: int | None = None
    code: str = ""
    sentence: str = ""
    hint: str = ""
    parent: int | None = None
    chain: tuple[tuple[str, str], ...] = ()

    @property
    def needs_building(self) -> bool:
        """Would a whole building have to be made?"""
        return any(kind == PlaceKind.BUILDING for kind, _name in self.chain)


@lru_cache(maxsize=65_536)
def number_of(text: str) -> str:
    """Return the bare number of a name: "3号楼", "03幢" and "三栋" are all "3"."""
    plain = _DASH.sub("-", without_spaces(for_matching(text)).removeprefix("第"))
    plain = _UNIT.sub("", signs.shop_first(plain))
    if _NUMERAL.fullmatch(plain):
        spoken = to_number(plain)
        plain = str(spoken) if isinstance(spoken, int) else plain
    return plain.lstrip("0") or plain


class Tree:
    """Every dwelling of the active scope by its numbers, read once."""

    def __init__(self) -> None:
        rows = Place.objects.filter(kind__in=KINDS, ended_on__isnull=True).values_list(
            "pk", "parent_id", "kind", "name", "address"
        )
        self.parent: dict[int, int | None] = {}
        self.kind: dict[int, str] = {}
        self.name: dict[int, str] = {}
        self.address: dict[int, str] = {}
        for pk, parent, kind, name, address in rows:
            self.parent[pk], self.kind[pk], self.name[pk] = parent, kind, name
            self.address[pk] = address or name
        self.areas: dict[str, set[int]] = defaultdict(set)
        self.doors: dict[tuple[str, str], list[int]] = defaultdict(list)
        self.buildings: dict[str, list[int]] = defaultdict(list)
        self.entrances: dict[int, list[int]] = defaultdict(list)
        self.with_doors: set[int] = set()
        self._coming: dict[tuple[object, ...], str] = {}  # what a list makes, by its numbers
        self._above: dict[int, dict[str, int]] = {}
        for pk, kind in self.kind.items():
            self._note(pk, kind)
        named = (PlaceKind.COMMUNITY, PlaceKind.ESTATE)
        self.names = [
            name
            for name, places in self.areas.items()
            if len(name) > 1 and any(self.kind[pk] in named for pk in places)
        ]

    def _note(self, pk: int, kind: str) -> None:
        if kind in AREAS:
            name = without_spaces(for_matching(self.name[pk]))
            self.areas[name].add(pk)
            for ending in ("社区", "小区"):
                # At least two characters must be left, or the short name would fit anywhere.
                if name.endswith(ending) and len(name) > 3:
                    self.areas[name.removesuffix(ending)].add(pk)
        elif kind == PlaceKind.BUILDING:
            self.buildings[number_of(self.name[pk])].append(pk)
        elif kind == PlaceKind.DWELLING:
            building = self.above(pk).get(PlaceKind.BUILDING)
            number = number_of(self.name[building]) if building else ""
            self.doors[number, number_of(self.name[pk])].append(pk)
            if self.parent[pk] == building and building is not None:
                self.with_doors.add(building)
        elif kind == PlaceKind.ENTRANCE:
            building = self.above(pk).get(PlaceKind.BUILDING)
            if building is not None:
                self.entrances[building].append(pk)

    def above(self, pk: int) -> dict[str, int]:
        """Return the places above one, by kind; of two of a kind the nearer."""
        places = self._above.get(pk)
        if places is None:
            parent = self.parent.get(pk)
            places = {}
            if parent is not None and parent in self.kind:
                places = {**self.above(parent), self.kind[parent]: parent}
            self._above[pk] = places
        return places

    def asked(self, cells: Mapping[str, str]) -> AddressParts:
        """Take an address apart: one cell, several columns, or both; columns win."""
        areas: dict[str, str] = {
            kind: without_spaces(for_matching(cells[kind])) for kind in AREAS if cells.get(kind)
        }
        numbers, unknown = {"building": "", "entrance": "", "door": ""}, ""
        rest = without_spaces(for_matching(cells.get("address", "")))
        if rest:
            # "殷家社区东方丽都3幢": the last name is the nearest to the door.
            ends = [(rest.rfind(name) + len(name), len(name), name) for name in self.names]
            # For a name that is not there `rfind` is -1, and its end comes before its length.
            end, _length, name = max((one for one in ends if one[0] >= one[1]), default=(0, 0, ""))
            if name:
                areas.setdefault("any", name)
                rest = rest[end:]
            numbers, unknown = _numbers(_plain(signs.shop_first(rest)))
        written, cells = dict(cells), self._door_column(cells)
        if cells != written:
            written["address"] = f"{written.get('address', '')} {written.pop('door')}"
        columns = {key: cells.get(key, "") for key in numbers}
        if columns["building"] and not columns["entrance"]:
            columns |= _whole_building(columns["building"])
        numbers |= {key: number_of(text) for key, text in columns.items() if text}
        for kind in (PlaceKind.COMMUNITY, PlaceKind.ESTATE):
            if kind in areas and areas[kind] not in self.areas:
                unknown = cells[kind]
        return AddressParts(
            areas, **numbers, text=cells.get("address", ""), written=written, unknown=unknown
        )

    def _door_column(self, cells: Mapping[str, str]) -> Mapping[str, str]:
        """A column for the door may hold what leads to it too: 1幢1单元101室, 1-1-101."""
        text = _plain(signs.shop_first(without_spaces(for_matching(cells.get("door", "")))))
        told, _unknown = _numbers(text)
        found = {key: number for key, number in told.items() if number}
        # 101-1 is a door of its own.
        if len(found) < 2 or "door" not in found or len(found.get("building", "")) > 2:
            return cells
        if cells.get("building") and "entrance" not in found:
            found["entrance"] = found.pop("building")
        columns = {key: number_of(cells[key]) for key in found if key != "door" and cells.get(key)}
        agrees = all(found[key] == number for key, number in columns.items())
        return {**cells, **found} if agrees else cells

    def find(self, parts: AddressParts) -> AddressMatch:
        """Return the one dwelling an address means."""
        # Even where the numbers would fit: it may be another estate (decision 0010).
        if parts.unknown:
            return AddressMatch(
                code="address.no_area",
                sentence=_("您的范围内没有“%(name)s”") % {"name": parts.unknown[:30]},
                hint=_("请写底册里的小区名；不属于您范围的行请删除"),
            )
        if not parts.door or not parts.building:
            shown = parts.text or f"{parts.building} {parts.door}".strip()
            return AddressMatch(
                code="address.not_understood",
                sentence=_("看不懂地址“%(text)s”") % {"text": shown[:40]},
                hint=_("请写成：小区名+幢+单元+室，例如东方丽都3幢1单元1802室"),
            )
        fitting = [pk for pk in self.doors[parts.building, parts.door] if self._fits(pk, parts)]
        if len(fitting) == 1:
            return AddressMatch(fitting[0])
        if fitting:
            sentence = _("有%(count)s处符合这个地址：%(named)s")
            return self._several(sentence, fitting, _("请写上小区名和单元"))
        return self._missing(parts)

    def _missing(self, parts: AddressParts) -> AddressMatch:
        buildings = [pk for pk in self.buildings[parts.building] if self._fits(pk, parts, False)]
        if len(buildings) > 1:
            return self._several(_("有%(count)s幢楼符合：%(named)s"), buildings, _("请写上小区名"))
        if buildings:
            return self._missing_door(buildings[0], parts)
        estates = self._estates(parts)
        if len(estates) > 1:
            return self._several(_("这个小区有%(count)s处：%(named)s"), estates, "")
        estate = estates[0] if estates else None
        below = [part for part in _BELOW if part != "entrance" or parts.entrance]
        return AddressMatch(
            code="address.no_building",
            sentence=_("您的范围内没有“%(building)s”幢") % {"building": parts.building.upper()},
            hint=_("请检查小区名和幢号；确有这幢楼时，勾选“建立没有的楼栋和户室”")
            if estate
            else _("请检查小区名和幢号，或先在底册里添加楼栋"),
            parent=estate,
            chain=self._chain(estate, below, parts),
        )

    def _estates(self, parts: AddressParts) -> list[int]:
        """Return the estates that are named and lie in all other areas that are."""
        named = {pk for name in parts.areas.values() for pk in self.areas.get(name, ())}
        estates = [pk for pk in sorted(named) if self.kind[pk] == PlaceKind.ESTATE]
        return [pk for pk in estates if self._lies_in(parts, {pk, *self.above(pk).values()})]

    def _several(self, sentence: str, places: Sequence[int], hint: str) -> AddressMatch:
        """Ask which is meant; what has one address lies in two grids, and they are told."""
        addresses = [self.address[pk] for pk in places]
        if len(set(addresses)) < len(places):
            hint = _("同一个小区在几个网格里：请加一列“网格”，写明是哪一个")
        named = "、".join(
            self._in_its_grid(pk) if addresses.count(self.address[pk]) > 1 else self.address[pk]
            for pk in places[:3]
        )
        told = sentence % {"count": len(places), "named": named}
        return AddressMatch(code="address.several", sentence=told, hint=hint)

    def _in_its_grid(self, pk: int) -> str:
        above = self.above(pk)
        grid = above.get(PlaceKind.MICRO_GRID) or above.get(PlaceKind.GRID)
        return f"{self.address[pk]}（{self.address[grid]}）" if grid else self.address[pk]

    def _missing_door(self, building: int, parts: AddressParts) -> AddressMatch:
        names = {"building": self.address[building], "door": parts.door}
        entrances = self.entrances[building]
        fitting = [pk for pk in entrances if number_of(self.name[pk]) == parts.entrance]
        if entrances and not parts.entrance:
            return AddressMatch(
                code="address.no_entrance",
                sentence=_("%(building)s分单元，没有找到%(door)s室") % names,
                hint=_("请写上单元，例如3幢1单元1802室"),
            )
        below = ["door"]
        # A building whose doors lie right below it is not given entrances.
        is_by_entrance = not fitting and (entrances or building not in self.with_doors)
        if is_by_entrance and parts.entrance:
            below = ["entrance", "door"]
        return AddressMatch(
            code="address.no_dwelling",
            sentence=_("%(building)s没有%(door)s室") % names,
            hint=_("请核对室号；确有这一户时，勾选“建立没有的楼栋和户室”"),
            parent=fitting[0] if fitting else building,
            chain=self._chain(fitting[0] if fitting else building, below, parts),
        )

    def _chain(
        self, parent: int | None, below: Sequence[str], parts: AddressParts
    ) -> tuple[tuple[str, str], ...]:
        """Return kinds and names of what is missing; 6号楼 and 6幢 of one list are one house."""
        chain: list[tuple[str, str]] = []
        way: tuple[object, ...] = (parent,)
        for part in below:
            kind, name = _sign(part, parts)
            way = (*way, kind, getattr(parts, part))
            chain.append((kind, self._coming.setdefault(way, name)))
        return tuple(chain)

    def _fits(self, pk: int, parts: AddressParts, with_entrance: bool = True) -> bool:
        above = self.above(pk)
        if with_entrance and parts.entrance:
            entrance = above.get(PlaceKind.ENTRANCE)
            # A building without entrances in the tree fits whichever is written.
            if entrance is not None and number_of(self.name[entrance]) != parts.entrance:
                return False
        return self._lies_in(parts, set(above.values()))

    def _lies_in(self, parts: AddressParts, holders: set[int]) -> bool:
        return all(
            not self.areas.get(name) or not holders.isdisjoint(self.areas[name])
            for name in parts.areas.values()
        )


_BELOW = {
    "building": PlaceKind.BUILDING,
    "entrance": PlaceKind.ENTRANCE,
    "door": PlaceKind.DWELLING,
}


def _sign(part: str, parts: AddressParts) -> tuple[str, str]:
    """Return kind and name of a place that is not there yet: as its sign was written."""
    kind, number = _BELOW[part], getattr(parts, part)
    written = [signs.named(kind, parts.written[part])] if parts.written.get(part) else []
    if part == "entrance" and parts.written.get("building"):
        written += signs.on_the_signs(kind, parts.written["building"])
    written += signs.on_the_signs(kind, parts.written.get("address", ""))
    # Of what stands there only what was understood as this number.
    fitting = (sign for sign in written if number_of(sign) == number)
    return kind, next(fitting, f"{number.upper()}{signs.UNITS[kind]}")


def _plain(rest: str) -> str:
    """Leave out of an address what does not lead to the door."""
    rest = _ORDINAL.sub("", _AFTER_DOOR.sub("", _REMARK.sub("", rest)))
    return _ENTRANCE_LAST.sub(r"\1\3\2", _FLOOR.sub("", rest))


def _parts(text: str) -> list[str]:
    return [part for part in _CUT.split(text) if part]


def _numbers(rest: str) -> tuple[dict[str, str], str]:
    """Take building, entrance and door from the end of an address, and what else stands there.

    "3幢1单元1802室", "3号楼1802" and "3-1-1802" hold numbers alone; in "西湖花园3幢1802" something
    is left that is no place of this scope.
    """
    parts = {"building": "", "entrance": "", "door": ""}
    if _SEVERAL_DOORS.search(rest):
        return parts, ""
    split = _SPLIT_DOOR.search(rest)
    rest = rest[: split.end(1)] if split else rest
    marked = _BUILDING.search(rest)
    if marked:
        before, numbers = marked["before"], [marked["number"], *_parts(marked["after"])]
    else:
        numbers = _parts(rest)
        glued = _GLUED.fullmatch(numbers[0]) if numbers else None
        before = glued[1] if glued else ""
        numbers[:1] = [glued[2]] if glued else numbers[:1]
    plain = numbers[1:] if marked else numbers
    if not 1 <= len(numbers) <= 3 or not all(_PART.fullmatch(one) for one in plain):
        return parts, ""
    places = {1: ("door",), 2: ("building", "door"), 3: ("building", "entrance", "door")}
    if marked and len(numbers) == 1:
        places[1] = ("building",)
    for key, number in zip(places[len(numbers)], numbers, strict=True):
        parts[key] = number_of(number)
    if split:
        parts["door"] += f"-{split[2]}"
    return parts, _FILLING.sub("", before)


def _whole_building(text: str) -> dict[str, str]:
    """A column for the building often says "3幢1单元"."""
    if _RANGE.fullmatch(without_spaces(for_matching(text))):
        return {}
    parts = [p for p in _parts(without_spaces(for_matching(text))) if _PART.fullmatch(p)]
    if len(parts) == 2:
        return {"building": parts[0], "entrance": parts[1]}
    return {}
