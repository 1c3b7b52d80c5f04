"""A case comes in: once, whoever sends it twice; its category and place are put right."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.capabilities.cases import rules
from linli.capabilities.cases.actions.confidentiality import take_tasks_along
from linli.capabilities.cases.actions.danger import change_danger
from linli.capabilities.cases.actions.notify_reporters import tell_newcomers
from linli.capabilities.cases.actions.permits import may_dispatch, may_take
from linli.capabilities.cases.actions.state_tasks import follow_place
from linli.capabilities.cases.actions.transitions import (
    entered,
    keep_still,
    readable,
    required_text,
    write_case_journal,
)
from linli.capabilities.cases.models import Case, Category, Report
from linli.capabilities.cases.report_secrets import hash_of_secret, secret_for
from linli.capabilities.cases.terms import CaseChannel, CaseState
from linli.core.actions import action, write_journal
from linli.core.database.path_dependencies import take_along
from linli.core.errors import NotFound, Refused
from linli.core.personal_data.phones import Phone, read_phone
from linli.core.scope import current_scope, system_scope
from linli.core.time import add_working_days, to_china, today
from linli.register.people.actions import record_contact
from linli.register.people.models import Person
from linli.register.people.terms import ContactChannel
from linli.register.places.models import Place
from linli.register.posts.models import User
from linli.register.posts.rules import READS_PEOPLE
from linli.workbench.tasks.queries import calendar

TRACKING_DIGITS = 10
CONTACTS: dict[str, str] = {
    CaseChannel.PHONE: ContactChannel.PHONE,
    CaseChannel.DOOR: ContactChannel.VISIT,
    CaseChannel.CHAT: ContactChannel.WECHAT,
}
_SENTENCE = re.compile(r"[。！？!?\n]")


@dataclass(frozen=True)
class Reporter:
    """Who reports, how they want to hear back, and for whom they speak (N4)."""

    name: str = ""
    phone: str = ""
    wants_answer: str = "page"
    on_behalf_of: str = ""
    consent: str = ""
    consent_note: str = ""
    person: Person | None = None


@dataclass(frozen=True)
class RegisteredReport:
    """What the reporter is given: the number and the word that open their page."""

    case: Case
    report: Report
    tracking: str
    secret: str


def title_of(text: str) -> str:
    """Return the beginning of a text as its title."""
    first = _SENTENCE.split(text, maxsplit=1)[0].strip() or text.strip()
    return first if len(first) <= rules.TITLE_LENGTH else first[: rules.TITLE_LENGTH - 1] + "…"


def _body_hash(text: str, place: Place, spot: str, reporter: Reporter) -> str:
    who = asdict(reporter) | {"person": reporter.person.pk if reporter.person else None}
    body = json.dumps([text, place.pk, spot, who], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(body.encode()).hexdigest()


def _checked(reporter: Reporter) -> tuple[str, str]:
    """Return the number as it is stored and its tail; say what is wrong with it."""
    if reporter.on_behalf_of.strip() and not reporter.consent:
        raise Refused(
            "case.consent",
            _("替别人反映，请选本人是否同意"),
            "consent",
            _("情况紧急来不及问，也可以选“情况紧急”"),
        )
    if not reporter.phone.strip():
        if reporter.wants_answer in ("phone", "sms"):
            raise Refused("case.no_phone", _("要打电话或发短信答复，请留电话"), "phone")
        return "", ""
    read = read_phone(reporter.phone, area_code="")
    if not isinstance(read, Phone):
        raise Refused("case.phone", read.sentence, "phone")
    return read.normal, read.tail


def _report(
    case: Case,
    text: str,
    channel: str,
    reporter: Reporter,
    at: datetime,
    client_id: str,
    body_hash: str,
    outside_number: str,
) -> tuple[Report, str]:
    phone, tail = _checked(reporter)
    secret = secret_for(client_id)
    report = Report(
        case=case,
        name=readable(reporter.name)[:40],
        phone=phone,
        phone_tail=tail,
        person=reporter.person,
        text=text,
        channel=channel,
        received_at=at,
        wants_answer=reporter.wants_answer,
        on_behalf_of=readable(reporter.on_behalf_of)[:60],
        consent=reporter.consent if reporter.on_behalf_of.strip() else "",
        consent_note=readable(reporter.consent_note)[:120],
        tracking="".join(secrets.choice("0123456789") for _n in range(TRACKING_DIGITS)),
        secret_hash=hash_of_secret(secret),
        # NULL and not "": the unique constraint lets any number of reports come without one.
        client_id=client_id or None,
        body_hash=body_hash,
        outside_number=outside_number[:40],
        scope_path=case.scope_path,
    )
    report.save()
    return report, secret


def _already(client_id: str, body_hash: str) -> RegisteredReport | None:
    """Return the answer a submission got before; another body with the same mark is refused."""
    known = Report.objects.filter(client_id=client_id).values_list("pk", flat=True).first()
    if known is None:
        return None
    report = Report.objects.select_related("case").get(pk=known)
    if report.body_hash != body_hash:
        raise Refused(
            "case.other_body",
            _("这份来件已经收过，内容却不一样"),
            None,
            _("请刷新页面，重新填写后再提交"),
        )
    return RegisteredReport(report.case, report, report.tracking, secret_for(client_id))


def _new_case(
    text: str,
    title: str,
    place: Place,
    spot: str,
    category: Category | None,
    by: User | None,
    at: datetime,
) -> Case:
    days = category.working_days if category else rules.USUAL_WORKING_DAYS
    return Case(
        title=readable(title)[:80] or title_of(text),
        text=text,
        place=place,
        spot=readable(spot)[:120],
        category=category,
        category_by=by if category else None,
        received_at=at,
        registered_by=by,
        scope_path=place.path,
        confidential=bool(category and category.confidential),
        due_on=add_working_days(to_china(at), days, calendar()),
    )


def hand_out_danger(case: Case, by: User | None) -> None:
    """Give a danger straight to the post that answers for it there, whoever took it down."""
    from linli.capabilities.cases.actions.handling import assign_case

    with system_scope("a danger goes to whoever must act, whoever took it down"):
        assign_case(case=case, by=by, due_on=today(), order="danger")


def _again(before: RegisteredReport, by: User | None) -> RegisteredReport:
    """Answer a submission that was taken before: nothing new, and the journal says so."""
    write_journal("case.received", about=before.case, data={"again": True}, by=by)
    return before


@action("case.take", term=gettext_noop("受理"), may=may_take, journal="case.received")
def take_case(
    *,
    text: str,
    place: Place,
    by: User | None,
    channel: str = CaseChannel.PHONE,
    title: str = "",
    spot: str = "",
    category: Category | None = None,
    reporter: Reporter | None = None,
    client_id: str = "",
    confidential: bool = False,
    received_at: datetime | None = None,
    outside_number: str = "",
    position: tuple[float, float] | None = None,
    suggested: dict[str, Any] | None = None,
    goes_on: bool = False,
) -> RegisteredReport:
    """Record a case once; the same submission sent again gets the same answer.

    With ``goes_on`` the caller hands it out at once, and asks for the task if it does not.
    """
    ask = _("请说说是什么事")
    most = rules.LONGEST_OUTSIDE if outside_number else rules.LONGEST_TEXT
    checked_text = required_text(text, most=most, field="text", ask=ask)
    person = reporter or Reporter()
    body = _body_hash(checked_text, place, spot, person) if client_id else ""
    if client_id and (before := _already(client_id, body)):
        return _again(before, by)
    at = received_at or timezone.now()
    case = _new_case(checked_text, title, place, spot, category, by, at)
    case.channel, case.suggested = channel, suggested or {}
    case.confidential = confidential or case.confidential
    case.latitude, case.longitude = position or (None, None)
    case.danger = rules.danger_of(
        category=category.danger if category else "", text=f"{title}。{checked_text}"
    )
    try:
        with transaction.atomic():
            case.save()
            report, secret = _report(
                case, checked_text, channel, person, at, client_id, body, outside_number
            )
    except IntegrityError:
        # The same submission arrived a moment ago on another connection: its answer stands.
        before = _already(client_id, body) if client_id else None
        if before is None:
            raise
        return _again(before, by)
    write_case_journal("case.received", case, by, channel=channel)
    # A danger waits for nobody to hand it out.
    entered(case, "", by, asks=not goes_on and not case.danger)
    if case.danger and not goes_on:
        hand_out_danger(case, by)
    _spoken_with(report, by)
    return RegisteredReport(case, report, report.tracking, secret)


@action("case.join", term=gettext_noop("并案受理"), may=may_take, journal="case.joined")
def add_report(
    *,
    case: Case,
    text: str,
    by: User | None,
    channel: str = CaseChannel.PHONE,
    reporter: Reporter | None = None,
    client_id: str = "",
) -> RegisteredReport:
    """Add another person's report to a case that is open: all of them hear back."""
    ask = _("请说说是什么事")
    checked_text = required_text(text, most=rules.LONGEST_TEXT, field="text", ask=ask)
    person = reporter or Reporter()
    body = _body_hash(checked_text, case.place, "", person) if client_id else ""
    if client_id and (before := _already(client_id, body)):
        return _joined_before(before, by)
    keep_still(case)
    if case.state == CaseState.CLOSED:
        raise Refused("case.closed", _("那件事已经结了"), hint=_("请作为新的一件提交"))
    try:
        with transaction.atomic():
            report, secret = _report(
                case, checked_text, channel, person, timezone.now(), client_id, body, ""
            )
    except IntegrityError:
        # The same submission arrived a moment ago on another connection: its answer stands.
        before = _already(client_id, body) if client_id else None
        if before is None:
            raise
        return _joined_before(before, by)
    write_case_journal("case.joined", case, by, reports=case.reports.count())
    _spoken_with(report, by)
    # Who joins an answered case would else wait for an answer that has gone out already.
    tell_newcomers(case, [report], by)
    return RegisteredReport(case, report, report.tracking, secret)


def _spoken_with(report: Report, by: User | None) -> None:
    """Note that a resident who told a worker something was thereby spoken with, and nobody else."""
    channel, person = CONTACTS.get(report.channel), report.person
    # A confidential case leaves no trace on the person's page.
    if channel is None or person is None or by is None or report.case.confidential:
        return
    # A company that keeps no residents' files speaks for itself.
    if current_scope().role not in READS_PEOPLE:
        return
    record_contact(
        person=person,
        channel=channel,
        on=to_china(report.received_at),
        by=by,
        step=f"case.report:{report.pk}",
    )


def _joined_before(before: RegisteredReport, by: User | None) -> RegisteredReport:
    write_journal("case.joined", about=before.case, data={"again": True}, by=by)
    return before


@action(
    "case.set_category", term=gettext_noop("分类"), may=may_dispatch, journal="case.category_set"
)
def set_category(*, case: Case, category: Category, by: User | None) -> Case:
    """Say what kind of case it is; suggestions learn from it."""
    case.category, case.category_by = category, by
    was_open = not case.confidential
    # A category can make a case confidential but never open it again: that is an act of its own.
    case.confidential = case.confidential or category.confidential
    # Once it is assigned, its day is that of its shares.
    if case.state == CaseState.RECEIVED:
        start = to_china(case.received_at)
        # From the day it came in, not from today: sorting it late gives nobody more time.
        case.due_on = add_working_days(start, category.working_days, calendar())
    case.save(update_fields=["category", "category_by", "confidential", "due_on"])
    if category.danger and not case.danger and case.danger_by_id is None:
        change_danger(case, category.danger, by)
    if was_open and case.confidential:
        take_tasks_along(case, by)
    write_case_journal("case.category_set", case, by, category.name, code=category.code)
    return case


@action("case.move", term=gettext_noop("改正地点"), may=may_dispatch, journal="case.moved")
def move_case(*, case: Case, place: Place, by: User | None, spot: str = "") -> Case:
    """Put right where a case is; only before it is assigned, so no task is left elsewhere."""
    if case.state != CaseState.RECEIVED or case.handlings.exists():
        raise Refused("case.assigned", _("已经分派的办件不能改地点"), hint=_("请先退回待分派"))
    # The place is chosen by key; out of scope it does not exist.
    if not current_scope().holds(place.path):
        raise NotFound()
    case.place, case.scope_path = place, place.path
    case.spot = readable(spot)[:120] or case.spot
    case.save(update_fields=["place", "scope_path", "spot"])
    take_along(case)
    follow_place(case, by)
    write_case_journal("case.moved", case, by, str(place))
    return case


def may_hide() -> bool:
    """Who sees confidential cases may make one so."""
    return current_scope().role in rules.SEES_CONFIDENTIAL | {"system"}


@action(
    "case.set_confidential",
    term=gettext_noop("设为保密"),
    may=may_hide,
    journal="case.confidentiality_set",
)
def set_confidential(*, case: Case, confidential: bool, by: User | None) -> Case:
    """Let few people see a case, or let it be seen again."""
    case.confidential = confidential
    case.save(update_fields=["confidential"])
    take_tasks_along(case, by)
    write_case_journal("case.confidentiality_set", case, by, confidential=confidential)
    return case


SHORTEST_PURPOSE = 4


@action(
    "case.show_phone", term=gettext_noop("查看来件电话"), may=may_take, journal="case.phone_shown"
)
def show_phone(*, report: Report, words: str, by: User | None) -> str:
    """Show a reporter's number for a stated purpose; who looked and why is kept."""
    purpose = " ".join(words.split())
    if len(purpose) < SHORTEST_PURPOSE:
        ask = _("请写清用途，至少%(n)s个字") % {"n": SHORTEST_PURPOSE}
        raise Refused("case.purpose", ask, "words")
    # The resident sees on their own page who looked at the number (N2).
    also = [report.person] if report.person else []
    write_journal("case.phone_shown", about=report.case, also=also, text=purpose, by=by)
    return str(report.phone)
