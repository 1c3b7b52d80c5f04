"""A department's list made from the register, with the mistakes that real lists have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

HEADINGS = ["序号", "姓名", "性别", "身份证号码", "出生日期", "联系电话", "家庭住址"]
# How a list writes each fact: (way, share). Shares are stated, not measured: they are the mix that
# the figures are about.
NUMBERS = (("missing", 45), ("same", 35), ("swapped", 7), ("digit", 8), ("covered", 5))
NAMES = (("same", 86), ("homophone", 6), ("traditional", 4), ("other_character", 2), ("short", 2))
BIRTHS = (("same", 62), ("missing", 22), ("month", 10), ("day_month", 3), ("digit", 3))
PHONES = (("same", 52), ("missing", 25), ("changed", 15), ("swapped", 8))
HOMES = (("same", 55), ("missing", 15), ("old", 25), ("door", 5))
WAYS = {"number": NUMBERS, "name": NAMES, "birth": BIRTHS, "phone": PHONES, "home": HOMES}


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

    def __init__(self, residents: Sequence[Resident], seed: int = 4) -> None:
        from opencc import OpenCC
        from pypinyin import lazy_pinyin

        self.random = Random(seed)
        self.residents = residents
        self.addresses = sorted({resident.address for resident in residents if resident.address})
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
        done = {fact: self._way(ways) for fact, ways in WAYS.items()}
        return Line(
            [
                "",
                self.name(one.name, done["name"]),
                "男" if one.sex == "1" else "女",
                self.number(one.number, done["number"]),
                self.birth(one.born, done["birth"]),
                self.phone(one.phone, done["phone"]),
                self.home(one.address, done["home"]),
            ],
            one.key,
            done,
        )

    def stranger(self, number: int, taken: set[str]) -> Line:
        """Make somebody who is not in the register; every third is a brother or sister of one."""
        from linli.core.personal_data.identity import DEMONSTRATION_DIVISION, make_identity_number

        like = self.random.choice(self.residents)
        name = like.name[0] + "".join(self.random.choice(self.letters) for _ in like.name[1:])
        born = (
            like.born if number % 6 == 0 else like.born + timedelta(self.random.randint(-900, 900))
        )
        # Sequences from 600 on: the register of the demonstration gives the lower ones.
        sequence = 600 + number % 199 * 2 + (1 if like.sex == "1" else 0)
        written = make_identity_number(DEMONSTRATION_DIVISION, born, sequence)
        phone = like.phone if number % 3 == 0 else f"143{self.random.randrange(10**7, 10**8)}"
        home = like.address if number % 3 == 0 else self.random.choice(self.addresses)
        done = {fact: "same" if self.random.random() < 0.6 else "missing" for fact in WAYS}
        taken.add(written)
        return Line(
            [
                "",
                name,
                "男" if like.sex == "1" else "女",
                self.number(written, done["number"]),
                self.birth(born, done["birth"]),
                self.phone(phone, done["phone"]),
                self.home(home, done["home"]),
            ],
            0,
            {"stranger": "sibling" if number % 3 == 0 else "other"},
        )

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
        return name

    def _swapped(self, digits: str) -> str:
        places = [n for n in range(6, len(digits) - 1) if digits[n] != digits[n + 1]]
        if not places:
            return digits
        at = self.random.choice(places)
        return digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]

    def number(self, number: str, way: str) -> str:
        """Write an identity number."""
        if way == "missing" or not number:
            return ""
        if way == "swapped":
            return self._swapped(number)
        if way == "digit":
            at = self.random.randrange(6, 17)
            return (
                number[:at]
                + str((int(number[at]) + 1 + self.random.randrange(9)) % 10)
                + (number[at + 1 :])
            )
        return number[:6] + "********" + number[-4:] if way == "covered" else number

    def birth(self, born: date, way: str) -> str:
        """Write a birth date."""
        if way == "missing":
            return ""
        if way == "month":
            return f"{born:%Y.%m}"
        if way == "day_month" and born.day <= 12:
            return f"{born:%Y-%d-%m}"
        if way == "digit":
            return (
                f"{born.replace(year=born.year - self.random.choice((1, 10))):%Y-%m-%d}"
                if ((born.month, born.day) != (2, 29))
                else f"{born:%Y-%m-%d}"
            )
        return f"{born:%Y-%m-%d}"

    def phone(self, phone: str, way: str) -> str:
        """Write a phone."""
        if not phone or way == "missing":
            return ""
        if way == "changed":
            return f"143{self.random.randrange(10**7, 10**8):08d}"
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


def a_list(residents: Sequence[Resident], rows: int, strangers: int) -> list[Line]:
    """Return a list of ``rows``, of which ``strangers`` are about nobody of the register."""
    scribe = Scribe(residents)
    chosen = scribe.random.sample(list(residents), rows - strangers)
    taken: set[str] = set()
    lines = [scribe.copied(one) for one in chosen]
    lines += [scribe.stranger(number, taken) for number in range(strangers)]
    scribe.random.shuffle(lines)
    for number, line in enumerate(lines, start=1):
        line.cells[0] = number
    return lines
