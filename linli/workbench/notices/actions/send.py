"""Telling: a notice and one delivery for each recipient; the worker sends them afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.core.actions import action, write_journal
from linli.core.errors import Refused
from linli.core.fields import Condition
from linli.core.scope import current_scope
from linli.core.time import today
from linli.register.people.models import Person
from linli.register.posts.models import User
from linli.register.posts.permits import role_in
from linli.workbench.conditions import queries as conditions
from linli.workbench.notices import rules
from linli.workbench.notices.actions.endings import has_died
from linli.workbench.notices.addresses import link_of
from linli.workbench.notices.models import ChannelSetting, Delivery, Notice, Template
from linli.workbench.notices.queries import people_of
from linli.workbench.notices.recipients import (
    Recipient,
    channel_of,
    delivery_key,
    recipient_of,
    token_index,
    token_of,
)
from linli.workbench.notices.terms import WAITING, ChannelKind, DeliveryState, NoticeState

may_tell = role_in(rules.MAY_TELL)
may_send = role_in(rules.MAY_SEND)
AT_ONCE = 500
ALSO_ON_PAGES_OF = 20  # a notice to more people than this stands on its own page alone


@action("notice.tell", term=gettext_noop("通知"), may=may_tell, journal="notice.told")
def send_notice(
    *,
    key: str,
    about: models.Model | None,
    recipients: Sequence[Recipient],
    subject: str,
    text: str,
    by: User | None,
    urgent: bool = False,
    confidential: bool = False,
) -> Notice:
    """Tell somebody something; the same key twice is one notice, and nobody hears it twice."""
    path = getattr(about, "scope_path", "") or _own_path()
    notice, is_new = _noted(
        key,
        about,
        path,
        subject=subject,
        text=text,
        by=by,
        urgent=urgent,
        confidential=confidential,
    )
    if is_new:
        _deliver(notice, recipients, path_of=lambda _: path, fills=False)
    known = [recipient.person for recipient in recipients if recipient.person is not None][
        :ALSO_ON_PAGES_OF
    ]
    also = [about, *known] if about is not None else known
    # A confidential case gives its journal entries no text (decision 0014).
    words = _("保密事项") if confidential else subject.strip()
    data: dict[str, Any] = {"recipients": len(recipients), "urgent": urgent}
    if not is_new:
        data["again"] = True
        # The notice stands on those pages since the first time.
        also = []
    write_journal("notice.told", about=notice, also=also, text=words, data=data, by=by)
    return notice


@action("notice.send", term=gettext_noop("群发通知"), may=may_send, journal="notice.sent_out")
def tell_condition(
    *,
    condition: Condition | None,
    template: Template | None = None,
    by: User,
    key: str,
    subject: str = "",
    text: str = "",
    urgent: bool = False,
    groups: Sequence[ChannelSetting] = (),
    expected: int | None = None,
) -> Notice:
    """Tell everybody a condition fits and the members of work groups; ``expected`` people."""
    subject = subject or (template.subject if template else "")
    text = text or (template.text if template else "")
    check_placeholders(subject, text)
    people = people_of(condition) if condition is not None else []
    _check_number(len(people), len(groups), expected)
    in_words = conditions.condition_text(condition) or _("全部") if condition is not None else ""
    notice, is_new = _noted(
        key, None, _own_path(), subject=subject, text=text, by=by, urgent=urgent, said=in_words
    )
    if is_new:
        everybody = [recipient_of(person) for person in people]
        everybody += [
            Recipient(channel_setting.name, group=channel_setting) for channel_setting in groups
        ]
        _deliver(
            notice,
            everybody,
            path_of=lambda recipient: (
                recipient.person.scope_path if recipient.person else notice.scope_path
            ),
        )
    data = {"recipients": len(people) + len(groups), "condition": in_words, "urgent": urgent}
    write_journal("notice.sent_out", about=notice, text=subject.strip(), data=data, by=by)
    return notice


@action("notice.try", term=gettext_noop("试发通知"), may=may_send, journal="notice.tried")
def try_notice(*, key: str, subject: str, text: str, by: User, phone: str = "") -> Notice:
    """Send a text to oneself first: as a message in the product, and to a phone number if given."""
    check_placeholders(subject, text)
    path = _own_path()
    notice, is_new = _noted(
        # A key of its own: a trial must not be taken for the notice itself.
        f"try:{key}",
        None,
        path,
        subject=subject,
        text=text,
        by=by,
        urgent=True,
        is_trial=True,
    )
    if is_new:
        mine = [Recipient(by.name, user=by)]
        if phone.strip():
            recipient = Recipient(by.name, phone=phone.strip())
            if channel_of(recipient) != ChannelKind.SMS:
                raise Refused("notice.phone", _("请填11位手机号码"), "phone")
            mine.append(recipient)
        _deliver(notice, mine, path_of=lambda _: path)
    write_journal("notice.tried", about=notice, text=subject.strip(), by=by)
    return notice


@action("notice.stop", term=gettext_noop("停止发送"), may=may_send, journal="notice.stopped")
def stop_notice(*, notice: Notice, by: User) -> Notice:
    """Stop what has not gone out yet; what is going out in this moment cannot be called back."""
    changed = Notice.objects.filter(pk=notice.pk, state=NoticeState.OPEN).update(
        state=NoticeState.STOPPED, stopped_at=timezone.now()
    )
    notice.refresh_from_db()
    if not changed:
        raise Refused("notice.stopped", _("这条通知已经停止了"))
    not_sent = Delivery.objects.filter(notice=notice, state__in=WAITING).update(
        state=DeliveryState.STOPPED
    )
    data = {"not_sent": not_sent}
    write_journal("notice.stopped", about=notice, text=notice.subject, data=data, by=by)
    return notice


def _own_path() -> str:
    """Return where a notice lies that is about no record: the place of whoever tells."""
    paths = current_scope().paths
    if not paths:
        raise Refused("notice.no_place", _("您现在的岗位没有范围，不能发通知"))
    return paths[0]


def check_placeholders(subject: str, text: str) -> None:
    """Refuse what stands in braces and is no placeholder, and a link without an address."""
    for field, value in (("subject", subject), ("text", text)):
        wrong = rules.wrong_placeholders(value)
        if wrong:
            raise Refused(
                "notice.placeholder",
                _("不认识“%(words)s”") % {"words": "、".join(wrong)},
                field,
                _("可以用：") + "".join(f"{{{placeholder}}}" for placeholder in rules.PLACEHOLDERS),
            )
    if rules.asks_for(text, "链接") and not link_of("x"):
        raise Refused(
            "notice.no_address",
            _("还没有设置对外网址，不能用{链接}"),
            "text",
            _("请管理员设置 LINLI_ORIGINS。"),
        )


def text_for(text: str, person: Person | None) -> str:
    """Return a text as one resident would read it, or with its placeholders as they stand."""
    if person is None:
        return text
    to = recipient_of(person)
    return rules.filled(text, _values(to, link_of("…")))


def _values(to: Recipient, link: str) -> dict[str, str]:
    name = to.name if to.group is None else _("各位")
    return {"姓名": name, "地点": to.address, "日期": today().isoformat(), "链接": link}


def check_words(subject: str, text: str) -> None:
    """Refuse a text that cannot be sent."""
    _check_lengths(subject.strip(), text.strip())
    check_placeholders(subject, text)


def _check_lengths(subject: str, text: str) -> None:
    if not subject or not text:
        raise Refused("notice.empty", _("请写标题和内容"), "text" if subject else "subject")
    for field, value, most in (
        ("subject", subject, rules.LONGEST_SUBJECT),
        ("text", text, rules.LONGEST_TEXT),
    ):
        if len(value) > most:
            figures = {"most": most, "now": len(value)}
            raise Refused("notice.long", _("最多%(most)s字，现在%(now)s字") % figures, field)


def _check_number(people: int, groups: int, expected: int | None) -> None:
    if not people and not groups:
        raise Refused("notice.nobody", _("这个条件下没有人"), "audience", _("换一个条件试试。"))
    if people > rules.MOST_RECIPIENTS:
        figures = {"most": rules.MOST_RECIPIENTS, "now": people}
        raise Refused("notice.many", _("一次最多%(most)s人，现在%(now)s人") % figures, "audience")
    # Somebody came or left since the sender looked: they look again before it goes out.
    if expected is not None and people != expected:
        figures = {"before": expected, "now": people}
        raise Refused(
            "notice.changed",
            _("人数变了：刚才%(before)s人，现在%(now)s人") % figures,
            hint=_("请再看一遍，再发。"),
        )


def _noted(
    key: str,
    about: models.Model | None,
    path: str,
    *,
    subject: str,
    text: str,
    by: User | None,
    urgent: bool,
    said: str = "",
    confidential: bool = False,
    is_trial: bool = False,
) -> tuple[Notice, bool]:
    """Write the notice down, or return the one that this key already made."""
    subject, text = subject.strip(), text.strip()
    _check_lengths(subject, text)
    notice = Notice(
        key=key,
        subject=subject,
        text=text,
        by=by,
        urgent=urgent,
        condition_text=said,
        confidential=confidential,
        is_trial=is_trial,
        scope_path=path,
        subject_kind=about._meta.label_lower if about is not None else "",
        subject_id=about.pk if about is not None else None,
    )
    try:
        # A savepoint: PostgreSQL accepts nothing more in a transaction whose insert failed.
        with transaction.atomic():
            notice.save()
    except IntegrityError:
        already: Notice | None = Notice.objects.filter(key=key).first()
        if already is None:
            raise
        return already, False
    return notice, True


def _deliver(
    notice: Notice,
    recipients: Iterable[Recipient],
    *,
    path_of: Callable[[Recipient], str],
    fills: bool = True,
) -> None:
    """Write one delivery for each recipient, once."""
    rows: dict[str, Delivery] = {}
    for recipient in recipients:
        delivery = _delivery(notice, recipient, path_of(recipient), fills=fills)
        rows.setdefault(delivery.key, delivery)
    Delivery.objects.bulk_create(list(rows.values()), batch_size=AT_ONCE)


def _delivery(notice: Notice, to: Recipient, path: str, *, fills: bool) -> Delivery:
    key, channel, died = delivery_key(notice.key, to), channel_of(to), has_died(to.person)
    token = token_of(key)
    values = _values(to, link_of(token))
    # What an app tells is said as it is: a brace in somebody's own words is no placeholder.
    subject, text = (
        rules.filled(words, values) if fills else words for words in (notice.subject, notice.text)
    )
    states: dict[str, str] = {
        # A message in the product has arrived as soon as it is written.
        ChannelKind.INBOX: DeliveryState.SENT,
        ChannelKind.CALL: DeliveryState.TO_CALL,
    }
    return Delivery(
        notice=notice,
        key=key,
        name=to.name[:60],
        phone=to.number,
        email=to.email,
        user=to.user,
        person=to.person,
        report_key=to.report_key,
        channel=channel,
        via=to.group,
        subject=subject,
        text=text,
        urgent=notice.urgent,
        confidential=notice.confidential,
        by=notice.by,
        state=DeliveryState.STOPPED if died else states.get(channel, DeliveryState.QUEUED),
        error=_("居民已故") if died else "",
        sent_at=timezone.now() if channel == ChannelKind.INBOX else None,
        token_index=token_index(token),
        scope_path=path,
    )
