"""Listing whose time is over, holding, deleting one person, and the certificate."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.core.actions import action, write_journal
from linli.core.errors import NotFound, Refused
from linli.core.retention import waiting
from linli.core.rules import RULES
from linli.core.scope import one_or_not_found
from linli.core.time import today
from linli.register.people.models import Person
from linli.register.places.models import Place
from linli.register.posts.models import User
from linli.register.posts.permits import role_in
from linli.workbench.journal.redaction import redact_entries
from linli.workbench.journal.rules import ERASED
from linli.workbench.retention import queries, rules
from linli.workbench.retention.deleted_list import HashedKey, hash_of, new_salt
from linli.workbench.retention.erasure import ErasureResult, erase
from linli.workbench.retention.models import Certificate, DeletedKey, DuePerson, Hold

may_hold = role_in(rules.MAY_HOLD)
# Nobody deletes by hand: the installation does, by the rule, after the list was shown.
by_itself = role_in(frozenset())


@action(
    "retention.list", term=gettext_noop("公布到期名单"), may=by_itself, journal="retention.listed"
)
def list_due(*, place: Place, on: date, by: User | None) -> int:
    """Put whose time is over soon on the list of a subdistrict, and take off who came back."""
    below = {"scope_path__startswith": place.path}
    gone = queries.no_longer_due().filter(**below)
    off, _kinds = DuePerson.objects.filter(pk__in=list(gone.values_list("pk", flat=True))).delete()
    announced = [pair for pair in queries.to_be_announced(on) if _lies_in(pair[0], place)]
    lines = DuePerson.objects.bulk_create(
        [
            DuePerson(
                person=person,
                left_on=left,
                kept_until=rules.kept_until(left_on=left),
                shown_on=on,
                scope_path=person.scope_path,
            )
            for person, left in announced
        ],
        # Two workers may list at once: one person has one line.
        ignore_conflicts=True,
    )
    write_journal("retention.listed", about=place, data={"on": len(lines), "off": off}, by=by)
    return len(lines)


def _lies_in(person: Person, place: Place) -> bool:
    return str(person.scope_path).startswith(place.path)


@action("retention.hold", term=gettext_noop("暂缓删除"), may=may_hold, journal="retention.held")
def hold(*, due: DuePerson, reason: str, until: date, by: User | None) -> Hold:
    """Have deletion of somebody's data wait until a day, with the reason."""
    why = reason.strip()
    if len(why) < rules.SHORTEST_REASON:
        raise Refused(
            "retention.reason", _("请写清楚为什么暂缓"), "reason", _("例如：正在诉讼，法院要求保存")
        )
    if not rules.is_fit_hold(until=until, today=today()):
        most = {"days": rules.LONGEST_HOLD_DAYS}
        raise Refused(
            "retention.until",
            _("请填明天到%(days)s天内的日期") % most,
            "until",
            _("到期后可以再暂缓一次"),
        )
    person = _locked(due.person_id)
    # A new hold replaces the one before, so that a shorter end counts too.
    Hold.objects.filter(person=person, lifted_at__isnull=True).update(
        lifted_at=timezone.now(), lifted_by=by
    )
    new_hold = Hold(person=person, reason=why, until=until, by=by, scope_path=person.scope_path)
    new_hold.save()
    data = {"until": until.isoformat()}
    write_journal("retention.held", about=person, text=why, data=data, by=by)
    return new_hold


def _locked(person: int) -> Person:
    """Read somebody under a lock: who deletes and who holds meet here, and the first decides."""
    locked: Person = one_or_not_found(Person.objects.select_for_update(of=("self",)), pk=person)
    return locked


@action("retention.lift", term=gettext_noop("解除暂缓"), may=may_hold, journal="retention.lifted")
def lift(*, due: DuePerson, by: User | None) -> None:
    """End a hold; the data goes when everything else allows it."""
    person = _locked(due.person_id)
    ended = Hold.objects.filter(person=person, lifted_at__isnull=True).update(
        lifted_at=timezone.now(), lifted_by=by
    )
    if not ended:
        raise Refused("retention.not_held", _("现在没有暂缓"), hint=_("刷新后再看"))
    write_journal("retention.lifted", about=person, by=by)


@action(
    "retention.ask", term=gettext_noop("应本人要求删除"), may=may_hold, journal="retention.asked"
)
def ask(*, person: Person, by: User | None) -> DuePerson:
    """Have the data of somebody who left deleted with the next run, for they asked for it."""
    locked = _locked(person.pk)
    left = queries.day_left(locked)
    if left is None:
        raise Refused(
            "retention.lives_here",
            _("没有登记迁出或去世日期，不能删除"),
            hint=_("请先办迁出，写明日期"),
        )
    due: DuePerson
    due, _is_new = DuePerson.objects.get_or_create(
        person=locked,
        defaults={
            "left_on": left,
            "kept_until": rules.kept_until(left_on=left),
            "shown_on": today(),
            "scope_path": locked.scope_path,
        },
    )
    DuePerson.objects.filter(pk=due.pk).update(asked_on=today())
    write_journal("retention.asked", about=locked, by=by)
    return due


@action(
    "retention.begin", term=gettext_noop("开始到期删除"), may=by_itself, journal="retention.begun"
)
def begin(*, place: Place, by: User | None) -> Certificate:
    """Open the certificate of a run, or go on with the one that is open."""
    rule = RULES[f"{rules.__name__}.may_delete"]
    open_one: Certificate
    open_one, is_new = Certificate.objects.get_or_create(
        scope_path=place.path,
        ended_at=None,
        defaults={"begun_at": timezone.now(), "rule": rule.says, "rule_since": rule.since},
    )
    write_journal(
        "retention.begun",
        about=place,
        data={"certificate": open_one.pk, "goes_on": not is_new},
        by=by,
    )
    return open_one


@action("retention.erase", term=gettext_noop("到期删除"), may=by_itself, journal=ERASED)
def erase_person(
    *, due: DuePerson, certificate: Certificate, on: date, by: User | None
) -> DeletedKey:
    """Delete everything about one person whose time is over, or nothing."""
    # Locked, so that no other worker ends the run while somebody is deleted under it.
    still_open = Certificate.objects.select_for_update(of=("self",)).filter(
        pk=certificate.pk, ended_at__isnull=True
    )
    if still_open.first() is None:
        raise Refused("retention.ended", _("这一次删除已经结束"))
    person = _locked(due.person_id)
    # Read again: they may have come back, or left on another day, since the run began.
    fresh = DuePerson.objects.filter(pk=due.pk).first()
    left = queries.day_left(person)
    if fresh is None or left is None or (left != fresh.left_on and fresh.asked_on is None):
        raise NotFound()
    if not rules.may_delete(
        left_on=left, shown_on=fresh.shown_on, asked_on=fresh.asked_on, today=on
    ):
        raise Refused(
            "retention.too_early",
            _("还没到期，或名单公布还不满%(days)s天") % {"days": rules.SHOWN_DAYS},
        )
    if why := waiting([person.pk]).get(person.pk):
        raise Refused("retention.waits", "；".join(why))
    return _deleted(person.pk, certificate, by)


def _deleted(person: int, certificate: Certificate, by: User | None) -> DeletedKey:
    salt = _salt()
    gone = erase(person)
    key = DeletedKey(
        certificate=certificate,
        salt=salt,
        hash=hash_of(person, salt),
        rows=dict(gone.rows),
        at=timezone.now(),
        scope_path=certificate.scope_path,
    )
    key.save()
    data = {"certificate": certificate.pk, "key": key.hash}
    _empty_journal(gone, data, key.scope_path, by)
    return key


def _empty_journal(gone: ErasureResult, data: dict[str, Any], path: str, by: User | None) -> None:
    """Say that somebody's data went, without who, and by that entry empty what was said."""
    data = {**data, "rows": gone.rows.total()}
    redact_entries(gone.entries, kind=ERASED, data=data, scope_path=path, by=by)


def _salt() -> str:
    """Return the salt of this installation: the last one used, or a new one."""
    # One salt where possible: after a restore everybody is hashed once for each salt.
    last = DeletedKey.objects.order_by("-pk").first()
    return last.salt if last is not None else new_salt()


@action(
    "retention.note_trouble",
    term=gettext_noop("记下没删成"),
    may=by_itself,
    journal="retention.trouble",
)
def note_trouble(*, due: DuePerson, error_text: str, by: User | None) -> None:
    """Say on the list why somebody's data could not be deleted."""
    DuePerson.objects.filter(pk=due.pk).update(error_text=error_text[:200])
    write_journal("retention.trouble", scope_path=due.scope_path, data={"due": due.pk}, by=by)


@action(
    "retention.certify",
    term=gettext_noop("出具删除证明"),
    may=by_itself,
    journal="retention.certified",
)
def certify(*, certificate: Certificate, by: User | None) -> Certificate:
    """End a run with its certificate: figures by table and a hash over the hashes of the keys."""
    mine = Certificate.objects.select_for_update(of=("self",)).filter(pk=certificate.pk)
    fresh: Certificate = one_or_not_found(mine)
    keys = list(DeletedKey.objects.filter(certificate=fresh).order_by("hash"))
    rows: Counter[str] = Counter()
    for key in keys:
        rows.update(key.rows)
    hashes = "\n".join(key.hash for key in keys)
    # A second worker gets the certificate as it was issued.
    if fresh.ended_at is None:
        fresh.ended_at, fresh.people, fresh.rows = timezone.now(), len(keys), dict(rows)
        fresh.digest = hashlib.sha256(hashes.encode()).hexdigest()
        fresh.save()
    data = {
        "certificate": fresh.pk,
        "people": len(keys),
        "rows": rows.total(),
        "digest": fresh.digest,
    }
    write_journal("retention.certified", scope_path=fresh.scope_path, data=data, by=by)
    return fresh


@action(
    "retention.drop_empty",
    term=gettext_noop("没有可删的"),
    may=by_itself,
    journal="retention.nothing",
)
def drop_empty(*, certificate: Certificate, by: User | None) -> None:
    """Take back an open certificate under which nothing was deleted after all."""
    mine = Certificate.objects.filter(pk=certificate.pk, ended_at__isnull=True)
    mine.select_for_update(of=("self",)).first()  # another worker may be deleting under it
    if not DeletedKey.objects.filter(certificate=certificate).exists():
        mine.delete()
    write_journal("retention.nothing", scope_path=certificate.scope_path, by=by)


@action("retention.erase_again", term=gettext_noop("恢复后重新删除"), may=by_itself, journal=ERASED)
def erase_again(*, person: int, line: HashedKey, by: User | None) -> bool:
    """Delete somebody whom a restored backup brought back."""
    returned = Person.objects.select_for_update(of=("self",)).filter(pk=person).first()
    if returned is None or returned.changed_at >= line.moment:
        # A key given anew after the restore is somebody else.
        redact_entries((), kind=ERASED, data={}, scope_path="/", by=by)
        return False
    path = str(returned.scope_path)
    gone = erase(person)
    _empty_journal(gone, {"key": line.hash, "again": True}, path, by)
    return True


@action(
    "retention.take_list_over",
    term=gettext_noop("接过删除名单"),
    may=by_itself,
    journal="retention.list_taken",
)
def take_list_over(*, lines: list[HashedKey], by: User | None) -> int:
    """Keep the keys of the list beside the database in the database again."""
    known = set(DeletedKey.objects.values_list("hash", flat=True))
    fresh = [hashed_key for hashed_key in lines if hashed_key.hash not in known]
    with transaction.atomic():
        DeletedKey.objects.bulk_create(
            [
                DeletedKey(salt=one.salt, hash=one.hash, at=one.moment, scope_path="/")
                for one in fresh
            ]
        )
    write_journal("retention.list_taken", data={"keys": len(fresh)}, scope_path="/", by=by)
    return len(fresh)
