"""The demonstration's cases: eight weeks of them, in every state, by the people of the cast."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from random import Random

from django.db import transaction

from linli.capabilities.cases import actions
from linli.capabilities.cases.actions import Share
from linli.capabilities.cases.actions.closing import close_unconfirmed
from linli.capabilities.cases.models import Case, Report
from linli.capabilities.cases.terms import HANDLE, CaseState
from linli.core.batch_cache import batch_cache
from linli.core.scope import system_scope
from linli.core.time import CHINA
from linli.core.time import now as the_moment
from linli.demo.clock import at
from linli.demo.invented_cases import Matter, matters
from linli.demo.stage import Desk, World, acting, desk_of, reporter_of, set_up
from linli.register.places.models import Place
from linli.register.posts.models import User
from linli.register.posts.terms import Role
from linli.workbench.tasks.actions import accept_task, finish_task, refuse_task
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.queries import Seat

OPENS, CLOSES = 9, 17
Course = Iterator[float]  # how many hours until it goes on


def add_matters(*, town: Place, random: Random, moment: datetime | None = None) -> int:
    """Let the last eight weeks happen, one step after the other; return how many cases came."""
    ends = moment or the_moment()
    with transaction.atomic(), batch_cache():
        world = set_up(town, random)
        waiting: list[tuple[datetime, int, Course]] = []
        for number, matter in enumerate(matters()):
            begins = _began(matter, ends, random)
            # The number decides between equal moments: courses cannot be compared.
            heapq.heappush(waiting, (begins, number, _course(matter, world)))
        while waiting:
            now, number, course = heapq.heappop(waiting)
            if now > ends:
                continue  # it has come no further yet
            with at(now):
                hours = next(course, None)
            if hours is not None:
                heapq.heappush(waiting, (_working(now + timedelta(hours=hours)), number, course))
    return len(matters())


def _began(matter: Matter, ends: datetime, random: Random) -> datetime:
    day = (ends - timedelta(days=matter.days)).astimezone(CHINA).date()
    clock = time(random.randint(8, 20), random.randint(0, 59))
    begins = datetime.combine(day, clock, tzinfo=CHINA)
    # What came today came before the moment at which the story ends.
    return min(begins, ends - timedelta(minutes=random.randint(5, 90)))


def _working(moment: datetime) -> datetime:
    """Return the moment itself, or the next morning when the office is closed."""
    local = moment.astimezone(CHINA)
    if local.hour >= CLOSES:
        local = datetime.combine(local.date() + timedelta(days=1), local.time(), tzinfo=CHINA)
        return local.replace(hour=OPENS)
    return local.replace(hour=OPENS) if local.hour < OPENS else local


def _course(matter: Matter, world: World) -> Course:
    """Let one case happen; every yield says how many hours pass until the next step."""
    desk = desk_of(matter, world)
    report = _take(matter, world)
    case: Case = report.case
    world.taken[matter.key] = case
    if matter.course == "waiting":
        return
    yield world.random.uniform(0.3, 3)
    if matter.course.startswith("merged"):
        with acting(*desk):
            actions.merge_cases(case=case, into=_fresh(world.taken[matter.into]), by=desk[0])
        return
    yield from _ended_early(matter, case, desk)
    if case.state == "closed" or matter.course in ("cannot", "not_ours"):
        yield from _confirmed(matter, case, report)
        return
    yield from _handed_out(matter, case, world, desk)
    if matter.course in ("assigned", "confidential"):
        return
    yield from _worked_on(matter, case, world, desk)
    if matter.course in ("accepted", "in_hand", "joint", "refused", "handled"):
        return
    yield from _answered(matter, case, world, desk)
    yield from _confirmed(matter, case, report)
    if matter.course.startswith("reopened"):
        yield from _handed_out(matter, case, world, desk)
        if matter.course == "reopened_fixed":
            yield from _worked_on(matter, case, world, desk)
            yield from _answered(matter, case, world, desk)
            yield 5
            _speak(report, fixed=True)


def _take(matter: Matter, world: World) -> Report:
    place = world.random.choice(world.places[matter.where])
    if matter.into:
        place = world.taken[matter.into].place
    user, role, path = desk_of(matter, world)
    by_worker = matter.channel in ("phone", "door", "meeting", "chat")
    with (
        acting(user, role, path) if by_worker else system_scope("a resident reports by themselves")
    ):
        taken = actions.take_case(
            text=matter.text,
            place=place,
            by=user if by_worker else None,
            channel=matter.channel,
            spot=matter.spot,
            reporter=reporter_of(matter, place, world.random),
            confidential=matter.course == "confidential",
        )
        category = world.categories[matter.category]
        if by_worker or matter.course != "waiting":
            actions.set_category(case=taken.case, category=category, by=user)
    taken.report.case = taken.case
    return taken.report


def _fresh(case: Case) -> Case:
    with system_scope("the demonstration reads a case again"):
        fresh: Case = Case.objects.select_related("place", "category").get(pk=case.pk)
        return fresh


def _ended_early(matter: Matter, case: Case, desk: Desk) -> Course:
    """End what needs no work: withdrawn, cannot be done, not ours."""
    if matter.course not in ("withdrawn", "cannot", "not_ours"):
        return
    yield 20
    with acting(*desk):
        if matter.course == "withdrawn":
            actions.withdraw_case(case=case, by=desk[0], reason="已向社区问清楚，不用再办")
        else:
            actions.answer_case(
                case=case,
                by=desk[0],
                text=matter.reply,
                kind=matter.course,
                passed_to="区有关部门" if matter.course == "not_ours" else "",
            )


def _handed_out(matter: Matter, case: Case, world: World, desk: Desk) -> Course:
    shares: Sequence[Share] = ()
    if matter.course.startswith("joint"):
        party = "四明加装电梯服务公司" if matter.where == "lifts" else "明州电梯维保公司"
        second = world.parties["甬安物业服务公司" if matter.course == "joint_done" else party]
        shares = (Share(), Share(party=second))
    # A danger has gone straight to whoever must act.
    if case.state == CaseState.RECEIVED:
        with acting(*desk):
            actions.assign_case(case=case, by=desk[0], shares=shares)
    yield world.random.uniform(1, 6)
    if matter.course == "refused" and not case.refused_times:
        task = _tasks(case)[0]
        with _holding(task, world) as user:
            refuse_task(task=task, by=user, reason="这一处不归我管，要请社区牵头")
        case.refresh_from_db()
        yield 4
        with acting(*desk):
            seat = Seat(Role.SECRETARY, Place.objects.get(path=desk[2]))
            actions.assign_case(case=case, by=desk[0], shares=[Share(seat=seat)])
        yield 2


def _tasks(case: Case) -> list[Task]:
    with system_scope("the tasks of a case of the demonstration"):
        rows = Task.objects.filter(kind=HANDLE, subject_id=case.pk)
        open_ones = rows.filter(state__in=["open", "accepted"]).order_by("pk")
        return list(open_ones.select_related("place", "seat_place", "person", "taken_by"))


@contextmanager
def _holding(task: Task, world: World) -> Iterator[User]:
    """Be whoever holds the post a task belongs to."""
    path = task.seat_place.path if task.seat_place else world.town.path
    user = world.user(task.seat_role, path)
    with acting(user, task.seat_role, path):
        yield user


def _worked_on(matter: Matter, case: Case, world: World, desk: Desk) -> Course:
    for task in _tasks(case):
        with _holding(task, world) as user:
            accept_task(task=task, by=user)
        yield world.random.uniform(0.5, 3)
        if matter.course == "joint":
            break
    if matter.course in ("accepted", "refused"):
        return
    with acting(*desk):
        actions.start_case(case=_fresh(case), by=desk[0])
    if matter.course in ("in_hand", "joint"):
        return
    for task in _tasks(case):
        yield world.random.uniform(4, 30)
        with _holding(task, world) as user:
            finish_task(task=task, by=user, result="已到现场处理，拍照留存。")
    case.refresh_from_db()


def _answered(matter: Matter, case: Case, world: World, desk: Desk) -> Course:
    yield 3
    fresh = _fresh(case)
    officer = desk[0]
    if fresh.category and fresh.category.needs_review:
        with system_scope("the demonstration: reviewed by somebody else"):
            did = set(fresh.handlings.values_list("ended_by_id", flat=True))
            # Nobody reviews what they handled themselves.
            others = [post for post in world.posts.values() if post.pk not in did]
            actions.review_case(case=fresh, by=others[0], approved=True)
    with acting(*desk):
        actions.answer_case(case=fresh, by=officer, text=matter.reply)
    case.refresh_from_db()


def _speak(report: Report, *, fixed: bool, text: str = "") -> None:
    with system_scope("a resident of the demonstration says whether it helped"):
        fresh = Report.objects.select_related("case", "case__place").get(pk=report.pk)
        actions.give_verdict(report=fresh, fixed=fixed, by=None, text=text)


def _confirmed(matter: Matter, case: Case, report: Report) -> Course:
    """Let the resident speak, or let seven days pass."""
    if matter.course in ("fixed", "joint_done"):
        yield 22
        _speak(report, fixed=True, text="办得快，谢谢。")
    elif matter.course.startswith("reopened"):
        yield 26
        _speak(report, fixed=False, text="过了两天又和原来一样。")
        case.refresh_from_db()
        yield 5
    elif matter.course in ("unconfirmed", "cannot", "not_ours"):
        yield 24 * 7
        with system_scope("the demonstration: nobody said anything for a week"):
            close_unconfirmed(case=_fresh(case), by=None)
