"""Asking: a sentence, canonical Chinese or a condition, answered as a count, a list, a cross-tab.

Nothing is written: these are POST because a question may be too long for an address.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import Field

from linli.core.errors import Refused
from linli.core.interface.api_schemas import (
    FARTHEST,
    MOST_AT_ONCE,
    USUAL_PAGE,
    RequestBody,
    answers,
)
from linli.faces.api.fields import Subject
from linli.workbench.conditions import queries
from linli.workbench.conditions.results import Question
from linli.workbench.conditions.schemas import CrossTabOut, NotRecordedOut, QuestionOut, RowsOut

router = Router()
LONGEST_SENTENCE, LONGEST_TEXT, MOST_COLUMNS = 300, 4000, 60


class SentenceIn(RequestBody):
    """A plain sentence."""

    sentence: str = Field(min_length=1, max_length=LONGEST_SENTENCE, examples=["90岁以上独居老人"])


class QuestionIn(RequestBody):
    """One of three: a sentence, canonical Chinese about a subject, or a condition.

    A sentence with a word that is not understood is refused with ``details``: what was understood
    and what was not. ``only_understood`` asks it without those words; they stand in the answer.
    """

    sentence: str | None = Field(None, min_length=1, max_length=LONGEST_SENTENCE)
    text: str | None = Field(None, max_length=LONGEST_TEXT)
    subject: Subject = "person"
    condition: dict[str, Any] | None = None
    only_understood: bool = False

    def understood(self) -> Question:
        """Return the question, or refuse."""
        questions = [
            question
            for question in (self.sentence, self.text, self.condition)
            if question is not None
        ]
        if len(questions) != 1:
            sentence = _("请在 sentence、text、condition 中给一项，且只给一项")
            raise Refused("question.one_of", sentence, "sentence")
        if self.sentence is not None:
            return queries.asked(self.sentence, only_understood=self.only_understood)
        if self.text is not None:
            condition = queries.read_text(self.subject, self.text)
        else:
            condition = queries.read_json(self.condition or {})
        text = queries.condition_text(condition)
        return Question("", condition, text, unknown=condition.unread)


class ListIn(QuestionIn):
    """A question, which columns, in which order, which part."""

    columns: list[str] = Field(default=[], max_length=MOST_COLUMNS)
    sort: str = Field("", max_length=60)
    limit: int = Field(USUAL_PAGE, ge=1, le=MOST_AT_ONCE)
    offset: int = Field(0, ge=0, le=FARTHEST)


class CrossTabIn(QuestionIn):
    """A question and one or two facts."""

    row: str = Field(min_length=1, max_length=60)
    column: str = Field("", max_length=60)


class CountOut(QuestionOut):
    """How many."""

    count: int
    beside: NotRecordedOut | None = None


class ListOut(RowsOut):
    """A list, and the question it answers."""

    question: QuestionOut
    beside: NotRecordedOut | None = None


class SpreadOut(CrossTabOut):
    """A cross-tab, and the question it answers."""

    question: QuestionOut
    beside: NotRecordedOut | None = None


@router.post("/parse", response=answers(QuestionOut), url_name="conditions-parse")
def parse(request: HttpRequest, asked: SentenceIn) -> QuestionOut:
    """Understand a sentence; what is not understood is named in ``unknown``."""
    return QuestionOut.of(queries.ask(asked.sentence))


@router.post("/count", response=answers(CountOut), url_name="conditions-count")
def count(request: HttpRequest, asked: QuestionIn) -> CountOut:
    """Count, live."""
    question = asked.understood()
    number = queries.count(question.condition)
    beside = NotRecordedOut.of(question.condition, number)
    return CountOut(**QuestionOut.of(question).dict(), count=number, beside=beside)


@router.post("/list", response=answers(ListOut), url_name="conditions-list")
def rows(request: HttpRequest, asked: ListIn) -> ListOut:
    """Return one page of the list, live, masked as on the pages."""
    question = asked.understood()
    listed = queries.rows(
        question.condition,
        columns=asked.columns,
        sort=asked.sort,
        offset=asked.offset,
        limit=asked.limit,
    )
    return ListOut(
        **RowsOut.of(listed).dict(),
        question=QuestionOut.of(question),
        beside=NotRecordedOut.of(question.condition, listed.total),
    )


@router.post("/cross-tab", response=answers(SpreadOut), url_name="conditions-cross-tab")
def cross_tab(request: HttpRequest, asked: CrossTabIn) -> SpreadOut:
    """Count by one or two facts, from the snapshot."""
    question = asked.understood()
    table = queries.cross_tab(question.condition, asked.row, asked.column)
    return SpreadOut(
        **CrossTabOut.of(table).dict(),
        question=QuestionOut.of(question),
        beside=NotRecordedOut.of(question.condition, table.total),
    )
