"""A run of the rules: what changed and what came into reach, or everything from nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, models
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.capabilities.alerts import actions, rules
from linli.capabilities.alerts.models import Alert, AlertRule
from linli.capabilities.alerts.queries.evaluate import Look, RuleHit, find, words_now
from linli.capabilities.alerts.queries.post_access import seen_by_the_post
from linli.capabilities.alerts.queries.time_dependence import is_time_bound
from linli.capabilities.alerts.terms import LIVE, AlertState, Until, When
from linli.core.actions import writes_allowed
from linli.core.batch_cache import batch_cache
from linli.core.batches import in_batches
from linli.core.errors import Refused
from linli.core.logger import get_logger
from linli.core.scope import current_scope, system_scope, use_scope
from linli.core.time import today
from linli.register.places.models import Place
from linli.register.posts.models import User
from linli.workbench.conditions.snapshot.extract import changed_ids
from linli.workbench.conditions.snapshot.files import OVERLAPS

log = get_logger(__name__)
STANDING = (When.HOLDS, When.THRESHOLD)
BY_CHANGE = (When.DATE, When.DUTY, When.SILENCE, When.HOLDS, When.DISAGREE)
BY_DAY = (When.DATE, When.DUTY)
A_BATCH = 500
TOGETHER = timedelta(minutes=10)  # rules whose last looks lie so near are asked for at once
MOST_IN_A_QUERY = 5000


@dataclass
class RuleRunResult:
    """How a run went."""

    rules: int = 0
    looked: int = 0
    raised: int = 0
    cleared: int = 0
    told: int = 0
    failed: int = 0


def run_rules(
    *,
    on: date | None = None,
    whole: bool = False,
    weekly: bool = False,
    rule: int | None = None,
    when: str = "",
) -> RuleRunResult:
    """Look with every rule that is on; ``whole`` looks at everything and not at what changed.

    ``weekly`` does that with each rule of which no whole look has ended since Sunday began.
    """
    on = on or today()
    went = RuleRunResult()
    with system_scope("rules alert wherever they were set"):
        switched_on = AlertRule.objects.filter(is_on=True).select_related("place").order_by("pk")
        switched_on = switched_on if rule is None else switched_on.filter(pk=rule)
        chosen = list(switched_on.filter(when=when) if when else switched_on)
        changes = _Changes(chosen)
        for alert_rule in chosen:
            went.rules += 1
            # Each rule sees its own place and nothing beside.
            with use_scope(current_scope().narrowed(alert_rule.place.path)), batch_cache():
                due = weekly and rules.is_whole_look_due(seen_whole=alert_rule.whole_on, on=on)
                _one_rule(_RuleRun(alert_rule, on, went, changes, whole=whole or due))
    return went


def _one_rule(run: _RuleRun) -> None:
    """Run one rule; whatever is wrong with it, it says so and the others go on."""
    try:
        run.go()
    except Refused as refused:
        error_text = refused.sentence  # a field was retired, a place ended
        log.warning("rule cannot run", rule=run.rule.pk, why=refused.code)
    except Exception:  # one rule that breaks must not silence all the others
        error_text = _("运行出错，没有跑成，请管理员看运行记录")
        log.exception("rule broke", rule=run.rule.pk)
    else:
        return
    run.went.failed += 1
    _remember(run.rule, error_text=error_text[:200])


def _remember(rule: AlertRule, **changes: Any) -> None:
    """Write down how far a rule has looked: a mark of the run, and nothing somebody did."""
    with writes_allowed("how far a rule has looked"):
        AlertRule.objects.filter(pk=rule.pk).update(**changes)


class _Changes:
    """What changed since the rules looked last, asked once for those that looked together."""

    def __init__(self, chosen: list[AlertRule]) -> None:
        self.found: dict[tuple[str, str], tuple[datetime, list[int]]] = {}
        self.first: dict[tuple[str, str], datetime] = {}
        for alert_rule in chosen:
            if alert_rule.seen_at is not None:
                key = alert_rule.subject, alert_rule.place.path
                self.first[key] = min(alert_rule.seen_at, self.first.get(key, alert_rule.seen_at))

    def of(self, rule: AlertRule, seen_at: datetime) -> tuple[datetime, list[int]]:
        """Return the subjects that changed since, maybe some more, and when that was asked."""
        # A change is stamped before it is committed: the overlap finds those committed after the
        # look.
        key, overlap = (rule.subject, rule.place.path), OVERLAPS[connection.vendor]
        if seen_at - self.first[key] > TOGETHER:
            return timezone.now(), changed_ids(rule.subject, words_now(), seen_at - overlap)
        if key not in self.found:
            asked_at = timezone.now()
            ids = changed_ids(rule.subject, words_now(), self.first[key] - overlap)
            self.found[key] = asked_at, ids
        return self.found[key]


class _RuleRun:
    """One rule on one day."""

    def __init__(
        self,
        rule: AlertRule,
        on: date,
        went: RuleRunResult,
        changes: _Changes | None = None,
        *,
        whole: bool = False,
        by: User | None = None,
        words: str = "",
    ) -> None:
        self.rule, self.on, self.went, self.changes = rule, on, went, changes
        self.by, self.words = by, words  # who has just done what, where somebody has
        # A day before the last one (`--at`, a clock set back) has no "since": all is looked at.
        self.whole = whole or rule.seen_at is None or rule.seen_on is None or rule.seen_on > on
        self.moment = timezone.now()
        self.changed: list[int] | None = None

    def go(self) -> None:
        """Look, alert, clear, tell; only then remember until when was looked."""
        if self.rule.when != When.SOURCE:
            seen_by_the_post(self.rule)  # what its post may see may have been narrowed since
        self.changed = self._changed()
        # Cleared first: an occasion that was taken back can then be raised again in the same run.
        self._clear()
        for batch in in_batches(self._found(), A_BATCH):
            self.went.looked += len(batch)
            self._alert(batch)
        self._tell()
        whole = {"whole_on": self.on} if self.changed is None else {}
        # Last: a run that is killed before looks again from where the one before it ended.
        _remember(self.rule, seen_at=self.moment, seen_on=self.on, error_text="", **whole)

    def look_at(self, ids: list[int]) -> None:
        """Look again at subjects whose dates have just moved, within the action that moved them."""
        waiting = Alert.objects.filter(rule=self.rule, state__in=LIVE, subject_id__in=ids)
        self._look_at_each(waiting)
        if self.rule.is_on:
            # A day that was corrected back is due again, and its alert with it.
            self._alert(find(self.rule, Look(self.on, ids=ids)))

    def _found(self) -> Iterator[RuleHit]:
        """Everything, or what changed and what the days since the last look brought in reach."""
        rule, last = self.rule, self.rule.seen_on
        if self.changed is None:
            yield from find(rule, Look(self.on))
            return
        if self.changed:
            yield from find(rule, Look(self.on, ids=self.changed))
        if rule.when in (*BY_DAY, When.SILENCE) and last is not None and last < self.on:
            yield from find(rule, Look(self.on, after=last))

    def _changed(self) -> list[int] | None:
        """Return the subjects that changed since the last look; None when all must be looked at."""
        rule, last = self.rule, self.rule.seen_on
        if self.whole or last is None or rule.seen_at is None or rule.when not in BY_CHANGE:
            return None
        if self.changes is None or is_time_bound(rule, last, self.on):
            return None
        asked_at, ids = self.changes.of(rule, rule.seen_at)
        # What changes from here on is for the next look.
        self.moment = min(self.moment, asked_at)
        # After an import everything is looked at: that is the shorter way.
        return ids if len(ids) <= MOST_IN_A_QUERY else None

    def _alert(self, dues: Iterable[RuleHit]) -> None:
        # What changed and what came into reach may be the same: once is enough.
        dues = list({(due.subject_kind, due.subject_id, due.key): due for due in dues}.values())
        known: dict[tuple[str, int], list[Alert]] = defaultdict(list)
        ids = [due.subject_id for due in dues]
        mine = Alert.objects.filter(rule=self.rule, subject_id__in=ids)
        for alert in mine.select_related("rule", "place", "task"):
            known[alert.subject_kind, alert.subject_id].append(alert)
        new = [(due, self._settled(due, known[due.subject_kind, due.subject_id])) for due in dues]
        wanted = {due.path for due, settled in new if settled is not True}
        places = {one.path: one for one in Place.objects.filter(path__in=wanted)}
        for due, settled in new:
            if settled is True or due.path not in places:
                continue
            place = places[due.path]
            if isinstance(settled, Alert):
                actions.raise_again(alert=settled, due=due, place=place, on=self.on, by=None)
            else:
                actions.raise_alert(rule=self.rule, due=due, place=place, on=self.on, by=None)
            self.went.raised += 1

    def _settled(self, due: RuleHit, before: list[Alert]) -> bool | Alert:
        """Has this occasion been raised? A taken-back one is returned, to raise alerts again."""
        before = [alert for alert in before if alert.thread in due.threads]
        exact = next((alert for alert in before if alert.key == due.key), None)
        if exact is not None and not exact.is_taken_back:
            return True
        if self._is_known(due, before):
            return True
        return False if exact is None else exact

    def _is_known(self, due: RuleHit, before: list[Alert]) -> bool:
        """Does another alert stand for it: one that waits, or one for the day before a change?"""
        if self.rule.when in STANDING:
            return any(alert.cleared_on is None for alert in before)
        if self.rule.when == When.SOURCE:
            return any(alert.state in LIVE for alert in before)
        if self.rule.when not in BY_DAY or due.day is None:
            return False
        for alert in before:
            # A false alarm stands for its own day only, not for the next one.
            if alert.day is None or alert.state == AlertState.FALSE or alert.is_taken_back:
                continue
            if self._is_same(alert.day, due):
                if alert.state in LIVE and alert.day != due.day:
                    actions.move_alert(alert=alert, day=due.day, by=None)
                return True
        return False

    def _is_same(self, first: date, due: RuleHit) -> bool:
        return due.day is not None and rules.is_same_alert(
            first=first,
            second=due.day,
            months=due.months,
            days=due.days,
            is_milestone=bool(self.rule.years),
        )

    def _clear(self) -> None:
        """End what no longer holds, take back what was moved out of reach or to another place."""
        waiting = Alert.objects.filter(rule=self.rule, state__in=LIVE)
        if self.rule.when in STANDING:
            waiting = Alert.objects.filter(rule=self.rule, cleared_on__isnull=True)
        if self.changed is not None and self.rule.seen_on == self.on and self._is_by_subject():
            # The day is the same: only what changed can have become something else.
            waiting = waiting.filter(subject_id__in=self.changed)
        self._look_at_each(waiting)

    def _look_at_each(self, waiting: QuerySet[Alert]) -> None:
        for batch in in_batches(
            waiting.select_related("rule", "place", "task").order_by("pk"), 500
        ):
            now = self._as_they_are(batch)
            for alert in batch:
                self._look_again(
                    alert, now.get((alert.subject_kind, alert.subject_id, alert.thread))
                )

    def _is_by_subject(self) -> bool:
        """Does all that the rule looks at stand with its subject? A duty has a day of its own."""
        return self.rule.when in BY_CHANGE and self.rule.when != When.DUTY

    def _as_they_are(self, batch: list[Alert]) -> dict[tuple[str, int, str], RuleHit]:
        ids = [alert.subject_id for alert in batch]
        only = self.rule.when not in (When.THRESHOLD, When.SOURCE)
        look = Look(self.on, ids=ids if only else None, any_day=True)
        now: dict[tuple[str, int, str], RuleHit] = {}
        for due in find(self.rule, look):
            for thread in due.threads:
                now.setdefault((due.subject_kind, due.subject_id, thread), due)
        return now

    def _look_again(self, alert: Alert, due: RuleHit | None) -> None:
        if due is None:
            is_advisory = self.rule.when == When.SIGNAL
            why = _("预警已经结束，或人已不在这里") if is_advisory else _("情况已经变了")
            # Somebody was reached: that is what the silence had asked for.
            is_done = self.words and self.rule.when == When.SILENCE
            state = AlertState.DONE if is_done else AlertState.CLEARED
            return self._end(alert, state, self.words or why)
        if self.rule.when in BY_DAY and due.day is not None and alert.day is not None:
            if not self._is_same(alert.day, due):
                why = _("登记的日期已是下一次：%(day)s") % {"day": due.day.isoformat()}
                return self._end(alert, AlertState.DONE, self.words or why)
            if due.day > self.on + timedelta(days=due.lead):
                why = _("日期改为%(day)s，到时再吹") % {"day": due.day.isoformat()}
                return self._end(alert, AlertState.MOVED, why)
            if alert.day != due.day:
                actions.move_alert(alert=alert, day=due.day, by=None)
        elif self.rule.when in (When.SILENCE, When.DISAGREE) and due.key != alert.key:
            return self._end(alert, AlertState.CLEARED, _("情况已经变了"))
        if alert.state in LIVE and due.path != alert.place.path:
            self._end(alert, AlertState.MOVED, _("已迁到别处，改由那里办"))
            place = Place.objects.filter(path=due.path).first()
            if place is not None:
                actions.raise_again(alert=alert, due=due, place=place, on=self.on, by=None)
        return None

    def _end(self, alert: Alert, state: str, reason: str) -> None:
        actions.clear_alert(alert=alert, state=state, reason=reason, on=self.on, by=self.by)
        self.went.cleared += 1

    def _tell(self) -> None:
        """Tell each seat once of what is new, and again of what still waits."""
        waiting = Alert.objects.filter(rule=self.rule, state__in=LIVE, task__isnull=False)
        new = waiting.filter(told_on__isnull=True)
        self._tell_each(new)
        if self.rule.repeat:
            before = self.on - timedelta(days=self.rule.repeat)
            again = waiting.filter(told_on__lte=before)
            if self.rule.until == Until.DAY:
                again = again.filter(day__gte=self.on)
            self._tell_each(again)

    def _tell_each(self, waiting: Iterable[Alert]) -> None:
        seats: dict[tuple[str, int | None], list[Alert]] = defaultdict(list)
        for alert in waiting.select_related("task__seat_place", "place", "rule").order_by("pk"):  # type: ignore[attr-defined]
            seats[alert.task.seat_role, alert.task.seat_place_id].append(alert)
        for seat in seats.values():
            self.went.told += actions.tell_seat(
                rule=self.rule, task=seat[0].task, told=seat, on=self.on, by=None
            )


def follow_moved_dates(record: models.Model, words: str, by: User | None) -> None:
    """Look again at what a record was alerted for, now that a date of it has moved.

    A rule that cannot look says so at its next run; it keeps nobody from writing down a date.
    """
    on = today()
    with system_scope("what was done ends its alerts, whoever has them"):
        mine = Alert.objects.filter(subject_kind=record._meta.label_lower, subject_id=record.pk)
        keys = mine.filter(Q(state__in=LIVE) | Q(cleared_on__isnull=False)).values("rule")
        asked = AlertRule.objects.filter(pk__in=keys, when__in=(*BY_DAY, When.SILENCE))
        for rule in asked.select_related("place").order_by("pk"):
            with use_scope(current_scope().narrowed(rule.place.path)), batch_cache():
                run = _RuleRun(rule, on, RuleRunResult(), by=by, words=words)
                with suppress(Refused):
                    run.look_at([record.pk])
