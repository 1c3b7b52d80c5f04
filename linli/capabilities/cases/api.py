"""Cases for programs: the list, one of them, and taking one down; same scope as the pages."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Path, Query, Router, Schema
from pydantic import Field

from linli.capabilities.cases.actions import Reporter, may_dispatch, take_case
from linli.capabilities.cases.models import Case
from linli.capabilities.cases.queries import board, case_or_not_found, cases, shares_of
from linli.capabilities.cases.rules import LONGEST_TEXT
from linli.core.errors import NotFound
from linli.core.interface.api_schemas import LARGEST_ID, Paging, answers
from linli.core.scope import current_scope
from linli.register.places.queries import place_or_not_found
from linli.register.posts.models import User
from linli.workbench.tasks.queries import Seat

router = Router()


class CaseOut(Schema):
    """A case in a list; who reported it is not told."""

    id: int
    number: str
    title: str
    place_id: int
    address: str
    category: str
    channel: str
    state: str
    outcome: str
    received_at: datetime
    due_on: date | None
    reopened_times: int


class ShareOut(Schema):
    """One party's share: the post or organisation, never a person."""

    who: str
    is_lead: bool
    state: str
    due_on: date
    result: str


class AnswerOut(Schema):
    """What the reporters were told."""

    kind: str
    text: str
    passed_to: str
    at: datetime


class OneCaseOut(CaseOut):
    """A case whole."""

    text: str
    spot: str
    confidential: bool
    reports: int
    shares: list[ShareOut]
    answers: list[AnswerOut]


class CasesOut(Schema):
    """One page of cases; closed ones have no ``total``: of one seat it would be a ranking."""

    total: int | None
    offset: int
    cases: list[CaseOut]


class CasesQuery(Paging):
    """Which cases: by state."""

    state: Literal[
        "", "received", "assigned", "accepted", "in_hand", "handled", "answered", "closed"
    ] = ""


class CaseIn(Schema):
    """A case to take down; the same ``client_id`` sent again gets the same answer."""

    # Far above the limit: the action refuses in words what is merely too long.
    text: str = Field(min_length=1, max_length=LONGEST_TEXT * 20)
    place_id: int = Field(ge=1, le=LARGEST_ID)
    spot: str = Field("", max_length=120)
    channel: Literal["phone", "door", "hotline", "chat", "meeting"] = "hotline"
    name: str = Field("", max_length=40)
    phone: str = Field("", max_length=40)
    wants_answer: Literal["page", "phone", "sms", "none"] = "page"
    client_id: str = Field("", max_length=64)


class TakenOut(Schema):
    """What the reporter is given."""

    id: int
    tracking: str
    secret: str


class BoardRowOut(Schema):
    """One place of the board; without an id it is what lies in none of the others."""

    place_id: int | None
    name: str
    open: int
    late: int


class BoardOut(Schema):
    """What is open and late; the places add up to it."""

    open: int
    late: int
    places: list[BoardRowOut]


class BoardQuery(Schema):
    """Of which place; of the whole scope without one."""

    place_id: int | None = Field(None, ge=1, le=LARGEST_ID)


@router.get("/board", response=answers(BoardOut), url_name="case-board")
def case_board(request: HttpRequest, asked: Query[BoardQuery]) -> BoardOut:
    """Count what is open and late by place, as the station's board does."""
    if not may_dispatch.holds():
        raise NotFound()
    seen = board(place_or_not_found(asked.place_id) if asked.place_id else None)
    rows = [
        BoardRowOut(place_id=row.pk, name=row.label, open=row.open, late=row.late)
        for row in seen.by_place
    ]
    return BoardOut(open=seen.open, late=seen.late, places=rows)


@router.get("", response=answers(CasesOut), url_name="cases")
def list_cases(request: HttpRequest, asked: Query[CasesQuery]) -> CasesOut:
    """List cases, the latest first."""
    rows = cases().select_related("place", "category").order_by("-received_at", "-pk")
    if asked.state:
        rows = rows.filter(state=asked.state)
    page = rows[asked.offset : asked.offset + asked.limit]
    return CasesOut(
        total=None if asked.state == "closed" else rows.count(),
        offset=asked.offset,
        cases=[CaseOut(**_facts(one)) for one in page],
    )


@router.get("/{case_id}", response=answers(OneCaseOut), url_name="case")
def one_case(
    request: HttpRequest, case_id: Annotated[int, Path(ge=1, le=LARGEST_ID)]
) -> OneCaseOut:
    """Show one case with its shares and answers."""
    case = case_or_not_found(case_id)
    return OneCaseOut(
        **_facts(case),
        text=case.text,
        spot=case.spot,
        confidential=case.confidential,
        reports=case.reports.count(),
        shares=[
            ShareOut(
                who=handling.party.name
                if handling.party
                else Seat(handling.task.seat_role, handling.task.seat_place).words,
                is_lead=handling.is_lead,
                state=handling.state,
                due_on=handling.due_on,
                result=handling.result,
            )
            for handling in shares_of(case)
        ],
        answers=[
            AnswerOut(kind=answer.kind, text=answer.text, passed_to=answer.passed_to, at=answer.at)
            for answer in case.answers.all()
        ],
    )


@router.post("", response=answers(TakenOut), url_name="take-case")
def take(request: HttpRequest, given: CaseIn) -> TakenOut:
    """Take a case down at a place of this scope."""
    place = place_or_not_found(given.place_id)
    # Places above are readable too; a case may only be taken down inside the scope.
    if not current_scope().holds(place.path):
        raise NotFound()
    by = User.objects.filter(pk=current_scope().user_id or 0).first()
    reporter = Reporter(name=given.name, phone=given.phone, wants_answer=given.wants_answer)
    taken = take_case(
        text=given.text,
        place=place,
        spot=given.spot,
        channel=given.channel,
        by=by,
        reporter=reporter,
        client_id=given.client_id,
    )
    return TakenOut(id=taken.case.pk, tracking=taken.tracking, secret=taken.secret)


def _facts(case: Case) -> dict[str, Any]:
    return {
        "id": case.pk,
        "number": case.number,
        "title": case.title,
        "place_id": case.place_id,
        "address": str(case.place),
        "category": case.category.name if case.category else "",
        "channel": case.channel,
        "state": case.state,
        "outcome": case.outcome,
        "received_at": case.received_at,
        "due_on": case.due_on,
        "reopened_times": case.reopened_times,
    }
