"""One box, one page: who can come, is somebody there, which number."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from linli.capabilities.directory.pages.common import is_mine, place_asked
from linli.capabilities.directory.queries import (
    Hit,
    SearchAnswer,
    found_for,
    may_see_referrals,
    my_place,
    topics_at,
)
from linli.capabilities.directory.queries.hits import moment_words, state_words
from linli.capabilities.directory.queries.search import places_with_parties
from linli.capabilities.directory.vcards import CONTENT_TYPE, vcards
from linli.core.errors import NotFound
from linli.core.scope import current_scope
from linli.register.parties.actions import may_edit
from linli.register.parties.queries import parties_serving
from linli.register.parties.topics import BY_KEY
from linli.register.posts.rules import READS_REGISTER

LONGEST = 80


def reads_directory() -> None:
    """Say that there is nothing here to a post that reads no register."""
    if current_scope().role not in READS_REGISTER or not current_scope().paths:
        raise NotFound()


@login_required
@never_cache
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Answer who can come; the same page is the directory when nothing is asked."""
    reads_directory()
    question = request.GET.get("q", "").strip()[:LONGEST]
    here = place_asked(request, my_place())
    topic = BY_KEY.get(request.GET.get("topic", ""))
    search_answer = found_for(question, place=here, topic=topic)
    context = {
        "asked": question,
        "topic": topic,
        "found": search_answer,
        "here": here,
        "is_asked": bool(question or topic),
        "moment": moment_words(search_answer.at, search_answer.now)
        if search_answer.is_moment_said
        else "",
        **sections(search_answer),
        "examples": [_("凌晨3点 电梯漏水"), _("现在谁能开锁"), _("周日下午 看病"), _("晚上 燃气")],
        "topics": topics_at(here) if not question and topic is None else [],
        "may_edit": may_edit.holds() and is_mine(here),
        "sees_referrals": may_see_referrals(),
    }
    part = request.headers.get("HX-Target") == "found"
    return render(request, "directory/found.html" if part else "directory/search.html", context)


def sections(found: SearchAnswer) -> dict[str, Any]:
    """Return every group of answers as the rows that the page shows."""

    def rows(hits: list[Hit]) -> list[dict[str, Any]]:
        return [_row(hit, found) for hit in hits]

    names = ("there", "unsure", "later", "also", "parts", "stand_in")
    return {name: rows(getattr(found, name)) for name in names}


def _row(hit: Hit, found: SearchAnswer) -> dict[str, Any]:
    return {
        "hit": hit,
        "party": hit.party,
        "href": reverse("directory:party", args=[hit.party.pk]),
        "call": hit.first_call,
        "state": state_words(hit, found.at, found.now),
        "area": hit.party.place.name if hit.party.place_id != found.place.pk else "",
    }


@login_required
@never_cache
@require_GET
def places(request: HttpRequest) -> HttpResponse:
    """List the places that somebody serves, each with how many."""
    reads_directory()
    rows = [
        (one, f"{reverse('directory:search')}?place={one.pk}", count)
        for one, count in places_with_parties()
    ]
    return render(request, "directory/places.html", {"rows": rows})


@login_required
@never_cache
@require_GET
def cards(request: HttpRequest) -> HttpResponse:
    """Give the address book of a place: everybody who serves it."""
    reads_directory()
    here = place_asked(request, my_place())
    return as_file(vcards(parties_serving(here)))


def as_file(text: str) -> HttpResponse:
    """Return cards as a file that a phone offers to import."""
    answer = HttpResponse(text, content_type=CONTENT_TYPE)
    answer["Content-Disposition"] = 'attachment; filename="linli.vcf"'
    return answer
