"""Where they live: estates, grids, micro-grids, buildings, entrances and doors of a community."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from linli.register.places.bulk import Spec, floors_of_doors
from linli.register.places.terms import PlaceKind

# What the subdistrict is known for (story E1 and V3); other sizes are scaled.
PEOPLE, HOUSEHOLDS, MICRO_GRIDS = 47_164, 18_563, 638
YINJIA, YINJIA_HOUSEHOLDS, YINJIA_ENTRANCES = "330212007009", 1_443, 19
LIFT_ESTATE = "330212007004"  # 60 lifts added to old buildings, as in story A4
OCCUPIED = 0.945
WALK_UP_FLOORS, WALK_UP_DOORS, WALK_UP_ENTRANCES = 6, 2, 3
GRID_HOUSEHOLDS = 420
ESTATES = (
    "东方丽都",
    "金桥花园",
    "紫郡",
    "雅苑",
    "香园",
    "晴江岸",
    "海璟园",
    "宜家花城",
    "同欣苑",
    "世纪花园",
    "金谷家园",
    "尚诚嘉苑",
    "东莺新村",
    "王家弄新村",
    "潘火家园",
    "彩虹新村",
    "听涛苑",
    "锦绣东城",
    "春江花城",
    "格兰春晨",
    "风格城事",
    "泰悦湾",
    "明州花园",
    "丹桂园",
    "下应新村",
)


@dataclass
class Block:
    """A building before it stands: how many of what, and its entrances' micro-grids."""

    name: str
    floors: int
    doors: int
    entrances: int
    built: int
    lifts: bool
    added_lifts: bool = False
    splits: list[int] = field(default_factory=list)  # micro-grids of each entrance

    @property
    def is_walk_up(self) -> bool:
        """Is it an old building of six floors?"""
        return self.floors <= WALK_UP_FLOORS

    @property
    def dwellings(self) -> int:
        """How many doors has it?"""
        return self.floors * self.doors * self.entrances

    @property
    def facts(self) -> dict[str, Any]:
        """Return what is known of it."""
        count = self.entrances * (1 if self.floors < 20 else 2) if self.lifts else 0
        return {
            "floors": self.floors,
            "doors_a_floor": self.doors,
            "built_year": self.built,
            "has_lift": self.lifts,
            "lift_count": count,
            "structure": "brick" if self.is_walk_up else "shear",
            "usage": "homes",
        }


@dataclass
class Quarter:
    """One community before it stands."""

    code: str
    households: int
    estates: list[tuple[str, list[Block]]] = field(default_factory=list)

    @property
    def blocks(self) -> list[Block]:
        """Return all its buildings."""
        return [block for _name, blocks in self.estates for block in blocks]


def share_out(total: int, codes: Sequence[str], random: Random) -> dict[str, int]:
    """Return how many households each community has: 殷家社区 its own, the rest by chance."""
    ours = round(total * YINJIA_HOUSEHOLDS / HOUSEHOLDS)
    others = [code for code in codes if code != YINJIA]
    weights = [random.uniform(0.55, 1.5) for _ in others]
    rest = total - ours if YINJIA in codes else total
    shares = [int(rest * weight / sum(weights)) for weight in weights]
    for number in range(rest - sum(shares)):
        shares[number % len(shares)] += 1
    by_code = dict(zip(others, shares, strict=True))
    if YINJIA in codes:
        by_code[YINJIA] = ours
    return {code: by_code[code] for code in codes}


def quarters(total: int, codes: Sequence[str], random: Random) -> list[Quarter]:
    """Return the communities with their buildings; micro-grids come to 638 at full size."""
    names = list(ESTATES)
    random.shuffle(names)
    communities = []
    for code, households in share_out(total, codes, random).items():
        quarter = Quarter(code, households)
        # Its seven towers fit its households at full size alone.
        if code == YINJIA and households == YINJIA_HOUSEHOLDS:
            quarter.estates = [("殷家花苑", _yinjia())]
        else:
            quarter.estates = _estates(quarter, names, random)
        communities.append(quarter)
    _split(communities, round(MICRO_GRIDS * total / HOUSEHOLDS), random)
    return communities


def _yinjia() -> list[Block]:
    """Seven towers with nineteen entrances of 78 doors: 1,482 doors for 1,443 households."""
    entrances = (3, 3, 3, 3, 3, 2, 2)
    return [
        Block(f"{number}幢", 26, 3, count, 2009, lifts=True)
        for number, count in enumerate(entrances, start=1)
    ]


def _estates(quarter: Quarter, names: list[str], random: Random) -> list[tuple[str, list[Block]]]:
    wanted = int(quarter.households / OCCUPIED) + 1
    estates: list[tuple[str, list[Block]]] = []
    # The twenty old buildings have 720 doors: a small demonstration cannot fill them.
    if quarter.code == LIFT_ESTATE and wanted > 800:
        estates.append(("东南新村", [_walk_up(n, 1996, added=True) for n in range(1, 21)]))
    while wanted > sum(block.dwellings for _name, blocks in estates for block in blocks):
        left = wanted - sum(block.dwellings for _name, blocks in estates for block in blocks)
        name = names.pop() if names else f"{quarter.code[-3:]}号地块{len(estates) + 1}期"
        estates.append((name, _blocks(min(left, random.randint(350, 800)), random)))
    return estates


def _walk_up(number: int, built: int, *, added: bool = False) -> Block:
    return Block(
        f"{number}幢",
        WALK_UP_FLOORS,
        WALK_UP_DOORS,
        WALK_UP_ENTRANCES,
        built,
        lifts=added,
        added_lifts=added,
    )


def _blocks(wanted: int, random: Random) -> list[Block]:
    old = random.random() < 0.45
    built = random.randint(1988, 2002) if old else random.randint(2004, 2020)
    blocks: list[Block] = []
    while sum(block.dwellings for block in blocks) < wanted:
        number = len(blocks) + 1
        if old or wanted - sum(block.dwellings for block in blocks) < 40:
            blocks.append(_walk_up(number, built))
        else:
            floors, doors = random.choice(((18, 4), (26, 3), (18, 3), (33, 4), (11, 2)))
            entrances = random.choice((1, 1, 2))
            blocks.append(Block(f"{number}幢", floors, doors, entrances, built, lifts=True))
    return blocks


def _split(communities: Sequence[Quarter], micro_grids: int, random: Random) -> None:
    """Give every old building one micro-grid, every entrance of a tower one to four."""
    towers = [block for quarter in communities for block in quarter.blocks if not block.is_walk_up]
    old = sum(block.is_walk_up for quarter in communities for block in quarter.blocks)
    entrances = [(block, number) for block in towers for number in range(block.entrances)]
    for block in towers:
        block.splits = [1] * block.entrances
    extra = micro_grids - old - len(entrances)
    by_size = sorted(entrances, key=lambda one: (-one[0].floors * one[0].doors, random.random()))
    for number in range(max(0, extra) if by_size else 0):
        block, entrance = by_size[number % len(by_size)]
        block.splits[entrance] += 1


def community_spec(quarter: Quarter, random: Random) -> list[Spec]:
    """Return what stands in a community: estates, each with its grids."""
    number = [0]
    return [
        Spec(PlaceKind.ESTATE, name, _grids(blocks, number, random))
        for name, blocks in quarter.estates
    ]


def _grids(blocks: Sequence[Block], number: list[int], random: Random) -> list[Spec]:
    grids: list[Spec] = []
    mine: list[Block] = []
    for position, block in enumerate(blocks):
        mine.append(block)
        full = sum(one.dwellings for one in mine) >= GRID_HOUSEHOLDS
        if full or position == len(blocks) - 1:
            number[0] += 1
            name = f"第{number[0]}网格"
            grids.append(Spec(PlaceKind.GRID, name, [_standing(one, random) for one in mine]))
            mine = []
    return grids


def _standing(block: Block, random: Random) -> Spec:
    managed = block.built >= 2004 or random.random() < 0.5
    facts = {**block.facts, "property_managed": managed, "gatekeeper": managed}
    if block.is_walk_up:
        building = Spec(PlaceKind.BUILDING, block.name, _plain_entrances(block), facts=facts)
        return Spec(PlaceKind.MICRO_GRID, f"{block.name}微网格", [building])
    entrances = [
        Spec(PlaceKind.ENTRANCE, f"{n}单元", _micro_grids(block, split))
        for n, split in enumerate(block.splits, start=1)
    ]
    return Spec(PlaceKind.BUILDING, block.name, entrances, facts=facts)


def _plain_entrances(block: Block) -> list[Spec]:
    return [
        Spec(PlaceKind.ENTRANCE, f"{n}单元", floors_of_doors(block.floors, block.doors))
        for n in range(1, block.entrances + 1)
    ]


def _micro_grids(block: Block, parts: int) -> list[Spec]:
    specs, first = [], 1
    for part in range(parts):
        floors = block.floors * (part + 1) // parts - block.floors * part // parts
        if floors:
            homes = floors_of_doors(floors, block.doors, first=first)
            name = f"{first}至{first + floors - 1}层微网格"
            specs.append(Spec(PlaceKind.MICRO_GRID, name, homes))
            first += floors
    return specs
