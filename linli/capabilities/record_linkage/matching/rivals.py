"""Somebody a row may be about, and what speaks against it whatever the sum of bits."""

from __future__ import annotations

from dataclasses import dataclass

from linli.capabilities.record_linkage.matching.comparing import Levels

AGREEING = frozenset({"same", "sound", "near", "part", "month", "swapped", "tail", "door"})
# Beside an equal number a little is enough to say that it is this person's.
BESIDE = AGREEING | {"lost", "short", "dialect", "one", "covered", "year", "digit", "building"}
ANOTHER_NAME = frozenset({"surname", "other"})
NOT_BESIDE = frozenset({"number", "sex"})
# One of these alone does not tell sisters apart.
NO_NAME = ANOTHER_NAME | {"", "covered"}


@dataclass(frozen=True, slots=True)
class Rival:
    """Somebody of the register a row may be about: how many bits, and how each fact came out."""

    key: int
    bits: float
    levels: Levels

    @property
    def contradicted(self) -> bool:
        """Does something speak against it that no sum of bits may outweigh?

        Twins share birthday, door and phone: another character in the name is another person.
        """
        levels = dict(self.levels)
        number, name = levels.get("number"), levels.get("name", "")
        if number == "same":
            return self._is_number_doubtful(levels, name)
        if name in NO_NAME or (name == "one" and number not in ("near", "part")):
            return True
        if name == "same":
            return number == "other"
        # Kin may sound the same; with the very name such a difference is a slip of the pen.
        return number in ("other", "far") or levels.get("sex") == "other"

    def _is_number_doubtful(self, levels: dict[str, str], name: str) -> bool:
        """Is the equal number perhaps somebody else's: another's name, or nothing beside it?"""
        conflicts = "other" in (levels.get("sex"), levels.get("birth"))
        bare = not any(level in BESIDE for fact, level in self.levels if fact not in NOT_BESIDE)
        return bare or name in ANOTHER_NAME or (conflicts and name not in ("same", "sound"))

    @property
    def agreeing(self) -> int:
        """How many facts agree, sex apart? An equal number holds two: birth date and sex."""
        count = sum(level in AGREEING for fact, level in self.levels if fact != "sex")
        return count + self.has_the_number

    @property
    def has_the_number(self) -> bool:
        """Is the identity number equal?"""
        return ("number", "same") in self.levels


@dataclass(frozen=True, slots=True)
class RowMatch:
    """What became of a row: bucket "sure", "decide" or "new", and its candidates, best first.

    ``same_as`` is the earlier row about the same person.
    """

    row: int
    bucket: str
    rivals: tuple[Rival, ...] = ()
    same_as: int | None = None
