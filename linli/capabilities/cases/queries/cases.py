"""Which cases a post may see, and what stands on a case's page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from linli.capabilities.cases import rules
from linli.capabilities.cases.models import Case, Category, Handling, Report
from linli.capabilities.cases.terms import HandlingState
from linli.core.chinese.pinyin import place_pinyin, typed_pinyin
from linli.core.scope import current_scope, one_or_not_found
from linli.register.posts.permits import SYSTEM
from linli.workbench.journal.models import JournalEntry
from linli.workbench.tasks.queries import my_places


def sees_all() -> bool:
    """Does the active post see every case of its place that is not confidential?"""
    return current_scope().role in rules.SEES_ALL_CASES | {SYSTEM}


def cases() -> QuerySet[Case]:
    """Return the cases this post may see: the only way to their rows.

    A property manager or the lead of a stairwell sees what was given to their own post or what
    they took down themselves. A confidential case is seen by secretary, subdistrict and the
    post that has a share of it.
    """
    rows: QuerySet[Case] = Case.objects.all()
    scope = current_scope()
    if scope.role == SYSTEM:
        return rows
    mine = Q(
        # A subquery and no join: a case with several shares would come out several times.
        pk__in=Handling.objects.filter(
            task__seat_role=scope.role, task__seat_place_id__in=my_places()
        ).values("case_id")
    )
    # Without a user NULL would match every case that came in without a worker.
    taken = Q(registered_by_id=scope.user_id) if scope.user_id else Q(pk__in=[])
    if scope.role not in rules.SEES_ALL_CASES:
        rows = rows.filter(mine | taken)
    if scope.role in rules.SEES_CONFIDENTIAL:
        return rows
    # Not "taken": a grid worker who took it down reads it no more once it is confidential.
    return rows.filter(Q(confidential=False) | mine)


def hidden_cases() -> QuerySet[Case] | None:
    """Return the cases of the scope that this post may not see; None when it sees all."""
    if current_scope().role in rules.SEES_CONFIDENTIAL | {SYSTEM}:
        return None
    return Case.objects.exclude(pk__in=cases().values("pk"))


def case_or_not_found(pk: int) -> Case:
    """Return one case of this post, or say that there is none."""
    seen = cases().select_related("place", "category", "merged_into", "registered_by")
    return one_or_not_found(seen, pk=pk)


def shares_of(case: Case) -> list[Handling]:
    """Return who handles a case: the lead first, the ended ones last."""
    rows = case.handlings.select_related("task__seat_place", "task__taken_by", "party", "ended_by")
    order = {"accepted": 0, "assigned": 0, "done": 1, "refused": 2, "cancelled": 3}
    return sorted(rows, key=lambda share: (order[share.state], not share.is_lead, share.pk))


def reports_of(case: Case) -> list[Report]:
    """Return who reported a case, the first one first."""
    return list(case.reports.order_by("received_at", "pk"))


def categories(*, also_retired: bool = False) -> QuerySet[Category]:
    """Return the taxonomy of the subdistrict."""
    rows: QuerySet[Category] = Category.objects.select_related("parent")
    return rows if also_retired else rows.filter(is_active=True)


def category_to_choose(pk: int) -> Category | None:
    """Return one category of those that can be chosen: the first level only has names of groups."""
    return categories().select_related("parent__parent").filter(pk=pk, level__gt=1).first()


def categories_found(words: str, most: int = 40) -> tuple[list[Category], int]:
    """Return the categories whose name or pinyin fits every word, and how many more there are.

    What bears the words in its own name comes before what only lies below such a name.
    """
    asked = words.split()
    rows = categories().select_related("parent__parent").filter(level__gt=1)
    fitting = [one for one in rows if all(_is_called(one, word) for word in asked)]
    fitting.sort(key=lambda one: (words.strip() not in one.name, one.code))
    return fitting[:most], max(0, len(fitting) - most)


def _is_called(category: Category, word: str) -> bool:
    if word in category.full_name:
        return True
    typed = typed_pinyin(word) if word.isascii() else ""
    if not typed:
        return False
    read = place_pinyin(category.name)
    return read.full.startswith(typed) or read.initials.startswith(typed)


@dataclass(frozen=True)
class TimelineStep:
    """One step of a case as its reporter is told it: no person, no place inside the house."""

    at: datetime
    words: str


def timeline(case: Case) -> list[TimelineStep]:
    """Return the steps of a case in the reporter's words, the first one first."""
    named = {
        "case.received": _("已收到"),
        "case.joined": _("又有一位居民反映同一件事"),
        "case.assigned": _("已分派给负责的岗位"),
        "case.started": _("开始办理"),
        "case.answered": _("已答复"),
        "case.verdict_given": _("居民已表态"),
        "case.reopened": _("重新办理"),
        "case.merged": _("和另一件相同的事合在一起办"),
        "case.withdrawn": _("已撤回"),
        "case.closed_unconfirmed": _("已结案，没有等到您的确认"),
    }
    rows = JournalEntry.objects.filter(
        subject_kind="cases.case", subject_id=case.pk, kind__in=named
    ).order_by("seq")
    # A repeated submission is in the journal but is no step of the case.
    steps = [TimelineStep(row.at, named[row.kind]) for row in rows if not row.data.get("again")]
    if case.accepted_at:
        steps.append(TimelineStep(case.accepted_at, _("负责的岗位已接办")))
    if case.handled_at:
        steps.append(TimelineStep(case.handled_at, _("已办好，正在写答复")))
    return sorted(steps, key=lambda one: one.at)


def handlers_of(case: Case) -> tuple[int, ...]:
    """Return who has done a share of the case since it was handed out last."""
    rows = case.handlings.filter(state=HandlingState.DONE, ended_by__isnull=False)
    # Only this round: who handled it before it was reopened may review what others did now.
    if case.assigned_at:
        rows = rows.filter(assigned_at__gte=case.assigned_at)
    return tuple(rows.values_list("ended_by_id", flat=True))
