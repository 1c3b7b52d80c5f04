"""The one inbox: what my posts must do, by door, the most urgent door first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linli.core.scope import current_scope
from linli.core.time import elapsed_words, minutes_since, today
from linli.register.people.care_kinds import CARE_FACTS, care_kinds
from linli.register.posts.models import User
from linli.register.posts.rules import CARE, Access, access
from linli.register.posts.terms import Role
from linli.workbench.conditions.care_groups import Groups, groups_of
from linli.workbench.conditions.own_fields import dictionary
from linli.workbench.tasks.kinds import KINDS, described, has_no_page
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.queries.seats import my_places, vacant_for_me
from linli.workbench.tasks.queries.tasks import known_to, page_of
from linli.workbench.tasks.rules import SEES_ALL_TASKS, SEES_CONFIDENTIAL, Priority, priority
from linli.workbench.tasks.terms import UNFINISHED, Danger

UNKNOWN_KIND_WEIGHT = 10
_COLUMNS = (
    "pk",
    "kind",
    "title",
    "note",
    "state",
    "due_on",
    "taken_by_id",
    "taken_by__name",
    "place_id",
    "place__address",
    "place__name",
    "place__path",
    "is_gap",
    "seat_role",
    "seat_place_id",
    "raised_role",
    "raised_place_id",
    "person_id",
    "excluded_users",
    "danger",
    "danger_since",
    "subject_kind",
    "subject_id",
    "party__name",
    "reminded_on",
)
_HOUSEHOLD = {
    "person__household__size": "household_size",
    "person__household__youngest_birth_date": "household_youngest_birth_date",
    "person__household__awaits_head": "household_awaits_head",
    "person__household__low_income": "household_low_income",
}


@dataclass(frozen=True)
class InboxLine:
    """One task as the inbox shows it."""

    pk: int
    kind: str
    term: str
    title: str
    note: str
    state: str
    due_on: date | None
    days_left: int | None
    taken_by: str
    is_mine: bool
    is_raised: bool
    stands_in: bool
    points: int
    reasons: tuple[str, ...]
    needs: tuple[str, ...]  # of the reasons those that say what the person needs
    place_id: int
    address: str
    path: str
    person_id: int | None = None
    subject: tuple[str, int] = ("", 0)
    share: str = ""  # whose share of the matter it is
    also: tuple[str, ...] = ()  # the other shares of the same matter that are mine
    danger: str = ""
    danger_since: datetime | None = None
    subject_state: str = ""
    href: str = ""

    @property
    def is_late(self) -> bool:
        """Is its day over?"""
        return self.days_left is not None and self.days_left < 0

    @property
    def danger_words(self) -> str:
        """Say what threatens whom, and for how many minutes already."""
        return danger_words(self.danger, self.danger_since)

    is_reminded: bool = False  # today

    @property
    def stands(self) -> str:
        """Say who has it, and why it is here."""
        words = [_("我已接办") if self.is_mine else _("%(name)s已接办") % {"name": self.taken_by}]
        words = words if self.taken_by or self.is_mine else [_("待接")]
        if self.is_raised:
            words.append(_("下级逾期"))
        elif self.stands_in:
            words.append(_("本级无人，由您代办"))
        if self.is_reminded:
            words.append(_("今天催过"))
        return " · ".join(words)


@dataclass
class InboxDoor:
    """Everything due at one door, so that one visit serves it all."""

    place_id: int
    address: str
    path: str
    lines: list[InboxLine] = field(default_factory=list)

    @property
    def people(self) -> list[int]:
        """Return whom the tasks of this door name."""
        return [line.person_id for line in self.lines if line.person_id is not None]

    @property
    def points(self) -> int:
        """How urgent the door is: its most urgent task."""
        return max(line.points for line in self.lines)


@dataclass(frozen=True)
class Inbox:
    """What the active posts must do: doors in order, and the figures above them."""

    doors: list[InboxDoor]
    total: int
    late: int
    due_today: int
    raised: int

    @property
    def lines(self) -> list[InboxLine]:
        """Return all tasks, door by door."""
        return [line for door in self.doors for line in door.lines]


def inbox(user: User, *, only: str = "", by_matter: bool = False) -> Inbox:
    """Return the inbox of the active scope; ``only`` is "late", "today", "mine" or "raised".

    ``by_matter`` lists a matter once, however many shares of it are mine.
    """
    day = today()
    # What is about one's own work is another's, though it waits at the same post.
    rows = (row for row in _rows(_mine()) if user.pk not in row["excluded_users"])
    groups = groups_of(dictionary())
    lines = [_line(row, user, day, groups) for row in rows]
    lines = _by_matter(lines) if by_matter else lines
    shown = [line for line in lines if _fits(line, only)]
    return Inbox(
        doors=_by_door(shown),
        # The figures are those of the tabs and do not depend on the tab that is open.
        total=len(lines),
        late=sum(_fits(line, "late") for line in lines),
        due_today=sum(_fits(line, "today") for line in lines),
        raised=sum(line.is_raised for line in lines),
    )


def _mine() -> QuerySet[Task]:
    scope, places = current_scope(), my_places()
    wanted = Q(seat_role=scope.role, seat_place_id__in=places)
    wanted |= Q(raised_role=scope.role, raised_place_id__in=places)
    for role, place_id, hidden in vacant_for_me():
        wanted |= Q(seat_role=role, seat_place_id=place_id, confidential=hidden)
    # What has no seat at all would otherwise be in nobody's inbox.
    if scope.role == "subdistrict_officer":
        wanted |= Q(seat_place_id__isnull=True)
    # After all the ways in, so that a raised or minded task stays closed as well.
    if scope.role not in SEES_CONFIDENTIAL:
        wanted &= Q(confidential=False) | Q(seat_role=scope.role, seat_place_id__in=places)
    rows = Task.objects.filter(wanted, state__in=UNFINISHED)
    return rows if scope.role in SEES_ALL_TASKS else known_to(rows, scope.role)


def _rows(tasks: QuerySet[Task]) -> Iterable[Mapping[str, Any]]:
    # Columns and no objects: an inbox of five thousand tasks is ranked at every look.
    columns = [*_COLUMNS, *(f"person__{fact}" for fact in CARE_FACTS), *_HOUSEHOLD]
    rows: Iterable[Mapping[str, Any]] = tasks.values(*columns)
    return rows


def needs_of(row: Mapping[str, Any], day: date, groups: Groups) -> list[tuple[str, str]]:
    """Return the care kinds of the person of a task with their words, as far as the role sees."""
    role = current_scope().role
    if row["person_id"] is None or access(role=role, sensitivity=CARE) is not Access.OPEN:
        return []
    facts = {fact: row[f"person__{fact}"] for fact in CARE_FACTS}
    facts |= {name: row[column] for column, name in _HOUSEHOLD.items()}
    return [(kind.key, kind.label) for kind, _reason in care_kinds(facts, day, groups)]


def _line(row: Mapping[str, Any], user: User, day: date, groups: Groups) -> InboxLine:
    kind = KINDS.get(row["kind"])
    needs = needs_of(row, day, groups)
    weight = kind.weight if kind else UNKNOWN_KIND_WEIGHT
    urgency = priority(
        weight=weight,
        needs=[key for key, _label in needs],
        due=row["due_on"],
        today=day,
        is_danger=bool(row["danger"]),
    )
    scope_role = current_scope().role
    is_raised = row["raised_role"] == scope_role and row["seat_role"] != scope_role
    return InboxLine(
        pk=row["pk"],
        kind=row["kind"],
        term=_(kind.term) if kind else row["kind"],
        title=row["title"],
        note=row["note"],
        state=row["state"],
        due_on=row["due_on"],
        days_left=(row["due_on"] - day).days if row["due_on"] else None,
        taken_by=row["taken_by__name"] or "",
        is_mine=row["taken_by_id"] == user.pk,
        is_raised=is_raised,
        stands_in=row["is_gap"] or (row["seat_role"] != scope_role and not is_raised),
        points=urgency.points,
        reasons=_words_of(urgency, dict(needs), row["due_on"], day, row["danger"]),
        needs=tuple(_(label) for key, label in needs if key in urgency.reasons),
        place_id=row["place_id"],
        address=row["place__address"] or row["place__name"],
        path=row["place__path"],
        person_id=row["person_id"],
        subject=(row["subject_kind"], row["subject_id"]),
        share=_share(row),
        danger=row["danger"],
        danger_since=row["danger_since"],
        href=reverse("tasks:task", args=[row["pk"]]),
        is_reminded=row["reminded_on"] == day,
    )


def _share(row: Mapping[str, Any]) -> str:
    """Say whose share it is: an organisation's that this post minds, or its own."""
    role = row["seat_role"]
    return str(row["party__name"] or (Role(role).label if role in Role.values else ""))


def danger_words(danger: str, since: datetime | None) -> str:
    """Say what threatens whom, and how long it has been known: 困人 · 已过12分钟."""
    if danger not in Danger.values:
        return ""
    label = str(Danger(danger).label)
    if since is None:
        return label
    return f"{label} · {elapsed_words(minutes_since(since, timezone.now()))}"


def _by_matter(lines: list[InboxLine]) -> list[InboxLine]:
    """List what stands on one page once: its most urgent share, and the names of the others."""
    matters: dict[Any, list[InboxLine]] = {}
    for line in lines:
        key = line.subject if has_no_page(line.kind) else line.pk
        matters.setdefault(key, []).append(line)
    first = []
    for shares in matters.values():
        shares.sort(key=lambda line: (-line.points, line.due_on or date.max, line.pk))
        names = tuple(f"{line.term}（{line.share}）" for line in shares)
        first.append(replace(shares[0], also=names) if len(shares) > 1 else shares[0])
    return first


def with_subjects(doors: Iterable[InboxDoor]) -> None:
    """Say of the lines of these doors where their subject stands, and lead straight to its page."""
    shown = list(doors)
    wanted: dict[str, set[int]] = {}
    for line in (line for door in shown for line in door.lines if has_no_page(line.kind)):
        wanted.setdefault(line.kind, set()).add(line.subject[1])
    known = {kind: described(kind, keys) for kind, keys in wanted.items()}
    for door in shown:
        door.lines = [_with_subject(line, known.get(line.kind, {})) for line in door.lines]


def _with_subject(line: InboxLine, known: Mapping[int, str]) -> InboxLine:
    label, key = line.subject
    there = page_of(line.kind, label, key, known)
    return replace(line, subject_state=known[key], href=there) if there else line


def _words_of(
    urgency: Priority, needs: Mapping[str, str], due: date | None, day: date, danger: str
) -> tuple[str, ...]:
    """Say why a task stands before others of its kind: each need, the day."""
    late = (day - due).days if due else 0
    words = {
        "late": ngettext("逾期%(n)s天", "逾期%(n)s天", late) % {"n": late},
        "due_today": _("今天到期"),
        "due_tomorrow": _("明天到期"),
        "danger": str(Danger(danger).label) if danger in Danger.values else "",
    }
    return tuple(
        _(needs[key]) if needs.get(key) else words[key]
        for key in urgency.reasons
        if key != "weight"
    )


def line_of(task: Task, user: User) -> InboxLine:
    """Return one task as the inbox shows it, with what makes it urgent."""
    (row,) = _rows(Task.objects.filter(pk=task.pk))
    return _line(row, user, today(), groups_of(dictionary()))


def _fits(line: InboxLine, only: str) -> bool:
    days = line.days_left
    if only == "late":
        return line.is_late
    if only == "today":
        return days is not None and days <= 0
    if only == "mine":
        return line.is_mine
    if only == "raised":
        return line.is_raised
    return True


def _by_door(lines: list[InboxLine]) -> list[InboxDoor]:
    doors: dict[int, InboxDoor] = {}
    for line in lines:
        door = doors.setdefault(line.place_id, InboxDoor(line.place_id, line.address, line.path))
        door.lines.append(line)
    for door in doors.values():
        door.lines.sort(key=lambda line: (-line.points, line.due_on or date.max, line.pk))
    return sorted(doors.values(), key=lambda door: (-door.points, door.path))
