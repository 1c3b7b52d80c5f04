"""What a rule finds on a day: subjects with the key of their occasion, within the active scope."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext as _

from linli.capabilities.alerts import rules, sources
from linli.capabilities.alerts.models import Advisory, AlertRule, thread_of
from linli.capabilities.alerts.terms import ThresholdSide, When
from linli.core.batch_cache import cached
from linli.core.errors import Refused
from linli.core.fields import Condition, Dictionary, Field, Kind, Sensitivity
from linli.core.scope import current_scope, path_q
from linli.register.facilities.models import Duty
from linli.register.facilities.terms import DutyKind
from linli.register.places.models import Place
from linli.workbench.conditions import queries
from linli.workbench.conditions.compilers import orm_compiler
from linli.workbench.conditions.models import OwnFieldValue
from linli.workbench.conditions.own_fields import LINKS, dictionary
from linli.workbench.conditions.results import NotRecorded
from linli.workbench.conditions.subjects import model_of
from linli.workbench.conditions.text import json_codec

MARGIN = timedelta(days=2)  # leap days, worked out exactly afterwards
A_MONTH = timedelta(days=31)
NEVER = "never"
INSPECTED = "inspection-"


@dataclass(frozen=True)
class RuleHit:
    """One subject for which a rule raises an alert: the key of the alert and its day, if any."""

    subject_kind: str
    subject_id: int
    key: str
    day: date | None
    name: str
    path: str
    months: int = 0
    days: int = 0
    lead: int = 0

    @property
    def thread(self) -> str:
        """Return which of several things of the subject it is about."""
        return thread_of(self.key)

    @property
    def threads(self) -> tuple[str, ...]:
        """Return the threads it goes on: an inspection also its day from before it had a cycle."""
        return (self.thread, "") if self.thread.startswith(INSPECTED) else (self.thread,)


@dataclass(frozen=True)
class Look:
    """How to look: at which day, only at some subjects, or only at days newly in reach.

    ``after`` is the last day that was looked at; ``any_day`` tells the day of each subject even
    where it lies out of reach, to see what became of an alert.
    """

    on: date
    ids: Collection[int] | None = None
    after: date | None = None
    any_day: bool = False


def condition_of(rule: AlertRule, words: Dictionary) -> Condition:
    """Return the condition of a rule."""
    if not rule.condition:
        return Condition(rule.subject)
    if "where" not in rule.condition or rule.condition.get("subject") != rule.subject:
        raise Refused("condition.shape", _("看不懂这个条件"), "condition")
    return json_codec.from_json(rule.condition, words)


def words_now() -> Dictionary:
    """Return the dictionary of the active scope, read once for a run."""
    return cached(("alerts.words", current_scope()), dictionary)


def subject_label(rule: AlertRule) -> str:
    """Return the kind of record a rule is about: "people.person"."""
    model = words_now().subject(rule.subject).model
    return model.lower()


def date_field(rule: AlertRule, words: Dictionary) -> Field:
    """Return the date a rule counts from, or refuse."""
    field = words.field(rule.subject, rule.field)
    # A derived fact has no column whose change or bound could be looked up.
    if field.kind is not Kind.DATE or field.is_derived or not (field.column or field.attribute):
        raise Refused("alert.field", _("“%(label)s”不是日期") % {"label": _(field.label)}, "field")
    return field


def is_covered(rule: AlertRule, words: Dictionary) -> bool:
    """Is the date of a rule covered, so that no more than its month is told?"""
    return (
        rule.when == When.DATE
        and words.has(rule.subject, rule.field)
        and (words.field(rule.subject, rule.field).sensitivity is Sensitivity.PERSONAL)
    )


def find(rule: AlertRule, look: Look) -> Iterator[RuleHit]:
    """Return what a rule finds in the active scope."""
    finders: dict[str, Callable[[AlertRule, Look], Iterator[RuleHit]]] = {
        When.DATE: _by_date,
        When.SILENCE: _by_silence,
        When.HOLDS: _by_holding,
        When.THRESHOLD: _by_number,
        When.DISAGREE: _by_disagreement,
        When.SIGNAL: _by_advisory,
        When.SOURCE: _by_source,
        When.DUTY: _by_duty,
    }
    return finders[rule.when](rule, look)


def rows_of(rule: AlertRule, look: Look) -> Any:
    """Return the rows for which the condition holds, with their path, by key."""
    words = words_now()
    rows = orm_compiler.queryset(condition_of(rule, words), words, look.on)
    return rows if look.ids is None else rows.filter(pk__in=list(look.ids))


def dated(rule: AlertRule, rows: Any, between: Q | None) -> Iterator[tuple[int, date | None]]:
    """Return (id, date) of rows; ``between`` is a condition on ``value`` or nothing."""
    date_of_rule = date_field(rule, words_now())
    if date_of_rule.attribute is not None:
        link = LINKS[rule.subject]
        values = OwnFieldValue.objects.filter(
            attribute_id=date_of_rule.attribute, **{f"{link}__in": rows.order_by().values("pk")}
        )
        pairs = values.annotate(value=F("date")).filter(between or Q())
        yield from pairs.values_list(link, "value")
        return
    rows_with_value = rows.annotate(value=F(date_of_rule.column)).filter(between or Q())
    yield from rows_with_value.order_by("pk").values_list("pk", "value").iterator(chunk_size=2000)


def _by_date(rule: AlertRule, look: Look) -> Iterator[RuleHit]:
    latest = look.on + timedelta(days=rule.lead)
    between: Q | None = Q(value__isnull=False)
    if not look.any_day:
        floor = earliest(rule)
        if look.after is not None:
            # What was in reach at the last look has been found then.
            floor = max(floor, look.after + timedelta(days=rule.lead + 1))
        first = rules.years_later(floor, -rule.years) - MARGIN
        # A covered date counts from the first of its month, up to a month before the day itself.
        last = rules.years_later(latest, -rule.years) + MARGIN + A_MONTH
        between = Q(value__gte=first, value__lte=last)
    else:
        floor, latest = date.min, date.max
    covered = is_covered(rule, words_now())
    days = {
        pk: rules.day_told(born=value, years=rule.years, is_covered=covered)
        for pk, value in dated(rule, rows_of(rule, look), between)
        if value is not None
    }
    yield from named(
        rule, {pk: (day.isoformat(), day) for pk, day in days.items() if floor <= day <= latest}
    )


def earliest(rule: AlertRule) -> date:
    """Return the first day a rule cares for: milestones from the day it was switched on."""
    if rule.past or rule.since is None:
        return date(1900, 1, 2)
    # A covered date stands for the whole month, so the month it was switched on counts whole.
    return rule.since.replace(day=1) if is_covered(rule, words_now()) else rule.since


def _by_silence(rule: AlertRule, look: Look) -> Iterator[RuleHit]:
    still = look.on - timedelta(days=rule.days)
    between = Q(value__lte=still) | Q(value__isnull=True)
    if look.after is not None and not look.any_day:
        # Without a value nothing comes into reach by time: those were found by the first look.
        between = Q(value__lte=still, value__gt=look.after - timedelta(days=rule.days))
    silent: dict[int, tuple[str, date | None]] = {}
    for pk, value in dated(rule, rows_of(rule, look), between):
        fell = value + timedelta(days=rule.days) if value else None
        silent[pk] = (value.isoformat() if value else NEVER, fell)
    yield from named(rule, silent)


def _by_holding(rule: AlertRule, look: Look) -> Iterator[RuleHit]:
    ids = rows_of(rule, look).values_list("pk", flat=True)
    yield from named(rule, dict.fromkeys(ids, (look.on.isoformat(), None)))


def _by_disagreement(rule: AlertRule, look: Look) -> Iterator[RuleHit]:
    words = words_now()
    one, other = (words.field(rule.subject, key) for key in (rule.field, rule.other))
    if not (one.column and other.column) or one.kind is not other.kind:
        raise Refused("alert.compare", _("这两项不能比较"), "other")
    rows = rows_of(rule, look).annotate(one=F(one.column), other=F(other.column))
    differing: dict[int, tuple[str, date | None]] = {}
    for pk, mine, theirs in rows.exclude(one=F("other")).values_list("pk", "one", "other"):
        # What is missing disagrees with nothing.
        if mine not in (None, "") and theirs not in (None, ""):
            digest = hashlib.sha256(f"{mine}|{theirs}".encode()).hexdigest()[:24]
            differing[pk] = (digest, None)
    yield from named(rule, differing)


def _by_advisory(rule: AlertRule, look: Look) -> Iterator[RuleHit]:
    advisories = Advisory.objects.filter(
        kind=rule.advisory, ended=False, from_on__lte=look.on, until_on__gte=look.on
    )
    for advisory in advisories:
        ids = rows_of(rule, look).filter(reached_by(advisory)).values_list("pk", flat=True)
        yield from named(rule, dict.fromkeys(ids, (f"signal:{advisory.pk}", advisory.from_on)))


def reached_by(advisory: Advisory) -> Q:
    """Return the condition for what a warning is meant for: everything below its place."""
    return path_q(current_scope().narrowed(advisory.scope_path))


def duties_of(rule: AlertRule, look: Look) -> Any:
    """Return the duties a rule watches, at the facilities for which its condition holds."""
    fit = rows_of(rule, look).order_by().values("pk")
    duties = Duty.objects.filter(ended=False, facility__in=fit).select_related("facility")
    return duties.filter(kind=rule.duty) if rule.duty else duties


def bare_days(rule: AlertRule, look: Look) -> Any:
    """Return the facilities whose day of inspection is known without a cycle."""
    if rule.duty not in ("", DutyKind.INSPECTION):
        return rows_of(rule, look).none()
    # Once there is a cycle its duty speaks for the lift: two of them would alert twice.
    inspected = Duty.objects.filter(ended=False, kind=DutyKind.INSPECTION).values("facility")
    rows = rows_of(rule, look).filter(next_inspection_on__isnull=False)
    return rows.exclude(pk__in=inspected)


def _by_duty(rule: AlertRule, look: Look) -> Iterator[RuleHit]:
    """Find each duty by itself: one that is long due hides no other of the same facility."""
    duties, bare = duties_of(rule, look), bare_days(rule, look)
    if not look.any_day:
        first = max(earliest(rule), look.after or date.min)
        last = look.on + timedelta(days=rule.lead)
        # Wide by the whole lead: each duty's own, shorter lead is applied afterwards.
        duties = duties.filter(due_on__range=(first, last))
        bare = bare.filter(next_inspection_on__range=(first, last))
    dues = [due_of_duty(rule, duty) for duty in duties]
    dues += [due_of_bare(rule, facility) for facility in bare]
    yield from (due for due in dues if look.any_day or _is_in_reach(rule, due, look))


def due_of_duty(rule: AlertRule, duty: Duty) -> RuleHit:
    """Return what one duty is due for: the key is the duty and its day."""
    thing = duty.facility
    kind = INSPECTED if duty.kind == DutyKind.INSPECTION else "duty-"
    return RuleHit(
        "facilities.facility",
        thing.pk,
        f"{kind}{duty.pk}:{duty.due_on.isoformat()}",
        duty.due_on,
        f"{thing.name}{duty.name}",
        thing.scope_path,
        duty.months,
        duty.days,
        rules.lead_of(lead=rule.lead, months=duty.months, days=duty.days),
    )


def due_of_bare(rule: AlertRule, thing: Any) -> RuleHit:
    """Return what a day of inspection without a cycle is due for."""
    day, path = thing.next_inspection_on, thing.scope_path
    return RuleHit(
        "facilities.facility", thing.pk, day.isoformat(), day, thing.name, path, lead=rule.lead
    )


def _is_in_reach(rule: AlertRule, due: RuleHit, look: Look) -> bool:
    day, lead = due.day, timedelta(days=due.lead)
    if day is None or not earliest(rule) <= day <= look.on + lead:
        return False
    return look.after is None or day > look.after + lead


def counted(rule: AlertRule, on: date) -> int:
    """Return how many a rule's condition fits."""
    return int(rows_of(rule, Look(on)).order_by().count())


def beside(rule: AlertRule, number: int | None = None) -> NotRecorded | None:
    """Return of how many nothing is recorded, where a rule's condition asks "no"."""
    words = words_now()
    return queries.beside_kept(condition_of(rule, words), words, number) if rule.condition else None


def is_over_the_line(rule: AlertRule, number: int) -> bool:
    """Is the number on the side the rule raises an alert for?"""
    return number > rule.number if rule.side == ThresholdSide.OVER else number < rule.number


def _by_number(rule: AlertRule, look: Look) -> Iterator[RuleHit]:
    number = counted(rule, look.on)
    if is_over_the_line(rule, number):
        place: Place = rule.place
        name = _("%(place)s：%(n)s") % {"place": place.name, "n": number}
        if (left := beside(rule, number)) is not None and left.number:
            name += _("（另有%(n)s没有记录）") % {"n": left.number}
        yield RuleHit("places.place", place.pk, look.on.isoformat(), None, name, place.path)


def _by_source(rule: AlertRule, look: Look) -> Iterator[RuleHit]:
    for hit in sources.SOURCES[rule.source].find(look.on):
        if hit.path.startswith(rule.place.path):
            yield RuleHit(hit.subject_kind, hit.subject_id, hit.key, hit.day, hit.name, hit.path)


def named(rule: AlertRule, found: dict[int, tuple[str, date | None]]) -> Iterator[RuleHit]:
    """Give each subject its name and path, a batch at a time."""
    words = words_now()
    subject = words.subject(rule.subject)
    model, label = model_of(subject), subject.model.lower()
    ids = sorted(found)
    # SQLite bounds the number of parameters of a query.
    for start in range(0, len(ids), 500):
        batch = model.objects.filter(pk__in=ids[start : start + 500]).order_by("pk")
        for row in batch:
            key, day = found[row.pk]
            yield RuleHit(
                label, row.pk, key, day, str(row)[:120], row.scope_path, rule.months, lead=rule.lead
            )
