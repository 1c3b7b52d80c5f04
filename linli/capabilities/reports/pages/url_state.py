"""A question as it stands in the address of its page: every part a line of canonical Chinese."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.http import QueryDict
from django.urls import reverse

from linli.core.errors import Refused
from linli.core.fields import PERSON, AllOf, Condition, Node, all_of
from linli.workbench.conditions import queries
from linli.workbench.conditions.acceptance import says_only_understood

LONGEST_SENTENCE = 200


@dataclass(frozen=True)
class QueryState:
    """What is asked: a subject, the parts that must all hold, and how the answer is shown."""

    subject: str = PERSON
    parts: tuple[Node, ...] = ()
    unread: tuple[str, ...] = ()
    sentence: str = ""
    notes: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    sort: str = ""
    page: int = 1

    @property
    def condition(self) -> Condition:
        """Return the parts as one condition, checked for this post."""
        return queries.check(Condition(self.subject, all_of(*self.parts), self.unread))

    @property
    def left_out(self) -> str:
        """Say which words of the sentence are not in the answer; "" when all are."""
        return queries.left_out(self.unread)

    def text_of(self, part: Node) -> str:
        """Say one part in canonical Chinese."""
        return queries.condition_text(Condition(self.subject, part))

    @property
    def texts(self) -> tuple[str, ...]:
        """Say every part, and last which words were left out."""
        said = tuple(self.text_of(part) for part in self.parts)
        without_parts = Condition(self.subject, unread=self.unread)
        return (*said, queries.condition_text(without_parts)) if self.unread else said

    def query(self, *, paged: bool = False) -> QueryDict:
        """Return the state as a query string's values."""
        query_dict = QueryDict(mutable=True)
        query_dict["s"] = self.subject
        query_dict.setlist("c", list(self.texts))
        query_dict.setlist("col", list(self.columns))
        if self.sort:
            query_dict["sort"] = self.sort
        if paged and self.page > 1:
            query_dict["page"] = str(self.page)
        return query_dict

    def href(self, name: str = "reports:ask") -> str:
        """Return the address of a page about this question."""
        return f"{reverse(name)}?{self.query().urlencode()}"

    def without(self, part: Node) -> QueryState:
        """Return the question without one part."""
        parts = tuple(p for p in self.parts if p != part)
        # Of a sentence of which nothing is left no word is left out.
        return replace(self, parts=parts, unread=self.unread if parts else (), sentence="")

    def with_part(self, part: Node) -> QueryState:
        """Return the question with one part more."""
        return replace(self, parts=_once([*self.parts, part]), sentence="")


def _once(parts: Iterable[Node]) -> tuple[Node, ...]:
    return tuple(dict.fromkeys(parts))


def parts_of(condition: Condition) -> tuple[Node, ...]:
    """Return what must all hold in a condition."""
    where = condition.where
    return where.parts if isinstance(where, AllOf) else (where,)


def from_condition(condition: Condition, **more: object) -> QueryState:
    """Return the state that asks a condition."""
    state = QueryState(condition.subject, parts_of(condition), condition.unread)
    return replace(state, **more)  # type: ignore[arg-type]


def read(asked: QueryDict) -> QueryState:
    """Read the state from an address, or refuse in words."""
    sentence = asked.get("q", "").strip()
    if len(sentence) > LONGEST_SENTENCE:
        raise Refused("reports.long", "这句话太长了", "q", f"请用不超过{LONGEST_SENTENCE}个字来问")
    state = QueryState(
        subject=asked.get("s") or PERSON,
        columns=tuple(column for column in asked.getlist("col") if column),
        sort=asked.get("sort", ""),
        page=_number(asked.get("page", "")),
    )
    # A sentence replaces the parts: ticked boxes come back as parts of what it was read as.
    if sentence:
        return _understood(state, sentence, only_understood=says_only_understood(asked))
    texts = [text for text in asked.getlist("c") if text.strip()]
    conditions = [queries.read_text(state.subject, text) for text in texts]
    return replace(
        state,
        parts=_once(part for condition in conditions for part in parts_of(condition)),
        unread=tuple(word for condition in conditions for word in condition.unread),
    )


def _understood(state: QueryState, sentence: str, *, only_understood: bool) -> QueryState:
    question = queries.asked(sentence, only_understood=only_understood)
    return replace(
        state,
        subject=question.condition.subject,
        parts=_once(parts_of(question.condition)),
        unread=question.condition.unread,
        sentence=sentence,
        notes=tuple(chip.note for chip in question.chips if chip.note),
        columns=(),
        sort="",
    )


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and 0 < len(text) < 8 else 1
