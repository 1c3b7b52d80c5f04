"""What people do with rules and whistles, and what a rule does by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.capabilities.alerts import rules
from linli.capabilities.alerts.models import Occasion, Signal, WhistleRule
from linli.capabilities.alerts.queries import Due
from linli.capabilities.alerts.queries.evaluate import is_covered, words_now
from linli.capabilities.alerts.rule_checks import checked
from linli.capabilities.alerts.terms import LIVE, TAKEN_BACK, OccasionState, SignalKind
from linli.core.actions import action, write_journal
from linli.core.errors import Refused
from linli.core.scope import check_write
from linli.core.time import add_working_days, today
from linli.register.places.models import Place
from linli.register.posts.models import User
from linli.register.posts.permits import role_in
from linli.workbench.notices.actions import tell
from linli.workbench.notices.recipients import Recipient
from linli.workbench.tasks.actions import cancel_task, finish_task, open_task
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.queries import calendar
from linli.workbench.tasks.queries.seats import seat_of_role, users_at
from linli.workbench.tasks.terms import UNFINISHED, Happened

KIND = "alerts.respond"
may_rule = role_in(rules.MAY_RULE)
may_signal = role_in(rules.MAY_SIGNAL)
may_answer = role_in(rules.MAY_READ)
may_system = role_in(frozenset())
MOST_NAMED = 5
# What decides for whom and when a rule whistles; the rest is words, and to whom they go.
LOOKS = ("subject", "condition", "when", "field", "other", "years", "lead", "months", "past",
         "days", "side", "number", "signal", "source", "duty")  # fmt: skip


@action(
    "whistle.save_rule", term=gettext_noop("写吹哨规则"), may=may_rule, journal="whistle.rule_saved"
)
def save_rule(*, rule: WhistleRule, given: Mapping[str, Any], by: User | None) -> WhistleRule:
    """Write a rule or change it; what was whistled stays, one that looks for else is off."""
    before = WhistleRule.objects.filter(pk=rule.pk).values(*LOOKS).first() if rule.pk else None
    for key, value in given.items():
        setattr(rule, key, value)
    checked(rule)
    rule.scope_path, rule.by = rule.place.path, by
    if before != {key: getattr(rule, key) for key in LOOKS}:
        # What it would whistle now nobody has seen: it is tried and switched on again.
        rule.is_on = False
        rule.seen_at = rule.seen_on = rule.whole_on = None
    rule.trouble = ""
    rule.save()
    write_journal("whistle.rule_saved", about=rule, text=rule.name, by=by)
    return rule


@action(
    "whistle.switch_on", term=gettext_noop("启用吹哨规则"), may=may_rule,
    journal="whistle.switched_on",
)  # fmt: skip
def switch_on(
    *, rule: WhistleRule, would: int, of: int, confirmed: int | None, by: User | None
) -> WhistleRule:
    """Switch a rule on; many whistles at once are confirmed by their number."""
    checked(rule)
    if rules.needs_confirming(would=would, of=of) and confirmed != would:
        raise Refused(
            "whistle.many", _("启用后马上要吹%(n)s次") % {"n": would}, "confirmed",
            _("请先把条件收窄；确实要这样，请填上这个数目。"),
        )  # fmt: skip
    rule.is_on, rule.since = True, today()
    rule.seen_at = rule.seen_on = rule.whole_on = None
    rule.save()
    write_journal("whistle.switched_on", about=rule, text=rule.name, data={"now": would}, by=by)
    return rule


@action(
    "whistle.switch_off", term=gettext_noop("停用吹哨规则"), may=may_rule,
    journal="whistle.switched_off",
)  # fmt: skip
def switch_off(*, rule: WhistleRule, by: User | None) -> WhistleRule:
    """Switch a rule off; whistles that wait stay with those who have them."""
    rule.is_on = False
    rule.save()
    write_journal("whistle.switched_off", about=rule, text=rule.name, by=by)
    return rule


@action(
    "whistle.signal", term=gettext_noop("发出预警"), may=may_signal, journal="whistle.signalled"
)
def give_signal(
    *, place: Place, kind: str, from_on: date, until_on: date, words: str, by: User | None
) -> Signal:
    """Give a warning for a place and all below it; the rules for it whistle at once."""
    if kind not in SignalKind.values:
        raise Refused("signal.kind", _("请选预警"), "kind")
    if not from_on <= until_on <= from_on + timedelta(days=60):
        raise Refused("signal.days", _("起在止前，最长60天"), "until_on")
    signal = Signal(
        kind=kind, place=place, from_on=from_on, until_on=until_on, words=words.strip()[:200],
        by=by, scope_path=place.path,
    )  # fmt: skip
    signal.save()
    write_journal("whistle.signalled", about=place, text=str(signal), by=by)
    return signal


@action(
    "whistle.end_signal", term=gettext_noop("解除预警"), may=may_signal,
    journal="whistle.signal_ended",
)  # fmt: skip
def end_signal(*, signal: Signal, by: User | None) -> Signal:
    """Say that a warning is over or was wrong; what it whistled for is taken back."""
    check_write(signal.scope_path)  # one of a place above may be seen here, not ended
    if not Signal.objects.filter(pk=signal.pk, ended=False).update(ended=True):
        raise Refused("signal.ended", _("这次预警已经解除"))
    signal.refresh_from_db()
    write_journal("whistle.signal_ended", about=signal.place, text=str(signal), by=by)
    return signal


@action(
    "whistle.false", term=gettext_noop("报告误报"), may=may_answer, journal="whistle.false_alarm"
)
def call_false(*, occasion: Occasion, reason: str, by: User | None) -> Occasion:
    """Say that a whistle was wrong, and why; its task ends."""
    said = reason.strip()
    if not rules.SHORTEST_REASON <= len(said) <= rules.LONGEST_REASON:
        raise Refused("whistle.reason", _("请写明为什么是误报"), "reason")
    _settle(occasion, OccasionState.FALSE, said)
    if occasion.task is not None and occasion.task.state in UNFINISHED:
        cancel_task(task=occasion.task, by=by, reason=said)
    write_journal("whistle.false_alarm", about=occasion, also=_records(occasion), text=said, by=by)
    return occasion


def _settle(occasion: Occasion, state: str, reason: str) -> None:
    changed = Occasion.objects.filter(pk=occasion.pk, state__in=LIVE).update(
        state=state, reason=reason[: rules.LONGEST_REASON]
    )
    occasion.refresh_from_db()
    if not changed:
        words = {"state": occasion.get_state_display()}
        raise Refused("whistle.ended", _("这次吹哨已经是“%(state)s”") % words)


def follow_task(task: Task, what: str, by: User | None) -> None:
    """A whistle follows its task: taken is heard, done is done, sent on is not yet heard."""
    states: dict[str, str] = {
        Happened.ACCEPTED: OccasionState.HEARD, Happened.DONE: OccasionState.DONE,
    }  # fmt: skip
    state = states.get(what)
    mine = Occasion.objects.filter(task=task)
    if state:
        mine.filter(state__in=LIVE).update(state=state)
    elif what == Happened.CANCELLED:
        mine.filter(state__in=LIVE).update(state=OccasionState.CLEARED, reason=task.result[:300])


def message_for(rule: WhistleRule, name: str, day: date | None, place: Place) -> str:
    """Return what a rule says about one subject."""
    filled = rule.message
    for word, value in (
        ("{名称}", name), ("{地点}", str(place)), ("{日期}", _day_words(rule, day)),
    ):  # fmt: skip
        filled = filled.replace(word, value)
    if "{名称}" not in rule.message:
        filled = f"{name}：{filled}"
    return filled


def _day_words(rule: WhistleRule, day: date | None) -> str:
    """Say a day; of a covered one, its month."""
    if day is None:
        return ""
    return f"{day.year}年{day.month}月" if is_covered(rule, words_now()) else day.isoformat()


@action("whistle.blow", term=gettext_noop("吹哨"), may=may_system, journal="whistle.blown")
def blow(*, rule: WhistleRule, due: Due, place: Place, on: date, by: User | None) -> Occasion:
    """Whistle once for one subject and occasion: a task for the post, and a notice to follow."""
    occasion = Occasion(
        rule=rule, subject_kind=due.subject_kind, subject_id=due.subject_id, key=due.key,
        name=due.name, place=place, day=due.day, opened_on=on, scope_path=place.path,
    )  # fmt: skip
    try:
        with transaction.atomic():
            occasion.save()
    except IntegrityError:
        # Another run of the same rule was a moment earlier: its whistle is the whistle.
        already: Occasion = Occasion.objects.get(
            rule=rule, subject_kind=due.subject_kind, subject_id=due.subject_id, key=due.key
        )
        write_journal("whistle.blown", about=already, data={"again": True}, by=by)
        return already
    _give_task(occasion, rule, on)
    _write("whistle.blown", occasion, by)
    return occasion


@action(
    "whistle.blow_again", term=gettext_noop("改期再吹"), may=may_system, journal="whistle.again"
)
def blow_again(
    *, occasion: Occasion, due: Due, place: Place, on: date, by: User | None
) -> Occasion:
    """Whistle for an occasion that was taken back because its day or place had changed."""
    taken_back = Occasion.objects.filter(state__in=TAKEN_BACK, cleared_on__isnull=False)
    changed = taken_back.filter(pk=occasion.pk).update(
        state=OccasionState.OPEN, times=occasion.times + 1, day=due.day, place=place,
        scope_path=place.path, opened_on=on, told_on=None, cleared_on=None, reason="",
    )  # fmt: skip
    occasion.refresh_from_db()
    if changed:
        _give_task(occasion, occasion.rule, on)
    write_journal("whistle.again", about=occasion, text=occasion.name, by=by)
    return occasion


def _give_task(occasion: Occasion, rule: WhistleRule, on: date) -> None:
    due = occasion.day
    if due is None or due <= on:
        due = add_working_days(on, rules.WORKING_DAYS, calendar())
    place: Place = occasion.place
    record = _records(occasion)
    person = record[0] if record and occasion.subject_kind == "people.person" else None
    occasion.task = open_task(
        kind=KIND, about=occasion, place=place, due_on=due, person=person, by=None,
        title=message_for(rule, occasion.name, occasion.day, place),
        seat=seat_of_role(rule.role, place), occasion=f"whistle:{occasion.pk}:{occasion.times}",
    )  # fmt: skip
    occasion.save()


def _records(occasion: Occasion) -> list[Any]:
    model: Any = apps.get_model(occasion.subject_kind)
    found = model.objects.filter(pk=occasion.subject_id).first()
    return [found] if found is not None else []


def _write(kind: str, occasion: Occasion, by: User | None) -> None:
    data = {"rule": occasion.rule_id, "day": str(occasion.day or "")}
    write_journal(
        kind, about=occasion, also=_records(occasion), text=str(occasion.rule), data=data, by=by
    )


@action(
    "whistle.shift", term=gettext_noop("更正吹哨日期"), may=may_system, journal="whistle.shifted"
)
def shift(*, occasion: Occasion, day: date, by: User | None) -> Occasion:
    """Follow a corrected day: the whistle stays, its task gets the new deadline."""
    occasion.day = day
    occasion.save()
    if occasion.task is not None and day > today():
        Task.objects.filter(pk=occasion.task_id, state__in=UNFINISHED).update(due_on=day)
    write_journal("whistle.shifted", about=occasion, data={"day": str(day)}, by=by)
    return occasion


@action("whistle.clear", term=gettext_noop("消除吹哨"), may=may_system, journal="whistle.cleared")
def clear(*, occasion: Occasion, state: str, reason: str, on: date, by: User | None) -> Occasion:
    """End a whistle that time or the register has settled, or take it back to whistle later."""
    if occasion.state in LIVE:
        _settle(occasion, state, reason)
        task: Task | None = occasion.task
        if task is not None and task.state in UNFINISHED:
            if state == OccasionState.DONE:
                finish_task(task=task, by=by, result=reason)
            else:
                cancel_task(task=task, by=by, reason=reason)
    occasion.cleared_on = on
    occasion.save()
    write_journal("whistle.cleared", about=occasion, text=reason, by=by)
    return occasion


@action("whistle.tell", term=gettext_noop("告知吹哨"), may=may_system, journal="whistle.told")
def tell_seat(
    *, rule: WhistleRule, task: Task, told: Sequence[Occasion], on: date, by: User | None
) -> int:
    """Tell whoever sits where the whistles went, in one notice; return how many heard of it."""
    people = [Recipient(one.name, user=one) for one in users_at(task)]
    first = told[0]
    names = "；".join(message_for(rule, one.name, one.day, one.place) for one in told[:MOST_NAMED])
    more = _("，等%(n)s件") % {"n": len(told)} if len(told) > MOST_NAMED else ""
    if people:
        tell(
            key=f"whistle:{first.pk}:{first.times}:{first.told_times}", about=rule,
            recipients=people, subject=f"{_('吹哨')}：{rule.name}"[:60], text=(names + more)[:480],
            by=by,
        )  # fmt: skip
    for one in told:
        one.told_on, one.told_times = on, one.told_times + 1
    Occasion.objects.bulk_update(told, ["told_on", "told_times"], batch_size=200)
    write_journal("whistle.told", about=rule, data={"count": len(told)}, by=by)
    return len(people)
