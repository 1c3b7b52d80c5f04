"""The call list: who has no phone that reads, called or visited one by one."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.core.actions import action, write_journal
from linli.core.errors import Refused
from linli.core.time import today
from linli.register.people.actions import record_contact
from linli.register.people.terms import ContactChannel
from linli.register.posts.models import User
from linli.workbench.notices import rules
from linli.workbench.notices.actions.endings import check_not_died
from linli.workbench.notices.actions.send import may_send
from linli.workbench.notices.models import Delivery
from linli.workbench.notices.terms import STILL_TO_CALL, DeliveryState


@action("notice.call", term=gettext_noop("记下通话"), may=may_send, journal="notice.called")
def note_call(*, delivery: Delivery, reached: bool, by: User, answer: str = "") -> Delivery:
    """Note that somebody was reached or not, and what they said."""
    reply = answer.strip()
    if len(reply) > rules.LONGEST_ANSWER:
        figures = {"most": rules.LONGEST_ANSWER, "now": len(reply)}
        raise Refused("notice.long", _("最多%(most)s字，现在%(now)s字") % figures, "answer")
    moment = timezone.now()
    changes: dict[str, object] = {"called_by": by}
    if reached:
        changes |= {"state": DeliveryState.REACHED, "sent_at": moment, "read_at": moment}
    else:
        changes |= {"state": DeliveryState.NOT_REACHED}
    if reply:
        changes |= {"answer": reply, "answered_at": moment}
    # Two people may work through the same list: the first answer stays.
    changed = Delivery.objects.filter(pk=delivery.pk, state__in=STILL_TO_CALL).update(**changes)
    delivery.refresh_from_db()
    if not changed:
        raise Refused("notice.called", _("这一位已经记过了"))
    also = [delivery.person] if delivery.person is not None else []
    write_journal(
        "notice.called",
        about=delivery,
        also=also,
        text=delivery.name,
        data={"delivery": delivery.pk, "reached": reached},
        by=by,
    )
    # A confidential notice leaves no trace on the person's page.
    if reached and delivery.person is not None and not delivery.confidential:
        channel = ContactChannel.PHONE if delivery.phone else ContactChannel.VISIT
        record_contact(
            person=delivery.person,
            channel=channel,
            on=today(),
            by=by,
            step=f"notice.call:{delivery.pk}",
        )
    return delivery


@action(
    "notice.show_number",
    term=gettext_noop("查看通知单号码"),
    may=may_send,
    journal="notice.number_shown",
)
def show_number(*, delivery: Delivery, by: User) -> str:
    """Show the number of somebody who is to be called; the notice is the purpose."""
    check_not_died(delivery)
    if delivery.state not in STILL_TO_CALL:
        raise Refused("notice.called", _("这一位已经记过了"))
    also = [delivery.person] if delivery.person is not None else []
    write_journal(
        "notice.number_shown",
        about=delivery,
        also=also,
        text=delivery.name,
        data={"delivery": delivery.pk},
        by=by,
    )
    return str(delivery.phone)


@action(
    "notice.call_sheet", term=gettext_noop("打印通知单"), may=may_send, journal="notice.sheet_taken"
)
def take_call_sheet(*, deliveries: Sequence[Delivery], by: User) -> Sequence[Delivery]:
    """Take the call list away on paper or as a table, with the numbers on it."""
    if not deliveries:
        raise Refused("notice.none_to_call", _("没有要打的电话"))
    if len(deliveries) > rules.MOST_ON_CALL_SHEET:
        figures = {"most": rules.MOST_ON_CALL_SHEET, "now": len(deliveries)}
        raise Refused(
            "notice.sheet_long",
            _("一张单子最多%(most)s人，现在%(now)s人") % figures,
            hint=_("请按通知分别打印。"),
        )
    write_journal(
        "notice.sheet_taken",
        about=deliveries[0],
        text=deliveries[0].subject,
        # Each of them reads on their own page that their number went out on paper.
        also=[delivery.person for delivery in deliveries if delivery.person is not None],
        data={"rows": len(deliveries)},
        by=by,
    )
    return deliveries
