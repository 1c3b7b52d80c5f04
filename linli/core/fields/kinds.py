"""What a fact can be, whom it is about, how sensitive it is and what may be asked of it."""

from __future__ import annotations

from enum import StrEnum

PERSON, HOUSEHOLD, DWELLING, BUILDING = "person", "household", "dwelling", "building"


class Kind(StrEnum):
    """The kind of a fact's value."""

    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    FLAG = "flag"
    TEXT = "text"
    PLACE = "place"


class Sensitivity(StrEnum):
    """How carefully a value is handled; who sees what stands in register/posts/rules.py."""

    PUBLIC = "public"
    INTERNAL = "internal"
    PERSONAL = "personal"
    CARE = "care"


class Op(StrEnum):
    """What may be asked of a fact.

    There is no "unequal" and no "unknown": they are ``Not`` of EQ and of KNOWN, so that every
    question has two answers and never three (see nodes.py).
    """

    EQ = "eq"
    LT = "lt"
    LE = "le"
    GT = "gt"
    GE = "ge"
    BETWEEN = "between"
    IN = "in"
    CONTAINS = "contains"
    WITHIN = "within"
    COMING = "coming"
    KNOWN = "known"


ORDERED = frozenset({Op.EQ, Op.LT, Op.LE, Op.GT, Op.GE, Op.BETWEEN, Op.KNOWN})
OPS_OF: dict[Kind, frozenset[Op]] = {
    Kind.NUMBER: ORDERED,
    Kind.DATE: ORDERED | {Op.WITHIN, Op.COMING},
    Kind.CHOICE: frozenset({Op.EQ, Op.IN, Op.KNOWN}),
    Kind.FLAG: frozenset({Op.EQ, Op.KNOWN}),
    Kind.TEXT: frozenset({Op.EQ, Op.CONTAINS, Op.KNOWN}),
    Kind.PLACE: frozenset({Op.EQ, Op.IN}),
}
SEALED_OPS = frozenset({Op.EQ, Op.KNOWN})
