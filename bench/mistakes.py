"""A department's list made from the register, with the mistakes that real lists have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

HEADINGS = ["序号", "姓名", "性别", "身份证号码", "出生日期", "联系电话", "家庭住址"]
Ways = dict[str, tuple[tuple[str, int], ...]]
# How a list writes each fact: (way, share). Shares are stated, not measured: they are the mix that
# the figures are about.
USUAL: Ways = {
    "number": (("missing", 45), ("same", 35), ("swapped", 7), ("digit", 8), ("covered", 5)),
    "name": (
        ("same", 86),
        ("homophone", 6),
        ("traditional", 4),
        ("other_character", 2),
        ("short", 2),
    ),
    "birth": (("same", 62), ("missing", 22), ("month", 10), ("day_month", 3), ("digit", 3)),
    "phone": (("same", 52), ("missing", 25), ("changed", 15), ("swapped", 8)),
    "home": (("same", 55), ("missing", 15), ("old", 25), ("door", 5)),
    "sex": (("same", 100),),
}
# As much is missing as usual, and what is there is written worse, in every way we have met.
HARDER: Ways = {
    "number": (
        ("missing", 45),
        ("same", 28),
        ("swapped", 6),
        ("digit", 7),
        ("covered", 5),
        ("tail", 4),
        ("zeroed", 4),
        ("of_another", 1),
    ),
    "name": (
        ("same", 74),
        ("remark", 7),
        ("homophone", 6),
        ("traditional", 4),
        ("other_character", 2),
        ("short", 2),
        ("lost", 3),
        ("dialect", 2),
    ),
    "birth": (
        ("same", 56),
        ("missing", 22),
        ("month", 10),
        ("year", 2),
        ("day_month", 3),
        ("digit", 4),
        ("lunar", 3),
    ),
    "phone": (
        ("same", 46),
        ("missing", 25),
        ("changed", 14),
        ("swapped", 6),
        ("digit", 3),
        ("covered", 4),
        ("of_kin", 2),
    ),
    "home": (("same", 52), ("missing", 15), ("old", 26), ("door", 7)),
    "sex": (("same", 91), ("missing", 7), ("wrong", 2)),
}
DIALECT = ("黄王", "吴胡", "陈程", "徐许", "沈孙", "周邹", "蒋江", "何贺", "林凌", "余俞", "章张")
REMARKS = ("{}(户主)", "{}（户主）", "{}先生", "{}女士", "{}（低保）", "{}(长子)", "{}老师")


@dataclass(frozen=True)
class Mix:
    """A kind of list: what it is called, how facts are written, how many rows are of strangers."""

    title: str
    ways: Ways
    strangers: float
    recall: float  # the least share of known people that has to be found for sure


MIXES = (
    Mix("the usual mistakes", USUAL, 0.2, 0.95),
    Mix("harder mistakes", HARDER, 0.2, 0.92),
    Mix("60 % strangers", USUAL, 0.6, 0.95),
)


@dataclass(frozen=True)
class Resident:
    """Somebody of the register, opened."""

    key: int
    name: str
    sex: str
    born: date
    number: str
    phone: str
    address: str


@dataclass(frozen=True)
class Line:
    """One row of the list: its cells, whom it is really about (0: nobody), what was done to it."""

    cells: list[Any]
    meant: int
    done: dict[str, str]


class Scribe:
    """Copies people into a list and makes mistakes; the same seed makes the same ones."""

    def __init__(self, residents: Sequence[Resident], ways: Ways, seed: int) -> None:
        from opencc import OpenCC
        from pypinyin import lazy_pinyin

        self.random = Random(seed)
        self.ways = ways
        self.residents = residents
        self.at_home: dict[str, list[Resident]] = defaultdict(list)
        for resident in residents:
            self.at_home[resident.address].append(resident)
        self.addresses = sorted(filter(None, self.at_home))
        self.traditional = OpenCC("s2t").convert
        self.sounds: dict[str, set[str]] = defaultdict(set)
        self.sound_of: dict[str, str] = {}
        letters = sorted({letter for resident in residents for letter in resident.name})
        for letter, sound in zip(letters, lazy_pinyin("".join(letters)), strict=True):
            self.sounds[sound].add(letter)
            self.sound_of[letter] = sound
        self.letters = letters

    def copied(self, one: Resident) -> Line:
        """Copy somebody of the register as lists do."""
        done = {fact: self._way(ways) for fact, ways in self.ways.items()}
        return Line(self._cells(one, done), one.key, done)

    def _cells(self, one: Resident, done: Mapping[str, str]) -> list[Any]:
        return [
            "",
            self.name(one.name, done["name"]),
            self.sex(one.sex, done["sex"]),
            self.number(one, done["number"]),
            self.birth(one.born, done["birth"]),
            self.phone(one, done["phone"]),
            self.home(one.address, done["home"]),
        ]

    def stranger(self, count: int) -> Line:
        """Make somebody who is not in the register: a third are kin of one, a sixth namesakes."""
        from linli.core.personal_data.identity import DEMONSTRATION_DIVISION, make_identity_number

        kind = {0: "sibling", 3: "sibling", 1: "namesake"}.get(count % 6, "other")
        like = self.random.choice(self.residents)
        name = self._of_the_family(like.name)
        born = like.born
        # Every other sibling is a twin.
        if count % 6:
            born += timedelta(self.random.randint(-900, 900))
        # Sequences from 600 on: the register of the demonstration gives the lower ones.
        sequence = 600 + count % 199 * 2 + (1 if like.sex == "1" else 0)
        one = Resident(
            0,
            like.name if kind == "namesake" else name,
            like.sex,
            born,
            make_identity_number(DEMONSTRATION_DIVISION, born, sequence),
            like.phone if kind == "sibling" else f"143{self.random.randrange(10**7, 10**8)}",
            like.address if kind == "sibling" else self.random.choice(self.addresses),
        )
        done = {fact: self._way(ways) for fact, ways in self.ways.items()}
        cells = self._cells(one, done)
        return Line(cells, 0, {"stranger": kind})

    def _of_the_family(self, name: str) -> str:
        """Return a name with the same surname; no parents call two children by one sound."""
        while True:
            given = [self.random.choice(self.letters) for _ in name[1:]]
            if [self.sound_of[c] for c in given] != [self.sound_of[c] for c in name[1:]]:
                return name[0] + "".join(given)

    def _way(self, ways: Sequence[tuple[str, int]]) -> str:
        names, shares = zip(*ways, strict=True)
        return str(self.random.choices(names, shares)[0])

    def name(self, name: str, way: str) -> str:
        """Write a name."""
        at = self.random.randrange(1, len(name)) if len(name) > 1 else 0
        if way == "homophone":
            alike = sorted(self.sounds[self.sound_of[name[at]]] - {name[at]})
            return name[:at] + self.random.choice(alike or [name[at]]) + name[at + 1 :]
        if way == "traditional":
            return self.traditional(name)
        if way == "other_character":
            return name[:at] + self.random.choice(self.letters) + name[at + 1 :]
        if way == "short" and len(name) > 2:
            return name[:at] + name[at + 1 :]
        if way == "remark":
            return self.random.choice(REMARKS).format(name)
        if way == "lost":
            return name[:at] + self.random.choice("?*□某") + name[at + 1 :]
        if way == "dialect":
            like = next((pair for pair in DIALECT if name[0] in pair), name[0])
            return like.replace(name[0], "", 1)[:1] + name[1:] if len(like) > 1 else name
        return name

    def sex(self, sex: str, way: str) -> str:
        """Write a sex."""
        if way == "missing":
            return ""
        return "男" if (sex == "1") == (way == "same") else "女"

    def _swapped(self, digits: str) -> str:
        places = [n for n in range(6, len(digits) - 1) if digits[n] != digits[n + 1]]
        if not places:
            return digits
        at = self.random.choice(places)
        return digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]

    def _one_wrong(self, digits: str, last: int) -> str:
        at = self.random.randrange(6, last)
        wrong = (int(digits[at]) + 1 + self.random.randrange(9)) % 10
        return f"{digits[:at]}{wrong}{digits[at + 1 :]}"

    def number(self, one: Resident, way: str) -> str:
        """Write an identity number."""
        number = one.number
        if way == "missing" or not number:
            return ""
        ways = {
            "swapped": lambda: self._swapped(number),
            "digit": lambda: self._one_wrong(number, 17),
            "covered": lambda: number[:6] + "********" + number[-4:],
            "tail": lambda: "*" * 14 + number[-4:],
            "zeroed": lambda: number[:15] + "000",
            "of_another": lambda: self.random.choice(self.at_home[one.address]).number,
        }
        return str(ways.get(way, lambda: number)())

    def birth(self, born: date, way: str) -> str:
        """Write a birth date."""
        if way == "missing":
            return ""
        if way == "month":
            return f"{born:%Y.%m}"
        if way == "year":
            return f"{born:%Y}年"
        if way == "day_month" and born.day <= 12:
            return f"{born:%Y-%d-%m}"
        if way == "lunar":
            return f"{born - timedelta(self.random.randint(20, 50)):%Y-%m-%d}"
        if way == "digit" and (born.month, born.day) != (2, 29):
            return f"{born.replace(year=born.year - self.random.choice((1, 10))):%Y-%m-%d}"
        return f"{born:%Y-%m-%d}"

    def phone(self, one: Resident, way: str) -> str:
        """Write a phone."""
        phone = one.phone
        if way == "of_kin":
            return self.random.choice(self.at_home[one.address]).phone
        if not phone or way == "missing":
            return ""
        if way == "changed":
            return f"143{self.random.randrange(10**7, 10**8):08d}"
        if way == "covered":
            return phone[:3] + "****" + phone[-4:]
        if way == "digit":
            return self._one_wrong(phone, 11)
        return self._swapped(phone) if way == "swapped" else phone

    def home(self, address: str, way: str) -> str:
        """Write an address; an old one is somebody else's by now."""
        if way == "missing":
            return ""
        if way == "old":
            return self.random.choice(self.addresses)
        if way == "door":
            return address[:-3] + self.random.choice("123456") + address[-2:]
        return (
            address.replace("单元", "-").replace("幢", "-").removesuffix("室")
            if (self.random.random() < 0.3)
            else address
        )


def a_list(residents: Sequence[Resident], rows: int, mix: Mix, seed: int) -> list[Line]:
    """Return a list of ``rows``, of which some are about nobody of the register."""
    scribe = Scribe(residents, mix.ways, seed)
    strangers = round(rows * mix.strangers)
    chosen = scribe.random.sample(list(residents), rows - strangers)
    lines = [scribe.copied(one) for one in chosen]
    lines += [scribe.stranger(count) for count in range(strangers)]
    scribe.random.shuffle(lines)
    for number, line in enumerate(lines, start=1):
        line.cells[0] = number
    return lines
