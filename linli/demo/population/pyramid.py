"""Ages and sexes as the census of 2020 counted them.

Source: Seventh National Population Census, ages by five years, share of the population in per
cent: men and women. Above 85 the groups follow the same census.
"""

from __future__ import annotations

from collections import Counter
from random import Random

# (first age, men %, women %)
CENSUS = (
    (0, 2.90, 2.62),
    (5, 3.41, 2.98),
    (10, 3.24, 2.80),
    (15, 2.76, 2.39),
    (20, 2.81, 2.50),
    (25, 3.42, 3.09),
    (30, 4.49, 4.31),
    (35, 3.59, 3.43),
    (40, 3.38, 3.21),
    (45, 4.13, 4.00),
    (50, 4.32, 4.28),
    (55, 3.58, 3.61),
    (60, 2.57, 2.63),
    (65, 2.58, 2.67),
    (70, 1.73, 1.81),
    (75, 1.05, 1.16),
    (80, 0.65, 0.79),
    (85, 0.33, 0.46),
    (90, 0.11, 0.18),
    (95, 0.02, 0.05),
    (100, 0.003, 0.007),
)
MALE, FEMALE = "1", "2"
OLDEST = 106


def ages(people: int, random: Random) -> Counter[tuple[int, str]]:
    """Return how many there are of each age and sex: the census, to the nearest person."""
    shares = [
        (first + year, sex, (men if sex == MALE else women) / 5)
        for first, men, women in CENSUS
        for year in range(5)
        for sex in (MALE, FEMALE)
    ]
    total = sum(share for _age, _sex, share in shares)
    exact = [(age, sex, people * share / total) for age, sex, share in shares]
    counts = Counter({(age, sex): int(number) for age, sex, number in exact})
    left = people - sum(counts.values())
    by_rest = sorted(exact, key=lambda row: (int(row[2]) - row[2], row[0], row[1]))
    for age, sex, _number in by_rest[:left]:
        counts[age, sex] += 1
    return counts


class Pool:
    """Everybody still without a household, by age and sex."""

    def __init__(self, counts: Counter[tuple[int, str]]) -> None:
        self.counts = Counter({key: number for key, number in counts.items() if number})

    def left(self, first: int, last: int) -> int:
        """Return how many of these ages are left."""
        return sum(number for (age, _sex), number in self.counts.items() if first <= age <= last)

    def take(self, age: int, sex: str, first: int, last: int) -> tuple[int, str] | None:
        """Take the person nearest in age within bounds, of this sex if there is one."""
        for wanted in (sex, FEMALE if sex == MALE else MALE):
            for away in range(OLDEST + 1):
                for near in (age - away, age + away):
                    if first <= near <= last and self.counts.get((near, wanted), 0) > 0:
                        self.counts[near, wanted] -= 1
                        return near, wanted
        return None

    def all_of(self, first: int, last: int, random: Random) -> list[tuple[int, str]]:
        """Return everybody of these ages in random order, without taking them."""
        people = [
            key
            for key, number in sorted(self.counts.items())
            for _ in range(number)
            if first <= key[0] <= last
        ]
        random.shuffle(people)
        return people

    def drop(self, person: tuple[int, str]) -> bool:
        """Take exactly this age and sex; False when there is none left."""
        if self.counts.get(person, 0) <= 0:
            return False
        self.counts[person] -= 1
        return True
