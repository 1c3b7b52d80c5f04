"""Reading visits: plans, what is due, what was promised, what residents said, figures by place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from linli.capabilities.visits import rules
from linli.capabilities.visits.models import (
    CareLevelSeen,
    CarePlan,
    FeedbackRequest,
    Promise,
    Visit,
)
from linli.capabilities.visits.terms import (
    DENIED,
    DISPUTED,
    IN_PERSON,
    FeedbackState,
    PromiseState,
    Rating,
    VisitState,
    VisitWay,
)
from linli.core.fields import Condition
from linli.core.paths import ancestors
from linli.core.personal_data.crypto import blind_index
from linli.core.scope import current_scope, one_or_not_found, use_scope
from linli.core.time import today
from linli.register.people.models import Person
from linli.register.people.queries import lives_here
from linli.register.people.terms import PersonStatus
from linli.register.places.models import Place
from linli.register.posts.models import User
from linli.workbench.conditions import queries as conditions
from linli.workbench.conditions.disclosure import known, may_know
from linli.workbench.journal.models import JournalEntry
from linli.workbench.tasks.models import Task

AT_ONCE = 500
PLANNED, DONE = VisitState.PLANNED, VisitState.DONE


def plans_here(called: str = "") -> QuerySet[CarePlan]:
    """Return the plans set within the active scope, and those from above that reach it.

    ``called`` looks for a name.
    """
    care_plans: QuerySet[CarePlan] = CarePlan.objects.select_related("place")
    if called:
        care_plans = care_plans.filter(name__icontains=called)
    return known(care_plans, "condition", of=lambda row: may_know(row["condition"]))


def plan_or_not_found(pk: int) -> CarePlan:
    """Return one plan."""
    care_plan: CarePlan = one_or_not_found(plans_here(), pk=pk)
    return care_plan


def condition_of(plan: CarePlan) -> Condition:
    """Return whom a plan is about; refuses what is not understood any more."""
    return conditions.read_json(plan.condition)


def said_beside(plan: CarePlan) -> str:
    """Say of how many nothing is recorded, where a plan asks "no"."""
    with use_scope(current_scope().narrowed(plan.place.path)):
        return conditions.said_beside(condition_of(plan))


def people_of(plan: CarePlan) -> list[int]:
    """Return the residents of a plan within the active scope.

    Asked from the plan's own place, by whoever looks at it and every night alike: what can be
    seen from a wider scope alone the plan does not see when it runs.
    """
    with use_scope(current_scope().narrowed(plan.place.path)):
        keys = sorted(conditions.ids(condition_of(plan)))
        # A plan may ask for the registered; nobody is visited where they do not live.
        return [
            key
            for start in range(0, len(keys), AT_ONCE)
            for key in Person.objects.filter(lives_here(), pk__in=keys[start : start + AT_ONCE])
            .order_by("pk")
            .values_list("pk", flat=True)
        ]


def visits() -> QuerySet[Visit]:
    """Return the visits of the scope with what they are shown with."""
    rows: QuerySet[Visit] = Visit.objects.select_related("person", "place", "plan", "task")
    return rows


def planned_visits() -> QuerySet[Visit]:
    """Return the visits to be made: nobody is visited who died or moved away."""
    return visits().filter(state=PLANNED, person__status=PersonStatus.CURRENT)


def visit_or_not_found(pk: int) -> Visit:
    """Return one visit."""
    visit: Visit = one_or_not_found(visits(), pk=pk)
    return visit


def due_at(place: Place, on: date) -> list[Visit]:
    """Return the visits a door waits for, a few days ahead too: whoever is there can be seen."""
    rows = planned_visits().filter(place=place).order_by("day", "pk")
    return [row for row in rows if row.task_id or row.day <= on + timedelta(days=LOOK_AHEAD)]


LOOK_AHEAD = 3


def promises() -> QuerySet[Promise]:
    """Return the promises of the scope."""
    rows: QuerySet[Promise] = Promise.objects.select_related("person", "place", "task")
    return rows


def open_promises() -> QuerySet[Promise]:
    """Return the promises that can still be kept, to whoever is still here."""
    return promises().filter(state=PromiseState.OPEN, person__status=PersonStatus.CURRENT)


def promise_or_not_found(pk: int) -> Promise:
    """Return one promise."""
    promise: Promise = one_or_not_found(promises(), pk=pk)
    return promise


def feedback_requests() -> QuerySet[FeedbackRequest]:
    """Return what residents are asked."""
    rows: QuerySet[FeedbackRequest] = FeedbackRequest.objects.select_related(
        "person", "place", "visit__task", "promise__task", "task", "dispute"
    )
    return rows


def feedback_request_or_not_found(pk: int) -> FeedbackRequest:
    """Return one asking."""
    feedback_request: FeedbackRequest = one_or_not_found(feedback_requests(), pk=pk)
    return feedback_request


def token_of(feedback_request: FeedbackRequest) -> str:
    """Return the secret word of a resident's link: made from the key, stored nowhere."""
    return blind_index(f"asking {feedback_request.pk}", "asking link")[:20]


def index_of(token: str) -> str:
    """Return what is stored of it: one way."""
    return blind_index(token, "asking index")


def feedback_request_of(token: str) -> FeedbackRequest | None:
    """Return the question a link opens, while it may be answered."""
    feedback_request: FeedbackRequest | None = (
        feedback_requests()
        .filter(
            token_index=index_of(token), ends_on__gte=today(), person__status=PersonStatus.CURRENT
        )
        .first()
    )
    return feedback_request


def frail_waiting() -> QuerySet[CareLevelSeen]:
    """Return who came to be frail with very many others and waits for somebody's word."""
    care_level_seens: QuerySet[CareLevelSeen] = CareLevelSeen.objects.filter(
        lives_here("person__"), waits=True, person__home__isnull=False
    )
    return care_level_seens.select_related("person__home")


def page_of_asking(task: Task) -> str:
    """Return where the word of a resident is written down, or looked into, "" once it is."""
    rows = FeedbackRequest.objects.filter(pk=task.subject_id)
    waits = rows.filter(finding="") if task.kind == DISPUTED else rows.filter(state="open")
    name = "visits:settle" if task.kind == DISPUTED else "visits:feedback"
    return reverse(name, args=[task.subject_id]) if waits.exists() else ""


def owners_of(feedback_request: FeedbackRequest) -> set[int]:
    """Return who made the visit or the promise that is asked about, or said that it was kept."""
    source = feedback_request.visit or feedback_request.promise
    if source is None:
        return set()
    task = source.task
    return {source.by_id, task.ended_by_id if task is not None else None} - {None}


def is_own(feedback_request: FeedbackRequest, user: User | None) -> bool:
    """Is this the user who made the visit or the promise that is asked about?"""
    return user is not None and user.pk in owners_of(feedback_request)


def contradicts(feedback_request: FeedbackRequest) -> bool:
    """Does the resident say that something did not happen of which somebody said it did?"""
    visit, promise = feedback_request.visit, feedback_request.promise
    return (feedback_request.visited is False and visit is not None and visit.state == DONE) or (
        feedback_request.kept is False
        and promise is not None
        and promise.state == PromiseState.KEPT
    )


def word_against(feedback_request: FeedbackRequest) -> str:
    """Return what a resident said against it in short, "" when nothing."""
    if feedback_request.visited is False:
        return _("居民说没来过")
    return _("居民说没做到") if feedback_request.kept is False else ""


def words_of(feedback_request: FeedbackRequest) -> str:
    """Return both words: what was written down, and what the resident says."""
    visit, promise = feedback_request.visit, feedback_request.promise
    written = ""
    if visit is not None:
        entry = JournalEntry.objects.filter(kind="visit.recorded", data__visit=visit.pk).first()
        said = entry.text if entry is not None and entry.text else visit.get_way_display()
        written = f"{visit.done_on} {said}"
    elif promise is not None:
        written = "；".join(filter(None, [promise.what, str(promise.kept_on), promise.words]))
    who = feedback_request.get_answered_by_display()
    answer = "；".join(filter(None, [word_against(feedback_request), feedback_request.words]))
    names = {"written": _short(written), "who": who, "answer": _short(answer)}
    return _("登记的：%(written)s\n居民（%(who)s）说的：%(answer)s") % names


def _short(words: str) -> str:
    return words if len(words) <= MOST_IN_A_NOTE else words[: MOST_IN_A_NOTE - 1] + "…"


MOST_IN_A_NOTE = 900


def days_since_asked(person: Person, on: date) -> int | None:
    """Return how long ago somebody was last asked, None when never."""
    last = FeedbackRequest.objects.filter(person=person).order_by("-about_on").first()
    return (on - last.about_on).days if last else None


@dataclass(frozen=True)
class OfPerson:
    """What the page of a resident says of visits and promises."""

    next: list[Visit]
    last: Visit | None
    promises: list[Promise]
    disputed: list[Visit]


def of_person(person: Person) -> OfPerson:
    """Return the next visits, the last one and the open promises of somebody."""
    # Who it is and where stands on the page already: neither is read again with each.
    mine: QuerySet[Visit] = Visit.objects.filter(person=person)
    met = mine.exclude(way="")
    return OfPerson(
        list(mine.filter(state=PLANNED).select_related("plan").order_by("day")),
        met.filter(state=DONE).order_by("-done_on", "-pk").first(),
        list(open_promises().filter(person=person).select_related(None)),
        list(met.filter(state=VisitState.DISPUTED).order_by("-done_on")),
    )


@dataclass
class Figures:
    """How it went at one place in a period: promises and feelings apart, never added up."""

    place: Place
    visits: int = 0
    denied: int = 0  # the resident says that nobody came, and nobody found otherwise
    unsettled: int = 0  # of these and of promises, those nobody has looked into yet
    ways: list[tuple[str, int]] = field(default_factory=list)
    evenings: int = 0
    floors: int = 0
    promised: int = 0
    kept: int = 0
    asked: int = 0
    answered: int = 0
    said: int = 0
    visited: int = 0
    rating: dict[str, int] = field(default_factory=dict)
    words: list[FeedbackRequest] = field(default_factory=list)

    @property
    def kept_share(self) -> int | None:
        """Return the per cent of promises kept, None when too few."""
        return rules.share_shown(part=self.kept, whole=self.promised)

    @property
    def visited_share(self) -> int | None:
        """Return the per cent of those who say whether somebody came, None when too few."""
        return rules.share_shown(part=self.visited, whole=self.said)

    @property
    def good_share(self) -> int | None:
        """Return the per cent of answers that felt good, None when too few."""
        return rules.share_shown(
            part=self.rating.get(Rating.GOOD, 0), whole=sum(self.rating.values())
        )


def communities_here() -> list[Place]:
    """Return the communities of the scope: figures of smaller places would be of persons."""
    rows = Place.objects.filter(kind="community", ended_on__isnull=True).order_by("path")
    return [place for place in rows if current_scope().holds(place.path)]


def figures(places: Iterable[Place], since: date, until: date) -> list[Figures]:
    """Count visits, promises whose day came, and answers at each place in a period.

    The period is read once for all, however many places there are; none lies within another.
    """
    made = {place.path: Figures(place) for place in places}
    _count_visits(made, since, until)
    _count_promises(made, since, until)
    rows = FeedbackRequest.objects.filter(about_on__range=(since, until))
    for row in rows.order_by("-answered_on"):
        if at := _lies_in(made, row.scope_path):
            _count_answer(at, row)
    return list(made.values())


def _lies_in(made: Mapping[str, Figures], path: str) -> Figures | None:
    return next((made[one] for one in (*ancestors(path), path) if one in made), None)


def _count_visits(made: Mapping[str, Figures], since: date, until: date) -> None:
    # A visit that was done along with another has no way of its own and is not counted twice.
    held = Visit.objects.filter(state=DONE, done_on__range=(since, until)).exclude(way="")
    groups = held.order_by().values_list("scope_path", "way", "evening")
    counts: dict[str, Counter[str]] = {path: Counter() for path in made}
    for path, way, evening, number, floors in groups.annotate(n=Count("pk"), f=Sum("floors")):
        if at := _lies_in(made, path):
            counts[at.place.path][way] += number
            at.visits += number
            at.evenings += number if evening else 0
            at.floors += floors or 0
    # Beside and never among them: somebody said so, and the resident says no.
    denied = Visit.objects.filter(state__in=DENIED, done_on__range=(since, until)).exclude(way="")
    for path in denied.values_list("scope_path", flat=True):
        if at := _lies_in(made, path):
            at.denied += 1
    for path, one in made.items():
        one.ways = [(str(way.label), counts[path][way.value]) for way in VisitWay]


def _count_promises(made: Mapping[str, Figures], since: date, until: date) -> None:
    for row in Promise.objects.filter(due_on__range=(since, until)):
        # A promise whose day is today may still be kept, unless it was said to be and was not.
        is_open = row.state == PromiseState.OPEN and row.resident_verdict != "no"
        is_judged = not is_open or row.due_on < today()
        if is_judged and (at := _lies_in(made, row.scope_path)):
            verdict = rules.is_kept(
                state=row.state,
                due=row.due_on,
                kept_on=row.kept_on,
                resident_verdict=row.resident_verdict,
            )
            at.promised += verdict is not None
            at.kept += bool(verdict)


def _count_answer(made: Figures, row: FeedbackRequest) -> None:
    made.asked += 1
    if row.state != FeedbackState.ANSWERED:
        return
    made.answered += 1
    made.unsettled += row.is_disputed
    made.said += row.visited is not None
    made.visited += bool(row.visited)
    if row.rating:
        made.rating[row.rating] = made.rating.get(row.rating, 0) + 1
    # The latest come first, without who was visited by whom.
    if row.words and len(made.words) < MOST_WORDS:
        made.words.append(row)


MOST_WORDS = 20


def counts_for(visit: Visit, way: str) -> bool:
    """Does this way count for this visit?"""
    return not visit.in_person or way in IN_PERSON


def last_seen(people: list[int], *, in_person: bool) -> Mapping[int, date]:
    """Return when each was last visited: any contact, or only when somebody saw them."""
    seen_on: dict[int, date] = {}
    held = Visit.objects.filter(state=DONE)
    held = held.filter(way__in=IN_PERSON) if in_person else held
    for start in range(0, len(people), MOST_IN_A_QUERY):
        part = people[start : start + MOST_IN_A_QUERY]
        if not in_person:
            rows: Any = Person.objects.filter(pk__in=part, last_contact_on__isnull=False)
            for pk, day in rows.values_list("pk", "last_contact_on"):
                seen_on[pk] = day
        for pk, day in held.filter(person__in=part).values_list("person_id", "done_on"):
            seen_on[pk] = max(day, seen_on.get(pk, day))
    return seen_on


MOST_IN_A_QUERY = 500


def meant_by(visit: Visit, people: Set[int], user_id: int) -> Set[int]:
    """Return the person of a planned visit, when the plan behind it is somebody else's."""
    plan = visit.plan
    # Somebody else's plan is the reason to read; one's own would be a way round the budget.
    if plan is None or plan.by_id == user_id or visit.state != VisitState.PLANNED:
        return set()
    return {visit.person_id} & people
