"""What a rule would have raised over a past period, before it is switched on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from linli.capabilities.alerts import rules
from linli.capabilities.alerts.models import Advisory, AlertRule
from linli.capabilities.alerts.queries.evaluate import (
    A_MONTH,
    MARGIN,
    NEVER,
    Look,
    RuleHit,
    bare_days,
    beside,
    counted,
    dated,
    due_of_bare,
    due_of_duty,
    duties_of,
    find,
    is_covered,
    is_over_the_line,
    named,
    reached_by,
    rows_of,
    words_now,
)
from linli.capabilities.alerts.queries.post_access import seen_by_the_post
from linli.capabilities.alerts.terms import When
from linli.core.errors import Refused
from linli.core.scope import current_scope, use_scope
from linli.register.places.models import Place
from linli.workbench.read_budget.actions import note_read

LONGEST = 3 * 366
SHOWN = 20
WITHOUT_HISTORY = (When.HOLDS, When.DISAGREE, When.SOURCE)


@dataclass(frozen=True)
class BacktestHit:
    """One alert there would have been: when, for whom, where."""

    on: date
    name: str
    path: str
    person: int | None = None


def rule_hits_on(on: date, due: RuleHit) -> BacktestHit:
    """Return what a rule would say on a day about one subject."""
    person = due.subject_id if due.subject_kind == "people.person" else None
    return BacktestHit(on, due.name, due.path, person)


@dataclass(frozen=True)
class Trial:
    """What a rule would have done: how often, how often at one door, at once if switched on now."""

    since: date
    until: date
    total: int
    never: int
    has_history: bool
    most_at_one: int
    busiest: str
    by_month: tuple[tuple[str, int], ...]
    first: tuple[BacktestHit, ...]
    now: int
    of: int
    basis: str
    beside: str = ""

    @property
    def words(self) -> str:
        """Say it in one sentence."""
        if not self.has_history:
            return _("过去没有记录可查；现在启用马上吹%(n)s次") % {"n": self.now}
        if self.never:
            seen = replace(self, never=0).words
            return seen + _("；另有%(n)s个从来没有记录，启用后马上吹") % {"n": self.never}
        if not self.total:
            return _("这段时间一次也不会吹")
        sentence = _("会吹%(n)s次") % {"n": self.total}
        if self.most_at_one > 1:
            sentence += _("，其中%(most)s次在%(where)s") % {
                "most": self.most_at_one,
                "where": self.busiest,
            }
        return sentence

    @property
    def needs_confirming(self) -> bool:
        """Does switching on need the number to be confirmed?"""
        return rules.needs_confirming(would=self.now, of=self.of)


def trial(rule: AlertRule, *, since: date, until: date, today: date) -> Trial:
    """Return what a rule would have raised from one day to another, at its place and for its post.

    As in a run: whoever looks gets the same number, or none when the rule's place is not all
    theirs to see.
    """
    if not since <= until <= today + timedelta(days=LONGEST) or (until - since).days > LONGEST:
        raise Refused("alert.period", _("请选三年以内、起在止前的一段时间"), "since")
    if not current_scope().holds(rule.place.path):
        raise Refused(
            "alert.trial_elsewhere",
            _("这条规则管%(place)s，试的结果也按那里算") % {"place": rule.place.name},
            hint=_("请管那里的人来试"),
        )
    with use_scope(current_scope().narrowed(rule.place.path)):
        if rule.when != When.SOURCE:
            seen_by_the_post(rule)
        return _trial(rule, since, until, today)


def _trial(rule: AlertRule, since: date, until: date, today: date) -> Trial:
    hits = sorted(_would(rule, since, until, today), key=lambda one: (one.on, one.path, one.name))
    doors = Counter(one.path for one in hits)
    busiest, most = doors.most_common(1)[0] if doors else ("", 0)
    place = Place.objects.filter(path=busiest).first()
    months = Counter(f"{one.on:%Y-%m}" for one in hits)
    now, never, first = _now(rule, today)
    shown = tuple(hits[:SHOWN]) or first
    # A trial names people, so it counts as reading them like any list.
    note_read(one.person for one in shown if one.person is not None)
    return Trial(
        since,
        until,
        len(hits),
        never,
        rule.when not in WITHOUT_HISTORY,
        most,
        str(place) if place else "",
        tuple(sorted(months.items())),
        shown,
        now,
        _everybody(rule, today),
        _basis(rule),
        left.text if (left := beside(rule)) else "",
    )


def _now(rule: AlertRule, today: date) -> tuple[int, int, tuple[BacktestHit, ...]]:
    """Return how many at once, how many of them were never seen, and the first where that is all.

    What holds today has no history: the first of today stand for it.
    """
    now = never = 0
    first: list[BacktestHit] = []
    for due in find(rule, Look(today)):
        now, never = now + 1, never + (due.key == NEVER)
        # A count of nothing would read as "never", though nobody wrote down how it was.
        if rule.when in WITHOUT_HISTORY and now <= SHOWN:
            first.append(rule_hits_on(today, due))
    return now, never, tuple(first)


def _everybody(rule: AlertRule, today: date) -> int:
    # No share can be said of these: they are not about each of some subjects.
    if rule.when in (When.SOURCE, When.THRESHOLD):
        return 0
    everybody = AlertRule(subject=rule.subject, place=rule.place)
    return int(rows_of(everybody, Look(today)).order_by().count())


def _would(rule: AlertRule, since: date, until: date, today: date) -> Iterator[BacktestHit]:
    match rule.when:
        case When.DATE:
            return _dates(rule, since, until, today)
        case When.SILENCE:
            return _silences(rule, since, until, today)
        case When.THRESHOLD:
            return _crossings(rule, since, until)
        case When.SIGNAL:
            return _advisories(rule, since, until, today)
        case When.DUTY:
            return _duties(rule, since, until, today)
    return iter(())  # nobody wrote down how it was


def _dates(rule: AlertRule, since: date, until: date, today: date) -> Iterator[BacktestHit]:
    """Count a date that comes back backwards by its cycle; a milestone stands where it stands."""
    lead = timedelta(days=rule.lead)
    first, last = since + lead, until + lead
    between = Q(value__isnull=False)
    if not rule.months:
        early = rules.years_later(first, -rule.years) - MARGIN
        late = rules.years_later(last, -rule.years) + MARGIN + A_MONTH
        between = Q(value__gte=early, value__lte=late)
    days: dict[int, list[date]] = {}
    covered = is_covered(rule, words_now())
    for pk, value in dated(rule, rows_of(rule, Look(today)), between):
        if value is not None:
            day = rules.day_told(born=value, years=rule.years, is_covered=covered)
            hit = [
                cycle for cycle in _cycles(day, rule.months, first, last) if first <= cycle <= last
            ]
            if hit:
                days[pk] = hit
    for due in _named(rule, days):
        for day in days[due.subject_id]:
            yield rule_hits_on(day - lead, due)


def _duties(rule: AlertRule, since: date, until: date, today: date) -> Iterator[BacktestHit]:
    """Count each duty backwards by its own cycle."""
    look = Look(today)
    dues = [due_of_duty(rule, duty) for duty in duties_of(rule, look)]
    dues += [due_of_bare(rule, facility) for facility in bare_days(rule, look)]
    for due in dues:
        lead = timedelta(days=due.lead)
        first, last = since + lead, until + lead
        if due.day is not None:
            for day in _cycles(due.day, due.months, first, last, due.days):
                if first <= day <= last:
                    yield BacktestHit(day - lead, due.name, due.path)


def _cycles(day: date, months: int, first: date, last: date, days: int = 0) -> Iterator[date]:
    if days:
        start = day + timedelta(days=(first - day).days // days * days)
        yield from (start + timedelta(days=n) for n in range(0, (last - start).days + 1, days))
        return
    if not months:
        yield day
        return
    near = (first.year - day.year) * 12 + first.month - day.month
    # Counted from the registered day each time: adding months to a cut day (31st, 30th) would
    # drift.
    step = near // months
    while (cycle := rules.months_later(day, step * months)) <= last:
        yield cycle
        step += 1


def _silences(rule: AlertRule, since: date, until: date, today: date) -> Iterator[BacktestHit]:
    quiet = timedelta(days=rule.days)
    between = Q(value__gte=since - quiet, value__lte=until - quiet)
    fell = {
        pk: [value + quiet]
        for pk, value in dated(rule, rows_of(rule, Look(today)), between)
        if value is not None
    }
    for due in _named(rule, fell):
        yield rule_hits_on(fell[due.subject_id][0], due)


def _crossings(rule: AlertRule, since: date, until: date) -> Iterator[BacktestHit]:
    """Look at the first day of each month; ages were younger then, other facts as they are now."""
    was = False
    day = since
    while day <= until:
        number = counted(rule, day)
        is_over = is_over_the_line(rule, number)
        if is_over and not was:
            yield BacktestHit(day, f"{rule.place.name}：{number}", rule.place.path)
        was, day = is_over, rules.months_later(day.replace(day=1), 1)


def _advisories(rule: AlertRule, since: date, until: date, today: date) -> Iterator[BacktestHit]:
    issued = Advisory.objects.filter(kind=rule.advisory, from_on__gte=since, from_on__lte=until)
    for advisory in issued:
        rows = rows_of(rule, Look(today)).filter(reached_by(advisory))
        ids = {pk: [advisory.from_on] for pk in rows.values_list("pk", flat=True)}
        for due in _named(rule, ids):
            yield rule_hits_on(advisory.from_on, due)


def _named(rule: AlertRule, days: dict[int, list[date]]) -> Iterator[RuleHit]:
    return named(rule, {pk: ("", each[0]) for pk, each in days.items()})


def _basis(rule: AlertRule) -> str:
    match rule.when:
        case When.DUTY:
            return _("按现在登记的日期和各自的周期倒推")
        case When.DATE if rule.months:
            return _("按现在登记的日期和周期倒推")
        case When.DATE:
            return _("按现在登记的日期")
        case When.SILENCE:
            return _("按现在登记的最近一次；更早的间断看不到")
        case When.THRESHOLD:
            return _("按每月1日计算；年龄随日期，其余按现在登记的")
        case When.SIGNAL:
            return _("按这段时间发出过的预警")
    return _("没有历史可查，按今天的登记")
