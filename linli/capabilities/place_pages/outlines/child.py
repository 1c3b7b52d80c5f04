"""What the child does with a GeoJSON file: answers the box around each outline and its names.

Plain Python: it runs in a process that holds no Django, no key and no database.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any, BinaryIO

from linli.core.documents.fork_server import say
from linli.core.documents.limits import Limits
from linli.core.documents.stop_reading import StopReading

MOST_OUTLINES = 2000
MOST_CORNERS = 20_000
LONGEST_NAME = 60
# Where files say what a building is called, the likeliest first; other short texts come after.
NAMES = (
    "楼号",
    "幢号",
    "栋号",
    "楼栋",
    "名称",
    "name",
    "name:zh",
    "ref",
    "addr:housenumber",
    "number",
)
Box = tuple[float, float, float, float]


def read(order: dict[str, Any], data: bytes, limits: Limits, out: BinaryIO) -> None:
    """Read every outline with what may be its name."""
    outlines: list[list[Any]] = []
    for feature in _features(_parsed(data)):
        if len(outlines) >= MOST_OUTLINES:
            raise StopReading("too_many_outlines", most=MOST_OUTLINES)
        box = _box(feature.get("geometry"))
        if box is not None:
            outlines.append([_names_in(feature.get("properties")), *box])
    if not outlines:
        raise StopReading("no_outlines")
    say(out, {"outlines": outlines})


def _parsed(data: bytes) -> Any:
    try:
        return json.loads(data.decode("utf-8-sig"), parse_constant=_no_number)
    except RecursionError as deep:
        raise StopReading("too_deep") from deep
    except ValueError as wrong:
        raise StopReading("not_json") from wrong


def _no_number(word: str) -> float:
    raise ValueError(word)


def _features(tree: Any) -> Iterator[dict[str, Any]]:
    listed = tree.get("features", [tree]) if isinstance(tree, dict) else []
    for one in listed if isinstance(listed, list) else []:
        if isinstance(one, dict):
            yield one if one.get("type") == "Feature" else {"geometry": one}


def _box(geometry: Any) -> Box | None:
    """Return the box around the largest outline of a feature; None where it has none."""
    if not isinstance(geometry, dict):
        return None
    rings = geometry.get("coordinates")
    if not isinstance(rings, list) or not rings:
        return None
    several = {"Polygon": [rings], "MultiPolygon": rings}.get(str(geometry.get("type")), [])
    boxes = [_around(one[0]) for one in several if isinstance(one, list) and one]
    return max(boxes, key=lambda box: (box[2] - box[0]) * (box[3] - box[1]), default=None)


def _around(ring: Any) -> Box:
    if not isinstance(ring, list) or not 4 <= len(ring) <= MOST_CORNERS:
        raise StopReading("bad_outline")
    corners = [_corner(one) for one in ring]
    east, north = [one[0] for one in corners], [one[1] for one in corners]
    return min(east), min(north), max(east), max(north)


def _corner(corner: Any) -> tuple[float, float]:
    numbers = corner[:2] if isinstance(corner, list) else []
    if len(numbers) < 2 or any(type(one) not in (int, float) for one in numbers):
        raise StopReading("bad_outline")
    if not abs(numbers[0]) <= 180 or not abs(numbers[1]) <= 85 or not all(map(_finite, numbers)):
        raise StopReading("outside")
    return float(numbers[0]), float(numbers[1])


def _finite(number: float) -> bool:
    return math.isfinite(number)


def _names_in(properties: Any) -> list[str]:
    known = properties if isinstance(properties, dict) else {}
    keys = [*(key for key in NAMES if key in known), *(key for key in known if key not in NAMES)]
    values = [known[key] for key in keys[:40]]
    texts = [str(one) for one in values if isinstance(one, str | int) and not isinstance(one, bool)]
    return [text for text in texts if 0 < len(text) <= LONGEST_NAME][:8]
