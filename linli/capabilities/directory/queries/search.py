"""Who can come: this place, this help, this moment; and who is the next best."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q

from linli.capabilities.directory import search_words
from linli.capabilities.directory.queries.hits import Hit, hit
from linli.capabilities.directory.rules import MOST_FOUND
from linli.core.chinese.normalise import for_matching
from linli.core.chinese.search import index_text, query_tokens
from linli.core.scope import current_scope
from linli.core.time import now as china_now
from linli.register.facilities.models import Facility
from linli.register.parties.models import Party
from linli.register.parties.queries import parties, parties_serving, parties_within
from linli.register.parties.topics import GROUPS, TOPICS, HelpTopic, topic_keys
from linli.register.places.models import Place
from linli.register.places.queries import below, find_place, roots
from linli.workbench.tasks.queries import Seat, calendar, holders, seats_for_choice

MAIN, OTHER = 2, 1
MOST_NEXT = 3
NAMED_KINDS = ("subdistrict", "community", "estate", "grid")
_SUFFIX = re.compile("(?:社区|街道|小区)$")
_HOUSE = re.compile(r"\d+(?:号楼|[号幢栋座弄]|单元|室|-\d+)*(?:\d+室?)?")


@dataclass(frozen=True)
class NextBest:
    """A post that answers where no organisation does, and who holds it."""

    seat: Seat
    names: list[str]


@dataclass
class SearchAnswer:
    """An answer, never empty: who is there, who is later, who else, and who is the next best."""

    place: Place
    at: datetime
    now: datetime
    is_moment_said: bool
    main: tuple[HelpTopic, ...]
    other: tuple[HelpTopic, ...]
    words: list[str]
    unknown: list[str]
    there: list[Hit] = field(default_factory=list)
    unsure: list[Hit] = field(default_factory=list)
    later: list[Hit] = field(default_factory=list)
    also: list[Hit] = field(default_factory=list)
    parts: list[Hit] = field(default_factory=list)
    next_best: list[NextBest] = field(default_factory=list)
    stand_in: list[Hit] = field(default_factory=list)

    @property
    def is_gap(self) -> bool:
        """Is nobody there for this at that moment?"""
        return not self.there

    @property
    def is_asked(self) -> bool:
        """Was anything asked for, beside the place and the moment?"""
        return bool(self.main or self.words or self.unknown)


def my_place() -> Place:
    """Return the place where the active post stands, the first of several."""
    return roots()[0]


def found_for(text: str, *, place: Place, topic: HelpTopic | None = None) -> SearchAnswer:
    """Answer a sentence; ``topic`` is one that was tapped and not typed."""
    now = china_now()
    moment, rest = search_words.read_moment(text, now)
    # The moment before the place: its numbers (3点) would be read as those of a house.
    named, rest = (None, rest) if search_words.is_here(text) else _place_in(rest, place)
    topics, rest = search_words.read_topics(rest)
    main = topics.main if topic is None else tuple(dict.fromkeys((topic, *topics.main)))
    search_answer = SearchAnswer(
        named or place, moment.at, now, moment.is_said, main, topics.other, [], []
    )
    serving = parties_serving(search_answer.place)
    _sort_words(search_answer, search_words.words_left(rest), serving)
    _answer(search_answer, serving)
    return search_answer


def _place_in(text: str, here: Place) -> tuple[Place | None, str]:
    """Return the place a text names, and the text without its name."""
    for name, place in _names(here):
        start = text.find(name)
        if start < 0:
            continue
        end = start + len(name)
        house = _HOUSE.match(text, end)
        meant = find_place(name + house.group(), within=place) if house else []
        if house and len({one.pk for one in meant}) == 1:
            return meant[0], text[:start] + search_words.GAP + text[house.end() :]
        return place, text[:start] + search_words.GAP + text[end:]
    house = _HOUSE.search(text)
    meant = find_place(house.group(), within=here) if house else []
    if house and len(meant) == 1:
        return meant[0], text[: house.start()] + search_words.GAP + text[house.end() :]
    return None, text


def _names(here: Place) -> list[tuple[str, Place]]:
    """Return the names of places this post may name, the longest first; doubled ones left out."""
    rows = Place.objects.filter(kind__in=NAMED_KINDS, ended_on__isnull=True)
    named = [
        (name, place)
        for place in rows
        for name in {for_matching(place.name), _SUFFIX.sub("", for_matching(place.name))}
        if len(name) > 1
    ]
    times = Counter(name for name, _one in named)
    near = here.path
    # A name that two places have says nothing, unless one of them is near.
    names = [(name, one) for name, one in named if times[name] == 1 or one.path.startswith(near)]
    return sorted(names, key=lambda pair: (-len(pair[0]), pair[1].path))


def _sort_words(answer: SearchAnswer, left: list[str], serving: list[Party]) -> None:
    """Keep the words that some organisation's entry has; the others were not understood."""
    indexes = [_index(party) for party in serving]
    for word in left:
        wanted = set(query_tokens(word))
        is_known = bool(wanted) and any(wanted <= index for index in indexes)
        (answer.words if is_known else answer.unknown).append(word)


def _index(party: Party) -> set[str]:
    text = f"{party.name} {party.kind} {party.helps_with} {party.contact} {party.address}"
    names = " ".join(f"{contact.name} {contact.role}" for contact in party.contacts.all())
    return set(index_text(f"{text} {names}").split())


def _rank(answer: SearchAnswer, party: Party) -> tuple[int, tuple[HelpTopic, ...]]:
    """Return how well an organisation fits, and by which topics; 0 when it does not."""
    if not answer.is_asked:
        return MAIN, ()
    mine = party.all_topics
    main = tuple(topic for topic in answer.main if topic in mine)
    other = tuple(topic for topic in answer.other if topic in mine)
    index = _index(party) if answer.words else set()
    words = [word for word in answer.words if set(query_tokens(word)) <= index]
    if main or words:
        return MAIN * (len(main) + len(words)) + len(other), (*main, *other)
    return (OTHER, other) if other else (0, ())


def _answer(answer: SearchAnswer, serving: list[Party]) -> None:
    plan, at_work = calendar(), _maintainers(answer)
    hits = []
    for party in serving:
        rank, topics = _rank(answer, party)
        if rank:
            mine = party.pk in at_work
            hits.append(hit(party, topics, rank, answer.at, plan, maintains_here=mine))
    hits.sort(key=_best_first)
    best = [one for one in hits if one.rank >= MAIN]
    answer.there = [one for one in best if one.is_there]
    answer.unsure = [one for one in best if one.is_there is None]
    later = [one for one in best if one.is_there is False]
    answer.later = sorted(later, key=lambda one: (one.opens is None, one.opens or answer.at))
    answer.also = [one for one in hits if one.rank < MAIN]
    inside = []
    for party in parties_within(answer.place):
        rank, topics = _rank(answer, party)
        if rank >= MAIN:
            inside.append(hit(party, topics, rank, answer.at, plan))
    # Who serves only a part of the place asked about is said apart: they do not come everywhere.
    answer.parts = inside[:MOST_FOUND]
    if answer.is_gap:
        _fall_back(answer, serving)


def _best_first(found_hit: Hit) -> tuple[Any, ...]:
    nearness = len(found_hit.party.scope_path)
    # Who maintains this very lift comes before whoever maintains lifts.
    return (not found_hit.maintains_here, -found_hit.rank, -nearness, found_hit.party.name)


def _maintainers(answer: SearchAnswer) -> set[int]:
    """Return who maintains what is asked for at this very place: its lifts, its hydrants."""
    if not answer.main:
        return set()
    wanted = {one.key for one in answer.main}
    rows = Facility.objects.filter(
        below(answer.place.path) | Q(scope_path__in=answer.place.above), maintainer__isnull=False
    )
    pairs = rows.values_list("maintainer_id", "kind").distinct().order_by()
    return {who for who, kind in pairs if wanted & set(topic_keys(kind))}


def _fall_back(answer: SearchAnswer, serving: list[Party]) -> None:
    """Say who is the next best: whoever is on duty for anything, and the posts up the tree."""
    plan = calendar()
    shown = {one.party.pk for one in (*answer.later, *answer.unsure, *answer.also)}
    duty = [
        hit(party, (), 0, answer.at, plan)
        for party in serving
        if party.pk not in shown
        and {"anything", "property"} & {topic.key for topic in party.all_topics}
    ]
    answer.stand_in = [one for one in duty if one.is_there][:MOST_NEXT]
    for seat in seats_for_choice(answer.place):
        names = holders(seat)
        if names:
            answer.next_best.append(NextBest(seat, names))
    answer.next_best = answer.next_best[:MOST_NEXT]


def topics_at(place: Place) -> list[tuple[str, list[tuple[HelpTopic, int]]]]:
    """Return the topics somebody helps with at a place, by group, with how many do."""
    counted: Counter[str] = Counter()
    for party in parties_serving(place):
        counted.update(topic.key for topic in party.all_topics)
    groups = []
    for group, title in GROUPS.items():
        here = [(topic, counted[topic.key]) for topic in TOPICS if topic.group == group]
        groups.append((str(title), here))
    return groups


def maintained_by(party: Party) -> tuple[list[Facility], int]:
    """Return the first things an organisation maintains in the scope, and how many there are."""
    rows = (
        Facility.objects.filter(maintainer=party)
        .select_related("place")
        .order_by("next_inspection_on", "pk")
    )
    return list(rows[:10]), rows.count()


def places_with_parties() -> list[tuple[Place, int]]:
    """Return the places this post may know of that somebody serves, and how many do there."""
    counted = Counter(party.place.pk for party in parties())
    rows = Place.objects.filter(pk__in=counted).order_by("path")
    return [(place, counted[place.pk]) for place in rows]


def stands_here(place: Place) -> bool:
    """Does a place lie in the active scope?"""
    return current_scope().holds(place.path)
