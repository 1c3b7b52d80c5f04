"""Referrals: proposed with consent, accepted or refused, done, withdrawn."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.capabilities.directory import rules
from linli.capabilities.directory.models import Referral
from linli.capabilities.directory.terms import ReferralState
from linli.core.actions import action, write_journal
from linli.core.errors import Refused
from linli.core.personal_data.phones import NotAPhone, read_phone
from linli.core.scope import system_scope
from linli.core.time import add_working_days, today
from linli.register.parties.models import Party
from linli.register.parties.topics import BY_KEY
from linli.register.people.models import Person
from linli.register.places.models import Place
from linli.register.posts.models import User
from linli.register.posts.permits import role_in
from linli.register.posts.tokens import hash_of
from linli.workbench.notices.actions import send_notice
from linli.workbench.notices.recipients import Recipient
from linli.workbench.tasks.actions import cancel_task, open_task, tell_news
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.queries import calendar
from linli.workbench.tasks.terms import FOLLOW_UP as NOTED_FOLLOW_UP
from linli.workbench.tasks.terms import UNFINISHED

FOLLOW_UP = "directory.follow_up"
may_refer = role_in(rules.MAY_REFER)


@dataclass(frozen=True)
class ReferralConsent:
    """How, by whom and when consent was given, and what else than name and case it covers."""

    how: str
    by: str
    on: date | None
    name: str = ""
    phone: bool = False
    address: bool = False


@dataclass(frozen=True)
class ProposedReferral:
    """A new referral, and the token of its link: told once, kept nowhere."""

    referral: Referral
    token: str


def _words(text: str, field: str, ask: str) -> str:
    checked = text.strip()
    if len(checked) < rules.SHORTEST_WORDS:
        raise Refused(f"referral.no_{field}", ask, field)
    if len(checked) > rules.LONGEST_WORDS:
        figures = {"most": rules.LONGEST_WORDS, "now": len(checked)}
        raise Refused("referral.long", _("最多%(most)s字，现在%(now)s字") % figures, field)
    return checked


def _check_consent(consent: ReferralConsent) -> None:
    if rules.is_consent(
        how=consent.how, by=consent.by, name=consent.name, on=consent.on, today=today()
    ):
        return
    if consent.on is not None and consent.on > today():
        raise Refused("referral.consent_later", _("同意日期不能在今天以后"), "consent_on")
    if consent.how and consent.by in ("guardian", "entrusted"):
        raise Refused(
            "referral.consent_name", _("请写明代为同意的是谁"), "consent_name", _("例如：女儿 张敏")
        )
    raise Refused(
        "referral.no_consent",
        _("没有本人同意，不能转介"),
        "consent_how",
        _("先问本人；本人不能表示时由监护人同意，写明是谁"),
    )


def _check_who(person: Person, party: Party, topic: str) -> None:
    if person.status != "current":
        raise Refused("referral.gone", _("这位居民已不在册"))
    if party.closed_on is not None:
        raise Refused("referral.party_closed", _("这个单位已经停用"), "party")
    # The organisation is chosen by key: one that serves elsewhere must not be told of this
    # resident.
    if party.scope_path not in [*person.home.above, person.home.path]:
        raise Refused("referral.elsewhere", _("这个单位不服务本人住的地方"), "party")
    if topic not in BY_KEY:
        raise Refused("referral.topic", _("请选事项"), "topic")


def _check_follow_up(on: date) -> None:
    if not today() <= on <= today() + timedelta(days=rules.LATEST_FOLLOW_UP_DAYS):
        raise Refused("referral.follow_up", _("回访日期应在今天起一年内"), "follow_up_on")


@action("referral.propose", term=gettext_noop("转介"), may=may_refer, journal="referral.proposed")
def propose_referral(
    *,
    person: Person,
    party: Party,
    topic: str,
    matter: str,
    consent: ReferralConsent,
    by: User | None,
    note: str = "",
    follow_up_on: date | None = None,
    call_back: str = "",
) -> ProposedReferral:
    """Send a resident who consents to somebody outside, and come back to it later."""
    _check_consent(consent)
    _check_who(person, party, topic)
    agreed_on = consent.on or today()
    checked_matter = _words(matter, "matter", _("请写明什么事，只写对方需要知道的"))
    back_on = follow_up_on or today() + timedelta(days=rules.FOLLOW_UP_DAYS)
    _check_follow_up(back_on)
    token = secrets.token_urlsafe(24)
    place = Place.objects.get(pk=person.home_id)
    referral = Referral(
        person=person,
        party=party,
        place=place,
        topic=topic,
        matter=checked_matter,
        note=note.strip(),
        call_back=_number(call_back),
        consent_how=consent.how,
        consent_by=consent.by,
        consent_name=consent.name.strip()[:40],
        consent_on=agreed_on,
        share_phone=consent.phone,
        share_address=consent.address,
        token_hash=hash_of(token),
        follow_up_on=back_on,
        made_by=by,
        link_ends_on=rules.link_ends_on(sent=today(), accepted=None),
        scope_path=place.path,
    )
    try:
        with transaction.atomic():
            referral.save()
    except IntegrityError:
        raise Refused("referral.twice", _("同一件事已经转给这个单位，还没办完")) from None
    _note("referral.proposed", referral, by, consent=consent.how)
    _come_back(referral, by, min(back_on, _take_over_notes(referral, by) or back_on))
    return ProposedReferral(referral, token)


def _number(text: str) -> str:
    """Return the number to call back; a local one without its area code is kept as typed."""
    typed = text.strip()
    read = read_phone(typed)
    if not isinstance(read, NotAPhone):
        return read.display
    if typed and sum(letter.isdigit() for letter in typed) < rules.SHORTEST_NUMBER:
        raise Refused("referral.call_back", _("回电号码不是电话号码"), "call_back")
    return typed[: rules.LONGEST_NUMBER]


def _take_over_notes(referral: Referral, by: User | None) -> date | None:
    """End what the same worker's notes asked to come back for: one task, on the earlier day."""
    if by is None:
        return None
    rows = Task.objects.filter(
        kind=NOTED_FOLLOW_UP,
        person=referral.person,
        opened_by=by,
        state__in=UNFINISHED,
        confidential=False,
    )
    tasks = list(rows)
    for task in tasks:
        reason = _("并入转介%(number)s的回访") % {"number": referral.pk}
        with system_scope("one task to come back, whichever post had the other"):
            cancel_task(task=task, by=by, reason=reason)
    return min((task.due_on for task in tasks if task.due_on), default=None)


def _come_back(referral: Referral, by: User | None, on: date, news: str = "") -> None:
    """Have one task to come back to the resident; what is new stands in it, on an earlier day."""
    names = {"name": referral.person.name, "news": news or _("转介后怎么样")}
    title = _("回访%(name)s：%(news)s") % names
    waiting = Task.objects.filter(
        kind=FOLLOW_UP,
        subject_kind=referral._meta.label_lower,
        subject_id=referral.pk,
        state__in=UNFINISHED,
    ).first()
    if waiting is not None:
        due = min(on, waiting.due_on or on)
        tell_news(task=waiting, title=title, due_on=due, by=by)
        return
    open_task(
        kind=FOLLOW_UP,
        about=referral,
        place=referral.place,
        title=title,
        by=by,
        person=referral.person,
        party=referral.party,
        due_on=on,
        occasion=f"referral:{referral.pk}:{referral.state}",
    )


def _tell_worker(referral: Referral, by: User | None, on: date, news: str) -> None:
    """Say in the inbox what the outside professional answered; who referred hears it too.

    Neither topic nor words: both stand on the referral's own page.
    """
    _come_back(referral, by, on, news)
    if by is not None or referral.made_by is None or not referral.made_by.is_active:
        return
    worker = referral.made_by
    send_notice(
        key=f"referral:{referral.pk}:{referral.state}",
        about=referral,
        recipients=[Recipient(worker.name, user=worker)],
        subject=_("转介有答复"),
        text=_("转介%(number)s：%(news)s") % {"number": referral.pk, "news": news},
        by=by,
    )


def _note(kind: str, referral: Referral, by: User | None, **data: Any) -> None:
    """Write what happened on the referral's and the resident's pages.

    Neither topic nor organisation is named: who may read the resident's page need not know that
    somebody was sent to a counsellor.
    """
    words = _("转介%(number)s") % {"number": referral.pk}
    write_journal(kind, about=referral, also=[referral.person], text=words, data=data, by=by)


def _go(referral: Referral, then: str, **changes: Any) -> None:
    """Change a referral only if it may still go there; the database decides who is first."""
    came_from = [now for now, follows in rules.NEXT.items() if then in follows]
    if then in (ReferralState.REFUSED, ReferralState.DONE, ReferralState.WITHDRAWN):
        changes["ended_at"] = timezone.now()
    changed = Referral.objects.filter(pk=referral.pk, state__in=came_from).update(
        state=then, **changes
    )
    referral.refresh_from_db(fields=["state", *changes])
    if not changed:
        raise Refused(
            "referral.state",
            _("这次转介已经是“%(state)s”") % {"state": referral.get_state_display()},
        )


def _soon() -> date:
    return add_working_days(today(), 1, calendar())


@action(
    "referral.accept", term=gettext_noop("接下转介"), may=may_refer, journal="referral.accepted"
)
def accept_referral(*, referral: Referral, by: User | None, words: str = "") -> Referral:
    """Say that the outside professional takes the case on."""
    answer = words.strip()[: rules.LONGEST_WORDS]
    until = rules.link_ends_on(sent=today(), accepted=today())
    _go(referral, ReferralState.ACCEPTED, answer=answer, link_ends_on=until)
    _note("referral.accepted", referral, by)
    _tell_worker(referral, by, _soon(), _("对方接下了"))
    return referral


@action("referral.refuse", term=gettext_noop("不接转介"), may=may_refer, journal="referral.refused")
def refuse_referral(*, referral: Referral, by: User | None, reason: str) -> Referral:
    """Say that the outside professional does not take the case on; somebody else is needed."""
    why = _words(reason, "reason", _("请写明为什么不接"))
    _go(referral, ReferralState.REFUSED, answer=why)
    _note("referral.refused", referral, by)
    # The resident still needs somebody: today, not on the day that was set for coming back.
    _tell_worker(referral, by, today(), _("对方不接，请另找"))
    return referral


@action("referral.finish", term=gettext_noop("转介办好"), may=may_refer, journal="referral.done")
def finish_referral(*, referral: Referral, by: User | None, result: str) -> Referral:
    """Say what came of a referral."""
    outcome = _words(result, "result", _("请写明结果"))
    _go(referral, ReferralState.DONE, result=outcome)
    _note("referral.done", referral, by)
    _tell_worker(referral, by, _soon(), _("对方办好了"))
    return referral


@action(
    "referral.withdraw", term=gettext_noop("撤回转介"), may=may_refer, journal="referral.withdrawn"
)
def withdraw_referral(*, referral: Referral, by: User | None, reason: str) -> Referral:
    """Take a referral back: the link tells nothing any more."""
    why = _words(reason, "reason", _("请写明撤回的原因，例如：本人不再同意"))
    _go(referral, ReferralState.WITHDRAWN, answer=why)
    _note("referral.withdrawn", referral, by)
    return referral


@action(
    "referral.renew_link",
    term=gettext_noop("重发转介链接"),
    may=may_refer,
    journal="referral.link_renewed",
)
def renew_link(*, referral: Referral, by: User | None) -> ProposedReferral:
    """Make a new personal link; the old one opens nothing any more."""
    if not referral.is_open:
        raise Refused("referral.ended", _("这次转介已经结束，不再有链接"))
    token = secrets.token_urlsafe(24)
    accepted = today() if referral.state == ReferralState.ACCEPTED else None
    referral.token_hash = hash_of(token)
    referral.link_ends_on = rules.link_ends_on(sent=today(), accepted=accepted)
    referral.save(update_fields=["token_hash", "link_ends_on"])
    _note("referral.link_renewed", referral, by)
    return ProposedReferral(referral, token)


@action(
    "referral.open", term=gettext_noop("打开转介链接"), may=may_refer, journal="referral.opened"
)
def open_referral(*, referral: Referral, by: User | None) -> Referral:
    """Note that somebody outside read what the consent covers."""
    referral.opened_at = timezone.now()
    referral.save(update_fields=["opened_at"])
    shared = [key for key in ("phone", "address") if getattr(referral, f"share_{key}")]
    _note("referral.opened", referral, by, fields=["name", *shared])
    return referral
