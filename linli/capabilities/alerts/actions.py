"""What people do with rules and alerts, and what a rule does by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.capabilities.alerts import rules
from linli.capabilities.alerts.models import Advisory, Alert, AlertRule
from linli.capabilities.alerts.queries import RuleHit
from linli.capabilities.alerts.queries.alert_closure import PAPERS, Closing, closing_of
from linli.capabilities.alerts.queries.evaluate import is_covered, words_now
from linli.capabilities.alerts.rule_checks import checked
from linli.capabilities.alerts.terms import LIVE, RESPOND, TAKEN_BACK, AdvisoryKind, AlertState
from linli.core.actions import action, write_journal
from linli.core.errors import Refused
from linli.core.scope import check_write, current_scope
from linli.core.time import add_working_days, today
from linli.register.facilities.actions import NewPaper, edit_facility, finish_duty, keep_paper
from linli.register.facilities.queries import papers_of
from linli.register.people.actions import record_contact
from linli.register.people.terms import ContactChannel
from linli.register.places.models import Place
from linli.register.posts.models import User
from linli.register.posts.permits import SYSTEM, role_in
from linli.workbench.conditions.queries import left_out_of
from linli.workbench.notices.actions import send_notice
from linli.workbench.notices.recipients import Recipient
from linli.workbench.tasks.actions import cancel_task, finish_task, open_task
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.queries import calendar
from linli.workbench.tasks.queries.seats import seat_of_role, users_at
from linli.workbench.tasks.terms import UNFINISHED, TaskEvent

may_rule = role_in(rules.MAY_RULE)
may_issue_advisory = role_in(rules.MAY_SIGNAL)
may_answer = role_in(rules.MAY_READ)
may_system = role_in(frozenset())
MOST_NAMED = 5
# What decides for whom and when a rule raises an alert; the rest is words, and to whom they go.
LOOKS = (
    "subject",
    "condition",
    "when",
    "field",
    "other",
    "years",
    "lead",
    "months",
    "past",
    "days",
    "side",
    "number",
    "advisory",
    "source",
    "duty",
)


@action(
    "alert.save_rule", term=gettext_noop("写吹哨规则"), may=may_rule, journal="alert.rule_saved"
)
def save_rule(*, rule: AlertRule, given: Mapping[str, Any], by: User | None) -> AlertRule:
    """Write a rule or change it; what was raised stays, one that looks for else is off."""
    before = AlertRule.objects.filter(pk=rule.pk).values(*LOOKS).first() if rule.pk else None
    for key, value in given.items():
        setattr(rule, key, value)
    checked(rule)
    rule.scope_path, rule.by = rule.place.path, by
    if before != {key: getattr(rule, key) for key in LOOKS}:
        # What it would raise now nobody has seen: it is tried and switched on again.
        rule.is_on = False
        rule.seen_at = rule.seen_on = rule.whole_on = None
    rule.error_text = ""
    rule.save()
    left_out = left_out_of(rule.condition)
    data = {"left_out": left_out} if left_out else {}
    write_journal("alert.rule_saved", about=rule, text=rule.name, data=data, by=by)
    return rule


@action(
    "alert.switch_on", term=gettext_noop("启用吹哨规则"), may=may_rule, journal="alert.switched_on"
)
def switch_on(
    *, rule: AlertRule, would: int, of: int, confirmed: int | None, by: User | None
) -> AlertRule:
    """Switch a rule on; many alerts at once are confirmed by their number."""
    checked(rule)
    if rules.needs_confirming(would=would, of=of) and confirmed != would:
        raise Refused(
            "alert.many",
            _("启用后马上要吹%(n)s次") % {"n": would},
            "confirmed",
            _("请先把条件收窄；确实要这样，请填上这个数目。"),
        )
    # Milestones count from this day on (`evaluate.earliest`).
    rule.is_on, rule.since = True, today()
    rule.seen_at = rule.seen_on = rule.whole_on = None
    rule.save()
    write_journal("alert.switched_on", about=rule, text=rule.name, data={"now": would}, by=by)
    return rule


@action(
    "alert.switch_off",
    term=gettext_noop("停用吹哨规则"),
    may=may_rule,
    journal="alert.switched_off",
)
def switch_off(*, rule: AlertRule, by: User | None) -> AlertRule:
    """Switch a rule off; alerts that wait stay with those who have them."""
    rule.is_on = False
    rule.save()
    write_journal("alert.switched_off", about=rule, text=rule.name, by=by)
    return rule


@action(
    "alert.issue_advisory",
    term=gettext_noop("发出预警"),
    may=may_issue_advisory,
    journal="alert.advisory_issued",
)
def issue_advisory(
    *, place: Place, kind: str, from_on: date, until_on: date, words: str, by: User | None
) -> Advisory:
    """Give a warning for a place and all below it; the rules for it raise alerts at once."""
    if kind not in AdvisoryKind.values:
        raise Refused("signal.kind", _("请选预警"), "kind")
    if not from_on <= until_on <= from_on + timedelta(days=60):
        raise Refused("signal.days", _("起在止前，最长60天"), "until_on")
    advisory = Advisory(
        kind=kind,
        place=place,
        from_on=from_on,
        until_on=until_on,
        words=words.strip()[:200],
        by=by,
        scope_path=place.path,
    )
    advisory.save()
    write_journal("alert.advisory_issued", about=place, text=str(advisory), by=by)
    return advisory


@action(
    "alert.end_advisory",
    term=gettext_noop("解除预警"),
    may=may_issue_advisory,
    journal="alert.advisory_ended",
)
def end_advisory(*, advisory: Advisory, by: User | None) -> Advisory:
    """Say that a warning is over or was wrong; what it raised alerts for is taken back."""
    check_write(advisory.scope_path)  # one of a place above may be seen here, not ended
    if not Advisory.objects.filter(pk=advisory.pk, ended=False).update(ended=True):
        raise Refused("signal.ended", _("这次预警已经解除"))
    advisory.refresh_from_db()
    write_journal("alert.advisory_ended", about=advisory.place, text=str(advisory), by=by)
    return advisory


@action("alert.false", term=gettext_noop("报告误报"), may=may_answer, journal="alert.false_alarm")
def call_false(*, alert: Alert, reason: str, by: User | None) -> Alert:
    """Say that an alert was wrong, and why; its task ends."""
    why = reason.strip()
    if not rules.SHORTEST_REASON <= len(why) <= rules.LONGEST_REASON:
        raise Refused("alert.reason", _("请写明为什么是误报"), "reason")
    _settle(alert, AlertState.FALSE, why)
    if alert.task is not None and alert.task.state in UNFINISHED:
        cancel_task(task=alert.task, by=by, reason=why)
    write_journal("alert.false_alarm", about=alert, also=_records(alert), text=why, by=by)
    return alert


def _settle(alert: Alert, state: str, reason: str) -> None:
    changed = Alert.objects.filter(pk=alert.pk, state__in=LIVE).update(
        state=state, reason=reason[: rules.LONGEST_REASON]
    )
    alert.refresh_from_db()
    if not changed:
        names = {"state": alert.get_state_display()}
        raise Refused("alert.ended", _("这次吹哨已经是“%(state)s”") % names)


@dataclass(frozen=True)
class Outcome:
    """What was done about an alert, on which day; what its closing does not ask for is empty.

    ``next_on`` is the new date where no cycle tells it; the paper is a certificate's number and
    the day until which it is valid.
    """

    done_on: date
    result: str = ""
    next_on: date | None = None
    channel: str = ""
    paper_number: str = ""
    paper_until: date | None = None


@action("alert.finish", term=gettext_noop("办结吹哨"), may=may_answer, journal="alert.finished")
def finish_alert(*, alert: Alert, outcome: Outcome, by: User | None) -> Alert:
    """Write down what an alert was raised for, by the rules of its own page; that ends it."""
    if len(outcome.result) > rules.LONGEST_REASON:
        most = {"most": rules.LONGEST_REASON}
        raise Refused("alert.long", _("最多%(most)s字") % most, "result")
    alert.refresh_from_db()
    closing = closing_of(alert)
    if closing is None:
        names = {"state": alert.get_state_display()}
        hint = _("刷新后可看到结果")
        raise Refused("alert.ended", _("这次吹哨已经是“%(state)s”") % names, hint=hint)
    _write_down(closing, outcome, by)
    alert.refresh_from_db()
    text = outcome.result.strip()
    data = {"done": str(outcome.done_on), "next": str(outcome.next_on or "")}
    write_journal("alert.finished", about=alert, also=_records(alert), text=text, data=data, by=by)
    return alert


def _write_down(closing: Closing, outcome: Outcome, by: User | None) -> None:
    if outcome.done_on > today():
        raise Refused("alert.future", _("办结日期不能在今天之后"), "done_on")
    if closing.is_contact:
        if outcome.channel not in ContactChannel.values:
            raise Refused("alert.channel", _("请选怎么联系上的"), "channel")
        person, channel = closing.record, outcome.channel
        record_contact(person=person, channel=channel, on=outcome.done_on, by=by)
        return
    if closing.asks_next_date and (outcome.next_on is None or outcome.next_on <= today()):
        hint = _("不再用了的，请在设施页面停用或取消")
        raise Refused("alert.next", _("请写新的日期，要在今天之后"), "next_on", hint)
    if outcome.paper_number.strip() or outcome.paper_until or closing.field == PAPERS:
        _keep_paper(closing, outcome, by)
    if closing.duty is not None:
        finish_duty(duty=closing.duty, done_on=outcome.done_on, result=outcome.result, by=by)
    elif closing.field != PAPERS:
        changes = {closing.field: outcome.next_on}
        edit_facility(facility=closing.record, changes=changes, by=by)


def _keep_paper(closing: Closing, outcome: Outcome, by: User | None) -> None:
    """Keep the certificate of what was done, or the next one of those that run out."""
    thing, until = closing.record, outcome.paper_until
    names = [_("%(name)s合格证") % {"name": closing.label}]
    if closing.field == PAPERS:
        running_out = papers_of(thing).filter(ended=False, valid_until=thing.papers_until)
        names, until = list(running_out.values_list("name", flat=True)), outcome.next_on
    for name in names:
        paper = NewPaper(name=name[:40], number=outcome.paper_number, valid_until=until)
        keep_paper(facility=thing, paper=paper, by=by)
    # Read anew: the paper has written its day on the thing.
    thing.refresh_from_db()


def _refuse_a_tap(task: Task) -> None:
    """Refuse to end by a tap what would leave its date as it is, and so be alerted in vain."""
    for alert in Alert.objects.filter(task=task, state__in=LIVE).select_related("rule"):
        if closing_of(alert) is not None:
            raise Refused(
                "alert.needs_facts",
                _("这件事要写下哪天办的、结果怎样，日期才会往后走"),
                hint=_("请打开这次吹哨，点“办好了”"),
            )


def follow_task(task: Task, what: str, by: User | None) -> None:
    """An alert follows its task: taken is heard, done is done, sent on is not yet heard."""
    # What the system ends it has settled itself.
    if what == TaskEvent.DONE and current_scope().role != SYSTEM:
        _refuse_a_tap(task)
    states: dict[str, str] = {TaskEvent.ACCEPTED: AlertState.HEARD, TaskEvent.DONE: AlertState.DONE}
    state = states.get(what)
    mine = Alert.objects.filter(task=task)
    if state:
        mine.filter(state__in=LIVE).update(state=state)
    elif what == TaskEvent.CANCELLED:
        mine.filter(state__in=LIVE).update(state=AlertState.CLEARED, reason=task.result[:300])


def message_for(rule: AlertRule, name: str, day: date | None, place: Place) -> str:
    """Return what a rule says about one subject."""
    filled = rule.message
    for word, value in (
        ("{名称}", name),
        ("{地点}", str(place)),
        ("{日期}", _day_words(rule, day)),
    ):
        # Replaced and not formatted: the message is typed by people and may hold any brace.
        filled = filled.replace(word, value)
    # Several alerts stand in one notice: without its name nobody knows which is meant.
    if "{名称}" not in rule.message:
        filled = f"{name}：{filled}"
    return filled


def _day_words(rule: AlertRule, day: date | None) -> str:
    """Say a day; of a covered one, its month."""
    if day is None:
        return ""
    return f"{day.year}年{day.month}月" if is_covered(rule, words_now()) else day.isoformat()


@action("alert.raise", term=gettext_noop("吹哨"), may=may_system, journal="alert.raised")
def raise_alert(*, rule: AlertRule, due: RuleHit, place: Place, on: date, by: User | None) -> Alert:
    """Raise one alert for one subject and occasion: a task for the post, and a notice to follow."""
    alert = Alert(
        rule=rule,
        subject_kind=due.subject_kind,
        subject_id=due.subject_id,
        key=due.key,
        name=due.name,
        place=place,
        day=due.day,
        opened_on=on,
        scope_path=place.path,
    )
    try:
        with transaction.atomic():
            alert.save()
    except IntegrityError:
        # Another run of the same rule was a moment earlier: its alert is the alert.
        already: Alert = Alert.objects.get(
            rule=rule, subject_kind=due.subject_kind, subject_id=due.subject_id, key=due.key
        )
        write_journal("alert.raised", about=already, data={"again": True}, by=by)
        return already
    _give_task(alert, rule, on)
    _write("alert.raised", alert, by)
    return alert


@action("alert.raise_again", term=gettext_noop("改期再吹"), may=may_system, journal="alert.again")
def raise_again(*, alert: Alert, due: RuleHit, place: Place, on: date, by: User | None) -> Alert:
    """Alert for an occasion that was taken back because its day or place had changed."""
    # The same row and not a new one: a day corrected to and fro stays one alert.
    taken_back = Alert.objects.filter(state__in=TAKEN_BACK, cleared_on__isnull=False)
    changed = taken_back.filter(pk=alert.pk).update(
        state=AlertState.OPEN,
        times=alert.times + 1,
        day=due.day,
        place=place,
        scope_path=place.path,
        opened_on=on,
        # The new seat has not heard of it, whatever the old one was told.
        told_on=None,
        cleared_on=None,
        reason="",
    )
    alert.refresh_from_db()
    # Of two runs at once only the one whose update counted gives a task.
    if changed:
        _give_task(alert, alert.rule, on)
    write_journal("alert.again", about=alert, text=alert.name, by=by)
    return alert


def _give_task(alert: Alert, rule: AlertRule, on: date) -> None:
    due = alert.day
    # A day that is past or today would make the task late as soon as it is opened.
    if due is None or due <= on:
        due = add_working_days(on, rules.WORKING_DAYS, calendar())
    place: Place = alert.place
    record = _records(alert)
    person = record[0] if record and alert.subject_kind == "people.person" else None
    alert.task = open_task(
        kind=RESPOND,
        about=alert,
        place=place,
        due_on=due,
        person=person,
        by=None,
        title=message_for(rule, alert.name, alert.day, place),
        seat=seat_of_role(rule.role, place),
        # Raised again is another task: the one before was cancelled with its occasion.
        occasion=f"alert:{alert.pk}:{alert.times}",
    )
    alert.save()


def _records(alert: Alert) -> list[Any]:
    model: Any = apps.get_model(alert.subject_kind)
    record = model.objects.filter(pk=alert.subject_id).first()
    return [record] if record is not None else []


def _write(kind: str, alert: Alert, by: User | None) -> None:
    data = {"rule": alert.rule_id, "day": str(alert.day or "")}
    write_journal(kind, about=alert, also=_records(alert), text=str(alert.rule), data=data, by=by)


@action("alert.move", term=gettext_noop("更正吹哨日期"), may=may_system, journal="alert.moved")
def move_alert(*, alert: Alert, day: date, by: User | None) -> Alert:
    """Follow a corrected day: the alert stays, its task gets the new deadline."""
    alert.day = day
    alert.save()
    if alert.task is not None and day > today():
        Task.objects.filter(pk=alert.task_id, state__in=UNFINISHED).update(due_on=day)
    write_journal("alert.moved", about=alert, data={"day": str(day)}, by=by)
    return alert


@action("alert.clear", term=gettext_noop("消除吹哨"), may=may_system, journal="alert.cleared")
def clear_alert(*, alert: Alert, state: str, reason: str, on: date, by: User | None) -> Alert:
    """End an alert that time or the register has settled, or take it back to raise it later."""
    # One that a person has ended keeps how it ended; only the run's own mark is added.
    if alert.state in LIVE:
        _settle(alert, state, reason)
        task: Task | None = alert.task
        if task is not None and task.state in UNFINISHED:
            if state == AlertState.DONE:
                finish_task(task=task, by=by, result=reason)
            else:
                cancel_task(task=task, by=by, reason=reason)
    alert.cleared_on = on
    alert.save()
    write_journal("alert.cleared", about=alert, text=reason, by=by)
    return alert


@action("alert.notify", term=gettext_noop("告知吹哨"), may=may_system, journal="alert.notified")
def tell_seat(
    *, rule: AlertRule, task: Task, told: Sequence[Alert], on: date, by: User | None
) -> int:
    """Tell whoever sits where the alerts went, in one notice; return how many heard of it."""
    people = [Recipient(user.name, user=user) for user in users_at(task)]
    first = told[0]
    names = "；".join(
        message_for(rule, alert.name, alert.day, alert.place) for alert in told[:MOST_NAMED]
    )
    more = _("，等%(n)s件") % {"n": len(told)} if len(told) > MOST_NAMED else ""
    # An empty post has nobody to tell: the next one up the tree sees its tasks (decision 0011).
    if people:
        send_notice(
            # A run that is repeated after a crash sends the same key, and nobody hears of it
            # twice.
            key=f"alert:{first.pk}:{first.times}:{first.told_times}",
            about=rule,
            recipients=people,
            subject=f"{_('吹哨')}：{rule.name}"[:60],
            text=(names + more)[:480],
            by=by,
        )
    for alert in told:
        alert.told_on, alert.told_times = on, alert.told_times + 1
    Alert.objects.bulk_update(told, ["told_on", "told_times"], batch_size=200)
    write_journal("alert.notified", about=rule, data={"count": len(told)}, by=by)
    return len(people)
