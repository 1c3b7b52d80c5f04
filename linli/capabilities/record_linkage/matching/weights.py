"""How much each agreement says, in bits, and why: the only numbers of matching.

Bits are log2(how often it is so for the same person ÷ how often by chance). Chance is counted for a
register of a hundred thousand; nothing is learnt from a list, so the same row always comes out the
same and a worker can be told why.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log2


@dataclass(frozen=True)
class Weight:
    """One line: what was compared, how it came out, how many bits, why so many.

    ``named`` is added where the name is the same or sounds the same: kin share phone and door and
    are called otherwise, namesakes share neither.
    """

    fact: str
    level: str
    bits: float
    why: str
    named: float = 0


TABLE = (
    Weight("number", "same", 30, "eighteen characters with a check: one in a billion by chance"),
    Weight("number", "near", 16, "one character wrong or two swapped, and the check fails"),
    Weight("number", "part", 9, "a covered number whose last four fit"),
    Weight("number", "front", 2, "only division and birth date can be read, the date counts apart"),
    Weight("number", "far", -5, "it fails the check, and more than one digit would be wrong"),
    Weight("number", "other", -13, "both pass the check and differ: somebody else, or a mistake"),
    Weight("birth", "same", 13, "one in 27,000 by chance, less what birthdays cluster"),
    Weight("birth", "month", 8, "only year and month are given: one in 900"),
    Weight("birth", "year", 4, "only the year is given"),
    Weight("birth", "swapped", 7, "day and month swapped"),
    Weight("birth", "digit", 4, "one digit wrong: forty days are, and few dates are copied so"),
    Weight("birth", "lunar", 3, "same year, up to 50 days apart: the lunar birthday"),
    Weight("birth", "other", -6, "dates are copied wrong in few rows"),
    Weight("phone", "same", 9, "families share a number: not the 16 bits of a secret", 6),
    Weight("phone", "near", 6, "one digit wrong or two swapped", 8),
    Weight("phone", "tail", 5, "the last four agree, the rest is covered or changed", 6),
    Weight("phone", "other", -2.5, "people change their numbers"),
    Weight("place", "door", 10, "behind the same door live two or three", 4),
    Weight("place", "building", 4, "the same building, another door: a typing mistake"),
    Weight("place", "estate", 2, "the same estate"),
    Weight("place", "other", -2, "lists carry old addresses"),
    Weight("sex", "same", 1, "half of all by chance"),
    Weight("sex", "other", -6, "seldom copied wrong"),
    Weight("name", "lost", 7, "a character is lost or covered, two that are left fit"),
    Weight("name", "short", 4, "a character is missing"),
    Weight("name", "dialect", 4, "a surname that sounds the same in dialect, the rest agrees"),
    Weight("name", "one", 3, "one character wrong or in another order"),
    Weight("name", "covered", 2, "only one character can be read, and fits"),
    Weight("name", "surname", -4, "the same family, another person"),
    Weight("name", "other", -9, "another name altogether"),
)
WEIGHTS = {(one.fact, one.level): one for one in TABLE}
NAMED = frozenset({"same", "sound"})
# The same name counts by how many bear it: 王伟 says less than 虞阿香. Sounds alike: fewer do.
SAME_NAME_WRITTEN, SAME_NAME_MISHEARD = 0.93, 0.04
FEWEST_PEOPLE = 50_000  # a small register must not make every name look common
MOST_FOR_A_NAME, LEAST_FOR_A_NAME = 15.0, 5.0
MOST_FOR_A_SOUND, LEAST_FOR_A_SOUND = 6.9, 3.0  # with a birthday alone somebody still looks


def bits_of_a_name(bearers: int, people: int) -> float:
    """Return the bits of the same name when so many bear it."""
    chance = max(bearers, 1) / max(people, FEWEST_PEOPLE)
    return min(MOST_FOR_A_NAME, max(LEAST_FOR_A_NAME, log2(SAME_NAME_WRITTEN / chance)))


def bits_of_a_sound(bearers: int, people: int) -> float:
    """Return the bits of a name that only sounds the same."""
    chance = max(bearers, 1) / max(people, FEWEST_PEOPLE)
    return min(MOST_FOR_A_SOUND, max(LEAST_FOR_A_SOUND, log2(SAME_NAME_MISHEARD / chance)))
