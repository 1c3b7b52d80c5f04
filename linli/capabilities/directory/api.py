"""The directory for programs: who can come, the same answer as on the page."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from linli.capabilities.directory.queries import Hit, SearchAnswer, found_for, my_place
from linli.core.errors import NotFound
from linli.core.interface.api_schemas import LARGEST_ID, answers
from linli.core.scope import current_scope
from linli.register.places.queries import place_or_not_found

router = Router()


class CallOut(Schema):
    """A number this post may see."""

    name: str
    role: str
    phone: str
    is_on_call: bool
    is_there: bool | None


class PartyOut(Schema):
    """An organisation, whether somebody is there, and whom to call, the first one first."""

    id: int
    name: str
    kind: str
    helps_with: str
    topics: list[str]
    place_id: int
    area: str
    hours: str
    is_there: bool | None
    until: datetime | None
    opens: datetime | None
    maintains_here: bool
    calls: list[CallOut]


class SeatOut(Schema):
    """A post that answers where no organisation does."""

    post: str
    names: list[str]


class DirectoryOut(Schema):
    """How the question was understood, and who can come."""

    place_id: int
    place: str
    at: datetime
    topics: list[str]
    words: list[str]
    unknown: list[str]
    there: list[PartyOut]
    unsure: list[PartyOut]
    later: list[PartyOut]
    also: list[PartyOut]
    parts: list[PartyOut]
    stand_in: list[PartyOut]
    next_best: list[SeatOut]


class DirectoryQuery(Schema):
    """A sentence, and where; without a place it is the post's own."""

    search: str = Field("", max_length=80)
    place: int | None = Field(None, ge=1, le=LARGEST_ID)


@router.get("", response=answers(DirectoryOut), url_name="directory")
def directory(request: HttpRequest, asked: Query[DirectoryQuery]) -> DirectoryOut:
    """Answer who can come: 凌晨3点 电梯漏水."""
    if not current_scope().paths:
        raise NotFound()
    place = place_or_not_found(asked.place) if asked.place else my_place()
    answer = found_for(asked.search.strip(), place=place)
    return DirectoryOut(
        place_id=answer.place.pk,
        place=str(answer.place),
        at=answer.at,
        topics=[one.key for one in (*answer.main, *answer.other)],
        words=answer.words,
        unknown=answer.unknown,
        **_groups(answer),
        next_best=[SeatOut(post=one.seat.words, names=one.names) for one in answer.next_best],
    )


def _groups(found: SearchAnswer) -> dict[str, list[PartyOut]]:
    names = ("there", "unsure", "later", "also", "parts", "stand_in")
    return {name: [_out(one) for one in getattr(found, name)] for name in names}


def _out(hit: Hit) -> PartyOut:
    party = hit.party
    calls = [
        CallOut(
            name=call.name,
            role=call.role,
            phone=call.dialled,
            is_on_call=call.is_on_call,
            is_there=call.is_there,
        )
        for call in hit.calls
        # A number this post may not see is left out whole, not sent as a cover.
        if call.dialled
    ]
    return PartyOut(
        id=party.pk,
        name=party.name,
        kind=party.kind,
        helps_with=party.helps_with,
        topics=[topic.key for topic in party.all_topics],
        place_id=party.place.pk,
        area=party.place.name,
        hours=party.hours,
        is_there=hit.is_there,
        until=hit.until,
        opens=hit.opens,
        maintains_here=hit.maintains_here,
        calls=calls,
    )
