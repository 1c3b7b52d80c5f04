"""A visit: opened as a task when its day is near, held, stopped when it is not wanted any more."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.capabilities.visits import rules
from linli.capabilities.visits.actions.feedback import ask_now_and_then
from linli.capabilities.visits.models import Visit
from linli.capabilities.visits.queries import counts_for
from linli.capabilities.visits.terms import AT_ONCE, VISIT, LossOfAbility, VisitState, VisitWay
from linli.core.actions import action, write_journal
from linli.core.errors import Refused
from linli.core.time import now, today
from linli.register.people.actions import record_contact
from linli.register.people.models import Person
from linli.register.people.terms import ContactChannel, PersonStatus
from linli.register.places.models import Building, Dwelling
from linli.register.posts.models import User
from linli.register.posts.permits import role_in
from linli.workbench.tasks.actions import cancel_task, finish_task, open_task
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.terms import UNFINISHED, TaskEvent

may_visit = role_in(rules.MAY_VISIT)
LONGEST_STAY = 4  # days a task may lie before it is late, within its round
# A neighbour who saw somebody is a sign of life, not a contact of ours.
CONTACTS: dict[str, str] = {
    VisitWay.DOOR: ContactChannel.VISIT,
    VisitWay.PHONE: ContactChannel.PHONE,
    VisitWay.MESSAGE: ContactChannel.MESSAGE,
}


def check_here(person: Person) -> None:
    """Refuse what is about somebody who has died or moved away."""
    if person.status != PersonStatus.CURRENT or person.home is None:
        status = {"status": person.where_now}
        raise Refused("visit.gone", _("这位居民%(status)s，看望已经停止") % status)


@action("visit.at_once", term=gettext_noop("马上看望"), may=may_visit, journal="visit.wanted")
def visit_at_once(
    *,
    person: Person,
    why: str,
    by: User | None,
    change: str = LossOfAbility.TOLD,
    occasion: str = "",
    in_person: bool = False,
) -> Visit:
    """Have somebody visited within a day, because something happened; once for one occasion."""
    check_here(person)
    if not person.is_living_here:
        raise Refused(
            "visit.elsewhere",
            _("这位居民%(status)s，不在这里住") % {"status": person.where_now},
            hint=_("如果已经回来住，请先更正人户状态"),
        )
    reason = why.strip()
    if not rules.SHORTEST_REASON <= len(reason) <= 200:
        raise Refused("visit.why", _("请写明出了什么事，最多200字"), "why")
    if change not in LossOfAbility.values:
        raise Refused("visit.change", _("请选是什么事"), "change")
    on = today()
    visit = Visit(
        person=person,
        place=person.home,
        scope_path=person.home.path,
        change=change,
        why=reason,
        occasion=occasion,
        in_person=in_person,
        day=on,
        until=on + timedelta(days=rules.CHANGE_WITHIN),
    )
    try:
        with transaction.atomic():
            visit.save()
            open_visit_task(visit=visit, by=by)
    except IntegrityError:
        visit = Visit.objects.get(person=person, occasion=occasion)
    write_journal("visit.wanted", about=person, text=reason, data={"change": change}, by=by)
    return visit


def open_visit_task(*, visit: Visit, by: User | None) -> Task:
    """Give a planned visit to the post that answers for the door."""
    is_urgent = bool(visit.change)
    late = (
        visit.until
        if is_urgent
        else max(visit.day, min(visit.until, visit.day + timedelta(days=LONGEST_STAY)))
    )
    names = {"name": visit.person.name}
    title = _("打电话问候%(name)s") if visit.by_phone else _("看望%(name)s")
    note = visit.why or (visit.plan.name if visit.plan else "")
    if visit.in_person:
        note += "（" + _("要见到本人") + "）"
    task = open_task(
        kind=AT_ONCE if is_urgent else VISIT,
        about=visit,
        place=visit.place,
        person=visit.person,
        title=title % names,
        note=note,
        due_on=late,
        by=by,
        occasion=f"visit:{visit.pk}:{visit.day}",
    )
    visit.task = task
    visit.save(update_fields=["task"])
    return task


@action("visit.record", term=gettext_noop("记看望"), may=may_visit, journal="visit.recorded")
def record_visit(
    *,
    person: Person,
    way: str,
    by: User | None,
    words: str = "",
    on: date | None = None,
    evening: bool | None = None,
    form_token: str = "",
    draw: float | None = None,
) -> Visit:
    """Write down that somebody was visited; what was planned for them is thereby done.

    ``form_token`` is the key of the page: the same page saved twice is one visit.
    """
    if (before := _saved_before(person, form_token)) is not None:
        return _again(before, by)
    check_here(person)
    day = on or today()
    _check(way, words, day)
    visit = Visit(
        person=person,
        place=person.home,
        scope_path=person.home.path,
        day=day,
        until=day,
        way=way,
        form_token=form_token,
        by=by,
        evening=_is_evening(day) if evening is None else evening,
        floors=_floors_to(person) if way == VisitWay.DOOR else 0,
    )
    try:
        with transaction.atomic():
            visit = _held(visit, day)
    except IntegrityError:
        # The same page came twice in the same moment: the one that was first stands.
        if (before := _saved_before(person, form_token)) is None:
            raise
        return _again(before, by)
    if channel := CONTACTS.get(way):
        record_contact(person=person, channel=channel, on=day, by=by, step=contact_step(visit))
    data = {"way": way, "visit": visit.pk}
    also = [record for record in (person.household, person.home) if record is not None]
    write_journal(
        "visit.recorded", about=person, also=also, text=_said(way, words), data=data, by=by
    )
    ask_now_and_then(visit=visit, draw=draw, by=by)
    return visit


def contact_step(visit: Visit) -> str:
    """Return what its contact is part of: where it was a task, reopening that takes it back too."""
    return f"task.finish:{visit.task_id}" if visit.task_id else f"visit.record:{visit.pk}"


def _held(visit: Visit, day: date) -> Visit:
    """Store a visit as the planned one it is, or as one of its own; return what is stored.

    What else was planned is done by the same visit, which counts once: it alone has a way.
    """
    planned = Visit.objects.select_related("task", "person", "plan").filter(
        person=visit.person, state=VisitState.PLANNED
    )
    # Of two who come in the same moment each planned visit is held by one.
    met = [
        planned_visit
        for planned_visit in planned.order_by("day")
        if counts_for(planned_visit, visit.way)
        and Visit.objects.filter(pk=planned_visit.pk, state=VisitState.PLANNED).update(
            state=VisitState.DONE
        )
    ]
    if met:
        for name in ("way", "form_token", "evening", "floors"):
            setattr(met[0], name, getattr(visit, name))
    for planned_visit in met or [visit]:
        planned_visit.state, planned_visit.done_on, planned_visit.by = (
            VisitState.DONE,
            day,
            visit.by,
        )
        planned_visit.save()
        _finish(planned_visit, visit.by, str(VisitWay(visit.way).label))
    return met[0] if met else visit


def _saved_before(person: Person, form_token: str) -> Visit | None:
    if not form_token:
        return None
    visit: Visit | None = Visit.objects.filter(person=person, form_token=form_token).first()
    return visit


def _again(before: Visit, by: User | None) -> Visit:
    write_journal("visit.recorded", about=before.person, data={"again": True}, by=by)
    return before


def _check(way: str, words: str, day: date) -> None:
    if way not in VisitWay.values:
        raise Refused("visit.way", _("请选怎么看望的"), "way")
    if len(words) > rules.LONGEST_WORDS:
        figures = {"most": rules.LONGEST_WORDS, "now": len(words)}
        raise Refused("visit.long", _("最多%(most)s字，现在%(now)s字") % figures, "words")
    if day > today():
        raise Refused("visit.future", _("看望日期在将来"), "on")


def _said(way: str, words: str) -> str:
    label = str(VisitWay(way).label)
    return f"{label}：{words.strip()}" if words.strip() else label


def _is_evening(day: date) -> bool:
    moment = now()
    return day == moment.date() and moment.hour >= rules.EVENING_FROM


def _floors_to(person: Person) -> int:
    """Return how many floors were climbed: none where a lift goes."""
    dwelling = Dwelling.objects.filter(place_id=person.home_id).first()
    if dwelling is None or not dwelling.floor:
        return 0
    facts = Building.objects.filter(place_id=dwelling.building_id).first()
    return 0 if facts is not None and facts.has_lift else max(dwelling.floor - 1, 0)


def _finish(visit: Visit, by: User | None, result: str) -> None:
    """End the task of a visit that was held; a colleague who has taken it is not in the way."""
    if visit.task is None or visit.task.state not in UNFINISHED:
        return
    try:
        finish_task(task=visit.task, by=by, result=result)
    except Refused:
        # Somebody else took it: the visit stands, they see on its page that it is done.
        return


@action("visit.stop", term=gettext_noop("停止看望"), may=may_visit, journal="visit.stopped")
def stop_visit(*, visit: Visit, reason: str, by: User | None) -> Visit:
    """Take a planned visit back: the resident moved, died, or needs it no more."""
    why = reason.strip()
    if len(why) < rules.SHORTEST_REASON:
        raise Refused("visit.reason", _("请写明为什么不用去了"), "reason")
    changed = Visit.objects.filter(pk=visit.pk, state=VisitState.PLANNED).update(
        state=VisitState.STOPPED, why=why[:200]
    )
    visit.refresh_from_db()
    if not changed:
        raise Refused("visit.ended", _("这次看望已经是“%s”") % visit.get_state_display())
    if visit.task is not None and visit.task.state in UNFINISHED:
        cancel_task(task=visit.task, by=by, reason=why)
    write_journal("visit.stopped", about=visit.person, text=why, by=by)
    return visit


def follow_visit(task: Task, what: str, by: User | None) -> None:
    """A task finished by itself is a visit at the door, or the call it was; cancelled is none.

    A task that is taken back is a visit still to be made.
    """
    if what == TaskEvent.REOPENED:
        Visit.objects.filter(task=task, state=VisitState.DONE).update(
            state=VisitState.PLANNED, way="", done_on=None, by=None, form_token=""
        )
    planned = Visit.objects.filter(task=task, state=VisitState.PLANNED)
    if what == TaskEvent.CANCELLED:
        planned.update(state=VisitState.STOPPED, why=task.result[:200])
    elif what == TaskEvent.DONE:
        for visit in planned.select_related("person"):
            if visit.person.status == PersonStatus.CURRENT:
                way = VisitWay.PHONE if visit.by_phone else VisitWay.DOOR
                record_visit(person=visit.person, way=way, words=task.result, by=by)
