"""Who is responsible, how urgent a task is and why, when it goes up: no Django, no clock."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from linli.core.rules import rule

# Who stands in for whom when a seat is empty, nearest first.
UP = ("grid_worker", "community_worker", "secretary", "subdistrict_officer")
SEES_ALL_TASKS = frozenset(UP)
SEES_CONFIDENTIAL = frozenset({"secretary", "subdistrict_officer"})
MAY_DISPATCH = frozenset({"community_worker", "secretary", "subdistrict_officer"})
MAY_WORK = frozenset({*UP, "micro_grid_lead", "property_manager"})
MAY_SET_WORKING_DAYS = frozenset({"subdistrict_officer"})

SHORTEST_REASON = 2  # characters
LONGEST_WORDS = 2000
ESCALATES_AFTER = 2  # working days late, and again after as many
POINTS_A_DAY_LATE = 5
MOST_FOR_LATENESS = 50
DUE_TODAY = 15
DANGER_POINTS = 1000  # nothing else comes near: a danger stands on top
FIRST_RESPONSE_MINUTES = 15
DUE_TOMORROW = 8
MOST_FOR_NEED = 30


@dataclass(frozen=True, order=True)
class Stands:
    """A post that somebody holds: the role and the path of its place."""

    role: str
    path: str


@dataclass(frozen=True)
class ResponsibleSeat:
    """Who is responsible; ``is_gap`` when nobody holds the post that should be."""

    seat: Stands | None
    is_gap: bool


def chain_of(role: str) -> tuple[str, ...]:
    """Return the roles to ask for, one after another, starting with the wanted one."""
    if role in UP:
        return UP[UP.index(role) :]
    return (role, "community_worker", "secretary", "subdistrict_officer")


@rule(
    says="待办归管到该地的最近的岗位；无人任职就往上一级，并列入“无人负责”",
    source="设计：待办的归属；五一中路社区29个小区12个没有物业",
    since="2026-11-23",
    examples=(
        (
            {"role": "grid_worker", "path": "1/2/3/", "held": [Stands("grid_worker", "1/2/3/")]},
            ResponsibleSeat(Stands("grid_worker", "1/2/3/"), is_gap=False),
        ),
        (
            {"role": "grid_worker", "path": "1/2/3/", "held": [Stands("secretary", "1/2/")]},
            ResponsibleSeat(Stands("secretary", "1/2/"), is_gap=True),
        ),
        ({"role": "grid_worker", "path": "1/2/3/", "held": []}, ResponsibleSeat(None, is_gap=True)),
    ),
)
def responsible(*, role: str, path: str, held: Iterable[Stands]) -> ResponsibleSeat:
    """Which held post answers for a kind of task at a place: the nearest up the tree."""
    # Each key in a path ends with a slash, so no prefix ends in the middle of a number.
    covering = [stands for stands in held if path.startswith(stands.path)]
    for step, wanted in enumerate(chain_of(role)):
        nearest = max(
            (one for one in covering if one.role == wanted),
            key=lambda one: len(one.path),
            default=None,
        )
        if nearest is not None:
            # Whoever but the wanted role answers only stands in for it.
            return ResponsibleSeat(nearest, is_gap=step > 0)
    return ResponsibleSeat(None, is_gap=True)


@rule(
    says="不能办这件事的人（例如问居民对自己看望的评价）不算在岗：岗位上还有别人就由别人办，"
    "没有别人就往上一级",
    source="设计：自己的事不由自己办，自己不给自己打分",
    since="2026-11-30",
    examples=(
        (
            {"holders": {Stands("grid_worker", "1/2/"): frozenset({7})}, "excluded": [7]},
            frozenset(),
        ),
        (
            {"holders": {Stands("grid_worker", "1/2/"): frozenset({7, 8})}, "excluded": [7]},
            frozenset({Stands("grid_worker", "1/2/")}),
        ),
    ),
)
def held_by_others(
    *, holders: Mapping[Stands, frozenset[int]], excluded: Collection[int]
) -> frozenset[Stands]:
    """Which posts are held by somebody who may do this task?"""
    if not excluded:
        return frozenset(holders)
    barred = frozenset(excluded)
    return frozenset(stands for stands, users in holders.items() if not users <= barred)


@dataclass(frozen=True)
class Asked:
    """What decides whose a task is: the role that is asked for, where, and who must not do it.

    ``chosen`` is the path of the post it was given to by hand; ``at`` is where it is now.
    """

    role: str
    path: str
    chosen: str = ""
    at: Stands | None = None
    confidential: bool = False
    excluded: tuple[int, ...] = ()


@dataclass(frozen=True)
class Answer:
    """Whose a task is now; ``missing`` is the role that should have it and cannot."""

    seat: Stands | None
    missing: str = ""


def answering(asked: Asked, holders: Mapping[Stands, frozenset[int]]) -> Answer:
    """Whose is a task now: the nearest post that somebody holds who may do it and may see it."""
    held = held_by_others(holders=holders, excluded=asked.excluded)
    role, at = asked.role, asked.at
    if asked.confidential and role not in SEES_CONFIDENTIAL:
        # What is confidential stays where it was given while somebody sits there, and never
        # comes to another holder by itself.
        if at in held and at is not None and at.role == role and asked.path.startswith(at.path):
            return Answer(at)
        role = "secretary"
    # What was chosen no longer counts once the place has moved out of it.
    start = asked.chosen if asked.chosen and asked.path.startswith(asked.chosen) else asked.path
    answer = responsible(role=role, path=start, held=held)
    return Answer(answer.seat, missing=role if answer.is_gap else "")


def next_up(*, role: str, path: str, held: Iterable[Stands]) -> Stands | None:
    """Return the held post above a seat: where a late or refused task goes."""
    above = chain_of(role)[1:]
    return responsible(role=above[0], path=path, held=held).seat if above else None


def next_seen(asked: Asked, role: str, holders: Mapping[Stands, frozenset[int]]) -> Stands | None:
    """Return the held post above one of this role whose holder may do and may see the task."""
    held = held_by_others(holders=holders, excluded=asked.excluded)
    above = next_up(role=role, path=asked.path, held=held)
    while asked.confidential and above and above.role not in SEES_CONFIDENTIAL:
        above = next_up(role=above.role, path=asked.path, held=held)
    return above


@dataclass(frozen=True)
class Priority:
    """How urgent a task is, and why in words."""

    points: int
    reasons: tuple[str, ...]


NEEDS: dict[str, int] = {
    "frail": 14,
    "lives_alone": 10,
    "very_old": 10,
    "pregnant": 10,
    "disabled": 8,
    "extreme_hardship": 8,
    "chronically_ill": 5,
    "low_income": 4,
    "child": 4,
    "empty_nest": 4,
    "older": 2,
}


# A group that the subdistrict added weighs as much as the middle of the built-in ones.
NEED_OF_OWN_GROUP = 8


def _weight_of(need: str) -> int:
    return NEED_OF_OWN_GROUP if need.startswith("own_") else NEEDS.get(need, 0)


@rule(
    says=f"困人、燃气、火情、人身危险：{FIRST_RESPONSE_MINUTES}分钟内要有人接办；没人接，每过"
    f"{FIRST_RESPONSE_MINUTES}分钟报上一级，原岗位仍要办",
    source="设计：危险按分钟计（时限是本产品的设计）",
    since="2026-11-30",
    examples=(
        ({"minutes": 14, "level": 0}, False),
        ({"minutes": 15, "level": 0}, True),
        ({"minutes": 20, "level": 1}, False),
        ({"minutes": 30, "level": 1}, True),
    ),
)
def danger_goes_up(*, minutes: int, level: int) -> bool:
    """Does a danger that nobody has taken go one step further up?"""
    return minutes >= FIRST_RESPONSE_MINUTES * (level + 1)


@rule(
    says="待办的先后＝危险在最前；其次事项的分量＋当事人的需要＋逾期天数，理由都写明；不看是谁在办",
    source="设计：优先级；不给社工排名",
    since="2026-11-23",
    examples=(
        (
            {
                "weight": 30,
                "needs": ["lives_alone"],
                "due": date(2026, 11, 20),
                "today": date(2026, 11, 23),
            },
            Priority(55, ("weight", "lives_alone", "late")),
        ),
        (
            {"weight": 30, "needs": [], "due": date(2026, 12, 20), "today": date(2026, 11, 23)},
            Priority(30, ("weight",)),
        ),
        (
            {
                "weight": 30,
                "needs": [],
                "due": None,
                "today": date(2026, 11, 23),
                "is_danger": True,
            },
            Priority(1030, ("weight", "danger")),
        ),
    ),
)
def priority(
    *, weight: int, needs: Sequence[str], due: date | None, today: date, is_danger: bool = False
) -> Priority:
    """Return the points of a task and the keys of their reasons: weight, needs, then lateness."""
    points, reasons = weight, ["weight"]
    if is_danger:
        points += DANGER_POINTS
        reasons.append("danger")
    need = sum(map(_weight_of, needs))
    if need:
        points += min(need, MOST_FOR_NEED)
        reasons += [one for one in needs if _weight_of(one)]
    days = (due - today).days if due else None
    if days is not None and days < 0:
        points += min(-days * POINTS_A_DAY_LATE, MOST_FOR_LATENESS)
        reasons.append("late")
    elif days in (0, 1):
        points += DUE_TODAY if days == 0 else DUE_TOMORROW
        reasons.append("due_today" if days == 0 else "due_tomorrow")
    return Priority(points, tuple(reasons))


@rule(
    says="逾期满2个工作日，待办报到上一级岗位；每再过2个工作日再报上一级；原岗位仍要办",
    source="设计：逾期升级",
    since="2026-11-23",
    examples=(
        ({"working_days_late": 1, "level": 0}, False),
        ({"working_days_late": 2, "level": 0}, True),
        ({"working_days_late": 2, "level": 1}, False),
        ({"working_days_late": 4, "level": 1}, True),
    ),
)
def goes_up(*, working_days_late: int, level: int) -> bool:
    """Does a late task go one step further up?"""
    return working_days_late >= ESCALATES_AFTER * (level + 1)


@rule(
    says="一件待办一天只催一次，不管谁来催",
    source="设计：催办是提醒，不是刷屏",
    since="2026-11-30",
    examples=(
        ({"last": None, "today": date(2026, 11, 30)}, True),
        ({"last": date(2026, 11, 30), "today": date(2026, 11, 30)}, False),
        ({"last": date(2026, 11, 29), "today": date(2026, 11, 30)}, True),
    ),
)
def may_remind_again(*, last: date | None, today: date) -> bool:
    """May somebody be reminded of a task again?"""
    return last is None or last < today
