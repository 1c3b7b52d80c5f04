"""The door: whoever shows people notes them here first, and is stopped when the day is used up.

A person counts from the first moment they are read, for 24 hours; reading them again within it
costs nothing and writes nothing. So no span of 24 hours holds more new people than the limit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.core.actions import action, write_journal
from linli.core.errors import Refused
from linli.core.personal_data.crypto import blind_index
from linli.core.personal_data.loaded_people import watched
from linli.core.scope import Scope, current_scope, scope_or_none, use_scope
from linli.core.storage import StorageRefused, unless_there_is_no_room
from linli.core.time import today
from linli.register.places.models import Place
from linli.register.posts.models import User
from linli.register.posts.permits import role_in
from linli.register.posts.terms import Role
from linli.workbench.read_budget import queries, rules
from linli.workbench.read_budget.exempt_records import ExemptRecord, meant_by, read_for_now
from linli.workbench.read_budget.models import ListRead, ReaderAccount, ReadLimit, ReadPerson
from linli.workbench.read_budget.terms import LIMIT_CHANGED, LIST_READ, UNUSUAL_DAY

AT_ONCE = 400
USED_UP, TOO_MANY_TAKEN = "read.budget_used_up", "read.taken_too_many"


@dataclass(frozen=True)
class ListOf:
    """A list of people: what tells it from another, what was asked in words, how many there are.

    ``said`` holds no personal value; it is worked out only when the list is new today.
    """

    key: str
    said: Callable[[], str]
    total: int


def bounded(scope: Scope | None) -> Scope | None:
    """Return the scope when a person reads in it: the installation's own work is not bounded."""
    if scope is None or scope.everything or not scope.user_id or scope.role == "none":
        return None
    return scope


def note_read(
    people: Iterable[int],
    *,
    listed: ListOf | None = None,
    within: Any = None,
    assigned: bool = False,
) -> None:
    """Note whose values are about to be shown; refuse before any is, and then store nothing.

    ``within`` is a record that means some of them, ``assigned`` says that a task of one's own seat
    names them: both are noted and do not count.
    """
    scope = bounded(scope_or_none())
    if scope is None:
        return
    exempt = read_for_now()
    if within is not None:
        exempt = ExemptRecord(within, exempt.alone_up_to, exempt.agreed)
    ids, now = set(people), watched()
    # Noted earlier in this request; what leaves in a file is counted by itself.
    if now is not None and not exempt.is_file:
        ids -= now.noted
    if ids:
        _note(scope, ids, exempt, assigned=assigned)
    if now is not None:
        now.noted |= ids
    if listed is not None and listed.total:
        _note_list(scope, listed)


def _note(scope: Scope, ids: Set[int], exempt: ExemptRecord, *, assigned: bool) -> None:
    user_id, now = scope.user_id or 0, timezone.now()
    own = ids if assigned else meant_by(exempt.within, ids, user_id)
    free = set() if scope.role in rules.NO_NUMBER else ids - own
    # A look without the lock first: most pages show people who are already noted.
    before = queries.known(user_id, now, ids)
    is_new = free - before.counted.keys() or ids - before.noted
    leaves = exempt.is_file and not exempt.agreed
    if is_new or (leaves and ids - before.taken):
        if exempt.is_file:
            _count(scope, ids, free, exempt)
            return
        with unless_there_is_no_room():  # what is only looked at is read on a full disk too
            _count(scope, ids, free, exempt)


def _count(scope: Scope, ids: Set[int], free: Set[int], exempt: ExemptRecord) -> None:
    """Count under the lock of the reader's own row: of two at once the second sees the first."""
    user_id, day = scope.user_id or 0, today()
    most, people = queries.most_for(scope), 0
    try:
        with transaction.atomic():
            reader = _locked(user_id)
            now = timezone.now()
            before = queries.known(user_id, now)
            new = free - before.counted.keys()
            people = len(before.counted) + len(new)
            # Who was read already may be read again, even where the limit was lowered since.
            if most is not None and people > most and new:
                raise _used_up(before, new, most, scope.role)
            _check_taken(before, ids, exempt)
            _keep(user_id, ids - before.noted, new, ids if exempt.is_file else set(), now, exempt)
            is_unusual = _add(reader, day, len(new), most, people)
    except Refused as refused:
        if refused.code == USED_UP:
            _afterwards(lambda: _alert(scope, day, people, at_limit=True))
        raise
    if is_unusual:
        _alert(scope, day, people, at_limit=most is not None and people >= most)


def _afterwards(tell: Callable[[], None]) -> None:
    """Tell when the answer is made: what is written now goes with the refused transaction."""
    now = watched()
    if now is None:
        tell()
    else:
        now.afterwards.append(tell)


def _locked(user_id: int) -> ReaderAccount:
    """Hold the row of a reader until the end of the transaction; SQLite has one writer anyway."""
    ReaderAccount.objects.get_or_create(user_id=user_id)
    return ReaderAccount.objects.select_for_update().get(user_id=user_id)


def _keep(
    user_id: int,
    unseen: Set[int],
    new: Set[int],
    taken: Set[int],
    now: datetime,
    exempt: ExemptRecord,
) -> None:
    """Write each person once: the unique pair of reader and person is brought up to date."""
    left = taken if not exempt.agreed else set()
    for ids, moments in (
        (unseen - new, {"noted_at": now}),
        (new, {"noted_at": now, "counted_at": now}),
        (left, {"noted_at": now, "taken_at": now}),
    ):
        rows = [ReadPerson(user_id=user_id, person=pk, **moments) for pk in sorted(ids)]
        ReadPerson.objects.bulk_create(
            rows,
            batch_size=AT_ONCE,
            update_conflicts=True,
            unique_fields=["user", "person"],
            update_fields=list(moments),
        )


def _check_taken(before: queries.ReadAccount, ids: Set[int], exempt: ExemptRecord) -> None:
    """Refuse a file that would make too many people leave by one hand in a day."""
    if exempt.alone_up_to is None or exempt.agreed:
        return
    together = len(before.taken | ids)
    if together > exempt.alone_up_to:
        figures = {"before": len(before.taken), "now": together, "most": exempt.alone_up_to}
        raise Refused(
            TOO_MANY_TAKEN,
            _("近24小时您已导出%(before)d人，加上这份共%(now)d人，超过一人可导出的%(most)d人")
            % figures,
            hint=_("请在查询页申请导出，由第二人同意；或明天再下载。"),
        )


def _used_up(before: queries.ReadAccount, new: Set[int], most: int, role: str) -> Refused:
    read, more = len(before.counted), len(new)
    figures = {"read": read, "more": more, "most": most, "role": str(Role(role).label)}
    sentence = _(
        "近24小时您已看过%(read)d人的信息，再看%(more)d人就超过%(role)s一天%(most)d人的上限"
    )
    need = read + more - most
    hint = _("请加一个条件，分几次看。")
    if need <= read:
        # There is room once that many of the oldest reads are out of the window.
        moment = sorted(before.counted.values())[need - 1]
        free = timezone.localtime(moment + timedelta(hours=rules.WINDOW_HOURS))
        hint = _("%(when)s起可以看这些人。") % {"when": f"{free:%m-%d %H:%M}"}
    hint += _("派给您的走访、填表照常做；上限不够请找街道管理员。")
    return Refused(USED_UP, sentence % figures, hint=hint)


def _add(reader: ReaderAccount, day: date, new: int, most: int | None, people: int) -> bool:
    """Add to the day's figure; say whether the day is unusual now."""
    key, first = day.isoformat(), (day - timedelta(days=rules.KEPT_DAYS)).isoformat()
    if not new:
        return False
    days = {on: n for on, n in reader.days.items() if on >= first}
    reader.days = {**days, key: days.get(key, 0) + new}
    reader.save(update_fields=["days"])
    usual = queries.usual_of(reader, key)
    return rules.is_unusual(
        people=reader.days[key], usual=usual, is_at_limit=most is not None and people >= most
    )


def _alert(scope: Scope, day: date, people: int, *, at_limit: bool) -> None:
    """Tell the auditor once a day; of two at once one does."""
    reader, _made = ReaderAccount.objects.get_or_create(user_id=scope.user_id or 0)
    mine = ReaderAccount.objects.filter(pk=reader.pk).exclude(alerted_on=day)
    # After a refusal it runs when the answer is made, and the request's scope is gone.
    with transaction.atomic(), use_scope(scope):
        if mine.update(alerted_on=day):
            usual = queries.usual_of(reader, day.isoformat())
            report_unusual_day(people=people, usual=usual, is_at_limit=at_limit, by=None)


def _note_list(scope: Scope, listed: ListOf) -> None:
    """Write a list into the journal once a day, however many of its pages are turned."""
    # The key holds what was searched for, which may be a name.
    key = blind_index(listed.key, "list")
    mine: dict[str, Any] = {"user_id": scope.user_id, "on": today(), "key": key}
    # Turning a page of the same list costs a read, not a write.
    if ListRead.objects.filter(**mine).exists():
        return
    with suppress(StorageRefused), unless_there_is_no_room():
        _row, is_first = ListRead.objects.get_or_create(**mine)
        if is_first:
            report_list_read(said=listed.said(), total=listed.total, by=None)


def may_be_told(*, by: User | None) -> bool:
    """What the product writes about reading is nobody's choice."""
    return True


def _own_path() -> str:
    paths = current_scope().paths
    return paths[0] if paths else ""


@action(
    "list.read", term=gettext_noop("查看名单"), may=may_be_told, journal=LIST_READ, by_the_way=True
)
def report_list_read(*, said: str, total: int, by: User | None) -> None:
    """Write down which list of people was read, without a value of anybody on it."""
    data = {"asked": said, "people": total}
    write_journal(LIST_READ, data=data, scope_path=_own_path(), by=by)


@action(
    "read.report_unusual",
    term=gettext_noop("一天看的人比平常多"),
    may=may_be_told,
    journal=UNUSUAL_DAY,
    by_the_way=True,
)
def report_unusual_day(
    *, people: int, usual: float | None, is_at_limit: bool, by: User | None
) -> None:
    """Tell the auditor of one unusual day of one person."""
    data = {"people": people, "usual": usual, "at_limit": is_at_limit}
    write_journal(UNUSUAL_DAY, data=data, scope_path=_own_path(), by=by)


may_set_limits = role_in(rules.MAY_SET_LIMITS)


@action(
    "read.set_limit", term=gettext_noop("改阅读上限"), may=may_set_limits, journal=LIMIT_CHANGED
)
def set_limit(
    *, place: Place, role: str, most: int, by: User | None, since: date | None = None
) -> ReadLimit:
    """Set how many people a role may read in a day at a place and below it."""
    if rules.most_people(role=role) in (None, 0):
        raise Refused("read.no_such_role", _("这个岗位没有上限可改"), "role")
    if not rules.is_a_limit(most=most):
        raise Refused(
            "read.limit",
            _("上限要在%(least)d到%(most)d之间") % {"least": rules.LEAST, "most": rules.MOST},
            "most",
        )
    day = since or today()
    if day < today():
        raise Refused("read.past", _("开始日期不能早于今天"), "since")
    read_limit = ReadLimit(
        place=place, role=role, most=most, since=day, by=by, scope_path=place.path
    )
    read_limit.save()
    write_journal(
        LIMIT_CHANGED, about=read_limit, by=by, data={"role": role, "most": most, "since": str(day)}
    )
    return read_limit


def forget() -> int:
    """Forget who was read and which lists, when their time is over."""
    before = timezone.now() - timedelta(hours=rules.KEPT_HOURS)
    gone, _kinds = ReadPerson.objects.filter(noted_at__lt=before).delete()
    lists, _kinds = ListRead.objects.filter(on__lt=timezone.localtime(before).date()).delete()
    return gone + lists
