"""What may stand below what in the tree of places."""

from __future__ import annotations

from collections.abc import Sequence

from linli.core.rules import rule

COMMON = ("gate", "station", "hall")

# A grid may hold several small estates and a large estate several grids: both happen, so both
# orders stand in the table and one tree is enough. Every grid lies in a community either way.
MAY_HOLD: dict[str, tuple[str, ...]] = {
    "province": ("city",),
    "city": ("district",),
    "district": ("subdistrict",),
    "subdistrict": ("community", *COMMON),
    "community": ("grid", "estate", "building", *COMMON),
    "grid": ("estate", "micro_grid", "building", *COMMON),
    "estate": ("grid", "micro_grid", "building", *COMMON),
    "micro_grid": ("building", "entrance", "dwelling", *COMMON),
    "building": ("entrance", "micro_grid", "dwelling", *COMMON),
    "entrance": ("micro_grid", "dwelling", "gate"),
    "dwelling": (),
    "gate": (),
    "station": (),
    "hall": (),
}

LARGEST_BULK = 3000


@rule(
    says="网格在社区或小区之下，微网格在网格、小区、楼栋或单元之下，户室在楼栋、单元或微网格之下",
    source="design.md 一棵树；决定 0003",
    since="2026-11-23",
    examples=(
        ({"parent": "community", "child": "grid"}, True),
        ({"parent": "dwelling", "child": "building"}, False),
    ),
)
def may_stand_below(*, parent: str, child: str) -> bool:
    """May a place of kind ``child`` stand directly below one of kind ``parent``?"""
    return child in MAY_HOLD.get(parent, ())


# What never stands inside a building, not even by way of a micro-grid of some of its floors.
OUT_OF_DOORS = frozenset({"grid", "estate", "building"})
HOUSES = frozenset({"building", "entrance"})


@rule(
    says="楼栋、小区和网格不能建在楼栋里面，隔着微网格也不行",
    source="design.md 一棵树",
    since="2026-11-23",
    examples=(
        ({"child": "building", "above": ("community", "grid", "micro_grid")}, True),
        ({"child": "building", "above": ("building", "entrance", "micro_grid")}, False),
    ),
)
def fits_below(*, child: str, above: Sequence[str]) -> bool:
    """May a place of kind ``child`` lie somewhere below places of these kinds?"""
    return child not in OUT_OF_DOORS or HOUSES.isdisjoint(above)
