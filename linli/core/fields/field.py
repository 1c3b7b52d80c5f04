"""One declaration per fact: everything that lists, filters, masks or exports it reads it here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from linli.core.fields.kinds import OPS_OF, SEALED_OPS, Kind, Op, Sensitivity
from linli.core.fields.nodes import EVERYONE, Node, Value
from linli.core.fields.silence import Silence
from linli.core.words import Word

Row: TypeAlias = Mapping[str, Any]
Rewrite: TypeAlias = Callable[[Op, Value, date], Node]
Derive: TypeAlias = Callable[[Row, date], Any]

# How long after somebody left: the sentence of every field and the rule of deletion are this one.
KEPT_YEARS = 5
FOREVER = f"在册期间；迁出或去世后{'零一二三四五六七八九十'[KEPT_YEARS]}年删除"
FOR_SERVICE = ("社区服务",)


def _say(declared: Any, *names: str) -> None:
    """Let pages show these in the reader's language."""
    for name in names:
        object.__setattr__(declared, name, Word(getattr(declared, name)))


@dataclass(frozen=True)
class Choice:
    """One of the values a fact may have, and how people say it."""

    value: str
    label: str
    words: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _say(self, "label")


@dataclass(frozen=True)
class Field:
    """A fact about a subject.

    A stored fact names its column by ``column`` ("household__size", from the subject's model). A
    derived fact names the stored ones it ``needs`` and has ``derive(row, today)``, its value in
    plain Python (None when unknown), and ``rewrite(op, value, today)``, the same question over
    stored facts: nothing that grows old is stored. A ``sealed`` fact can only be equal, through
    ``index_column`` and ``index(text)``. A place fact names its ``level`` of the place tree. A fact
    that an office added has its ``attribute``.
    """

    key: str
    label: str
    kind: Kind
    subject: str
    column: str = ""
    synonyms: tuple[str, ...] = ()
    sensitivity: Sensitivity = Sensitivity.INTERNAL
    choices: tuple[Choice, ...] = ()
    words: Mapping[str, tuple[str, ...]] | None = None  # a word for several choices at once
    unit: str = ""
    units: tuple[str, ...] = ()  # how a bare number is known to be this fact: 岁, 平方米
    verbs: tuple[str, ...] = ()  # how a bare date is known to be this fact: 出生, 入住
    lowest: int | None = None
    highest: int | None = None
    decimals: int = 0
    bands: tuple[int, ...] = ()  # where the bands of a cross-tab begin
    negative: str = ""  # how "not" of a flag is said: 没有电梯
    negative_words: tuple[str, ...] = ()  # other words for the same: 流动人口
    spoken: bool = True  # False: its choices count in a sentence only after its own name
    spoken_as: Node | None = None  # what the bare word means: 老人 is an age of 60 or more
    ranked: str = ""  # "rising" or "falling": "以上" of a choice means those after or before it
    ahead: bool = False  # a date that lies ahead by nature: "30天内" looks forward
    owner: str = ""
    description: str = ""
    source: str = ""
    purposes: tuple[str, ...] = FOR_SERVICE
    retention: str = FOREVER
    level: str = ""
    sealed: bool = False
    index_column: str = ""
    index: Callable[[str], str] | None = None
    mask: Callable[[str], str] | None = None
    needs: tuple[str, ...] = ()
    derive: Derive | None = None
    rewrite: Rewrite | None = None
    order: str = ""  # what a list is sorted by instead, "-birth_date" for age
    in_years: bool = False  # sorted by full years since ``order``: the day itself orders nothing
    yearly: str = ""  # the fact that answers questions about whole years of this date
    precision: str = ""  # the column that tells how much of this date was said
    listed: bool = True  # False: stored for derived facts, not offered to people
    attribute: int | None = None
    silence: Silence | None = None  # what a blank means; yes-or-no facts and choices must say it
    says: Callable[..., str] | None = None  # why somebody is in a group, "" for not: a care kind
    none: str = ""  # the choice that says there is none: 无慢性病, 未参保

    def __post_init__(self) -> None:
        _say(self, "label", "unit")

    @property
    def is_silence_no(self) -> bool:
        """Is a blank as good as "no"? Where nobody said so it is not."""
        return self.kind is Kind.PLACE or (self.silence is not None and self.silence.is_no)

    @property
    def is_derived(self) -> bool:
        """Is the value worked out rather than stored?"""
        return self.rewrite is not None

    @property
    def ops(self) -> frozenset[Op]:
        """What may be asked of this fact; a sealed one only through its blind index."""
        if self.sealed:
            return SEALED_OPS if self.index_column else frozenset()
        return OPS_OF[self.kind]

    def choice(self, value: object) -> Choice | None:
        """Return the choice with this value."""
        return next((choice for choice in self.choices if choice.value == value), None)

    def words_for(self) -> tuple[str, ...]:
        """Return everything this fact is called, its label first."""
        return (self.label, *self.synonyms)


@dataclass(frozen=True)
class RelatedSubject:
    """Rows of another subject that belong to a row: the members of a household.

    ``link`` is the column of the target (from its model) that holds the id of this row, and
    ``link_key`` the name of that column in a flat row of the target.
    """

    key: str
    label: str
    target: str
    link: str
    link_key: str
    counter: str = "人"

    def __post_init__(self) -> None:
        _say(self, "label", "counter")


@dataclass(frozen=True)
class Subject:
    """What a question can be about; others may be added by an app in its ``apps.py``.

    ``base`` keeps those who count now (living here, not ended); it stays away when a condition asks
    for one of the ``base_fields`` itself. ``usual`` narrows that to those who are mostly meant, and
    stays away for one of the ``usual_fields`` alone.
    """

    key: str
    label: str
    counter: str  # 人, 户, 套, 幢
    model: str  # "people.Person"
    home: str  # the column with the id of the place it stands at, from the model
    relations: tuple[RelatedSubject, ...] = ()
    base: Node = EVERYONE
    base_fields: tuple[str, ...] = ()
    usual: Node = EVERYONE
    usual_fields: tuple[str, ...] = ()
    children: Node | None = None  # rows that are not shown to everybody: those below 14
    columns: tuple[str, ...] = ()  # what a list shows when nobody chose
    links: Mapping[str, str] | None = None  # key of a flat row -> column from the model

    def __post_init__(self) -> None:
        _say(self, "label", "counter")

    def relation(self, key: str) -> RelatedSubject | None:
        """Return one relation by key."""
        return next((relation for relation in self.relations if relation.key == key), None)
