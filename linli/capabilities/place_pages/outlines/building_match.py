"""Which outline is which building, and where it stands on the grid."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from linli.core.chinese.normalise import for_matching, without_spaces
from linli.core.documents.limits import MIB, Limits
from linli.core.documents.reader import NotRead, answered
from linli.core.documents.refusals import in_words
from linli.core.errors import Refused
from linli.register.places import signs
from linli.register.places.models import Place
from linli.register.places.plan_layout import LARGEST_GRID, PlanCell, overlapping
from linli.register.places.plans import Cells
from linli.register.places.terms import PlaceKind
from linli.workbench.imports.addresses import number_of

TASK = "linli.capabilities.place_pages.outlines.child:read"
LARGEST_FILE = 2 * MIB
LIMITS = Limits(upload=LARGEST_FILE, output=4 * MIB)
WIDEST_ESTATE = 5000  # metres
METRES_NORTH, METRES_EAST = 110_540.0, 111_320.0  # of a degree; the latter at the equator
FINER = (8, 10, 12, 16, 20, 24, 30, 40, 50, LARGEST_GRID)
SHRUNK = 0.9  # a box around a slanting house is larger than the house
_FILLING = re.compile(r"[\s\-—_·,，.。()（）]+")


@dataclass(frozen=True)
class Outline:
    """The box around a building in degrees, and what it may be called."""

    names: tuple[str, ...]
    west: float
    south: float
    east: float
    north: float


@dataclass
class OutlineMatch:
    """What a file would draw, and what of it and of the estate is left out, with reasons."""

    cells: Cells = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    left_out: list[tuple[str, str]] = field(default_factory=list)
    missing: list[Place] = field(default_factory=list)


def read_outlines(data: bytes) -> list[Outline]:
    """Read a GeoJSON file, or refuse it in words."""
    if len(data) > LARGEST_FILE:
        raise _refused("too_big")
    try:
        answer = answered(TASK, {}, data, LIMITS).head
    except NotRead as why:
        raise _refused(why.code, why.words) from why
    outlines = [Outline(tuple(names), *box) for names, *box in answer["outlines"]]
    if max(_size(outlines)) > WIDEST_ESTATE:
        raise _refused("too_wide")
    return outlines


def _refused(code: str, words: Mapping[str, object] | None = None) -> Refused:
    """Say what is wrong with a file and what to do."""
    most = {"most": LARGEST_FILE // MIB, **(words or {})}
    said = {
        "too_big": (_("文件超过%(most)sMB"), _("请只导出这个小区的楼栋")),
        "not_json": (_("这不是GeoJSON文件"), _("请在地图软件里导出为.geojson，再上传")),
        "too_deep": (_("文件里的括号套得太深"), _("请在地图软件里重新导出")),
        "no_outlines": (_("文件里没有楼栋的轮廓"), _("要的是面（Polygon），点和线不行")),
        "bad_outline": (_("有一个轮廓的坐标写错了"), _("请在地图软件里重新导出")),
        "outside": (_("坐标不在经纬度的范围里"), _("请导出为经纬度（WGS84），不要用米做单位")),
        "too_many_outlines": (_("文件里超过%(most)s个轮廓"), _("请只导出这个小区的楼栋")),
        "too_wide": (_("最远的两幢隔了5公里以上，不像一个小区"), _("请只导出这个小区的楼栋")),
    }
    sentence, hint = said.get(code) or in_words(code, most) or (_("文件读不了"), "")
    return Refused(f"plan.{code}", sentence % most, "file", hint)


def matched(outlines: Sequence[Outline], estate: Place, houses: Sequence[Place]) -> OutlineMatch:
    """Match outlines with buildings by number or name, and lay them on the grid."""
    found = OutlineMatch()
    by_number: dict[str, list[Place]] = defaultdict(list)
    for one in houses:
        by_number[number_of(one.name)].append(one)
    taken: dict[int, Outline] = {}
    for outline in outlines:
        house, why = _house_of(outline, estate, by_number)
        if house is not None and house.pk in taken:
            why = _("“%(name)s”在文件里有两个轮廓") % {"name": house.name}
            house = None
        if house is None:
            found.left_out.append(("、".join(outline.names[:2]) or _("没有名称"), why))
        else:
            taken[house.pk], found.names[house.pk] = outline, house.name
    found.cells = _on_the_grid(taken)
    for key in sorted(set(taken) - set(found.cells)):
        found.left_out.append((found.names[key], _("和旁边的楼挨得太近，分不开格子")))
    found.missing = [one for one in houses if one.pk not in found.cells]
    return found


def _house_of(
    outline: Outline, estate: Place, by_number: Mapping[str, list[Place]]
) -> tuple[Place | None, str]:
    """Return the building an outline stands for, or why there is none."""
    why = _("没有名称或楼号") if not outline.names else ""
    for name in outline.names:
        written = _without_estate(name, estate)
        houses = by_number.get(number_of(written), [])
        signs_in = signs.on_the_signs(PlaceKind.BUILDING, written)
        if not houses and signs_in:
            before = _FILLING.sub("", signs.plain(written).partition(signs_in[0])[0])
            if before:
                why = why or _("写着“%(words)s”，不像这个小区的") % {"words": before}
                continue
            houses = by_number.get(number_of(signs_in[0]), [])
        if len(houses) == 1:
            return houses[0], ""
        if houses:
            why = why or _("这个小区有两幢都像它")
    return None, why or _("这个小区没有这幢楼")


def _without_estate(name: str, estate: Place) -> str:
    """Return a building's name without its estate's before it."""
    plain = without_spaces(for_matching(name))
    for word in (estate.name, estate.name.removesuffix("小区")):
        plain = plain.removeprefix(without_spaces(for_matching(word)))
    return _FILLING.sub("", plain) or name


def _size(outlines: Sequence[Outline]) -> tuple[float, float]:
    """Return how many metres they lie apart, east and north."""
    north = max(one.north for one in outlines) - min(one.south for one in outlines)
    east = max(one.east for one in outlines) - min(one.west for one in outlines)
    return east * METRES_EAST * _narrowing(outlines), north * METRES_NORTH


def _narrowing(outlines: Sequence[Outline]) -> float:
    """Return how much narrower a degree of longitude is there than at the equator."""
    middle = (max(one.north for one in outlines) + min(one.south for one in outlines)) / 2
    return math.cos(math.radians(middle))


def _on_the_grid(taken: Mapping[int, Outline]) -> Cells:
    """Lay outlines on the coarsest grid that keeps them apart; what it cannot is left out."""
    if not taken:
        return {}
    widest = max(*_size(list(taken.values())), 1.0)
    for cells_across in FINER:
        cells = _laid(taken, widest / (cells_across - 1), shrink=False)
        if not any(overlapping(cells)):
            return cells
    cells = _laid(taken, widest / (LARGEST_GRID - 1), shrink=True)
    for _one, other in list(overlapping(cells)):
        cells.pop(other, None)
    return cells


def _laid(taken: Mapping[int, Outline], metres: float, *, shrink: bool) -> Cells:
    outlines = list(taken.values())
    west, north = min(one.west for one in outlines), max(one.north for one in outlines)
    east_to_cells = METRES_EAST * _narrowing(outlines) / metres
    north_to_cells = METRES_NORTH / metres
    cells = {}
    for key, one in taken.items():
        wide = (one.east - one.west) * east_to_cells
        high = (one.north - one.south) * north_to_cells
        width = 1 if shrink else max(1, round(wide * SHRUNK))
        height = 1 if shrink else max(1, round(high * SHRUNK))
        across = (one.west - west) * east_to_cells + (wide - width) / 2
        down = (north - one.north) * north_to_cells + (high - height) / 2
        cells[key] = PlanCell(_inside(across, width), _inside(down, height), width, height)
    return cells


def _inside(at: float, size: int) -> int:
    """Return the first cell, kept on the grid."""
    return min(max(1, round(at) + 1), LARGEST_GRID + 1 - size)
