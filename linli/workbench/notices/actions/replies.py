"""The personal link: somebody without an account says that they have read it, and answers."""

from __future__ import annotations

from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.core.actions import action, write_journal
from linli.core.errors import Refused
from linli.core.scope import current_scope
from linli.register.posts.models import User
from linli.register.posts.permits import SYSTEM
from linli.workbench.notices import rules
from linli.workbench.notices.models import Delivery


def may_answer(*, delivery: Delivery, by: User | None) -> bool:
    """Whoever holds the personal link (its page opens the door), or the user it was sent to."""
    return current_scope().role == SYSTEM or (by is not None and delivery.user_id == by.pk)


@action("notice.answer", term=gettext_noop("回复通知"), may=may_answer, journal="notice.read")
def answer_notice(*, delivery: Delivery, by: User | None, words: str = "") -> Delivery:
    """Note that a message was read, and the short answer if there is one."""
    reply = words.strip()
    if len(reply) > rules.LONGEST_ANSWER:
        figures = {"most": rules.LONGEST_ANSWER, "now": len(reply)}
        raise Refused("notice.long", _("最多%(most)s字，现在%(now)s字") % figures, "words")
    moment = timezone.now()
    # The first time stays, however often the link is opened again.
    changes: dict[str, object] = {"read_at": Coalesce(F("read_at"), moment)}
    if reply:
        changes |= {"answer": reply, "answered_at": moment}
    Delivery.objects.filter(pk=delivery.pk).update(**changes)
    delivery.refresh_from_db()
    also = [delivery.person] if delivery.person is not None and reply else []
    write_journal(
        "notice.read",
        about=delivery,
        also=also,
        text=delivery.name,
        data={"delivery": delivery.pk, "answered": bool(reply)},
        by=by,
    )
    return delivery
