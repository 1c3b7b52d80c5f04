"""Rows of notices and deliveries under the active scope, and the doors past it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.db.models import Count, Q, QuerySet

from linli.core.errors import NotFound
from linli.core.scope import current_scope, one_or_not_found, system_scope
from linli.register.people.terms import PersonStatus
from linli.register.posts.models import User
from linli.workbench.notices.models import ChannelSetting, Delivery, Notice, Template
from linli.workbench.notices.recipients import token_index
from linli.workbench.notices.terms import GROUPS, STILL_TO_CALL, ChannelKind, DeliveryState

MOST_SHOWN = 200
SEES_THE_SYSTEMS_OWN = frozenset({"secretary", "subdistrict_officer", "system"})


def notices() -> QuerySet[Notice]:
    """Return the notices of the scope, the latest first; a confidential one only to its sender.

    Trials to oneself stand among one's messages and nowhere else.
    """
    rows: QuerySet[Notice] = Notice.objects.select_related("by").filter(is_trial=False)
    return rows.filter(_may_see()).order_by("-pk")


def _may_see() -> Q:
    """Leave confidential ones to their sender; what the product itself sent, to who leads here."""
    scope = current_scope()
    seen = Q(confidential=False) | Q(by_id=scope.user_id)
    # What the product sent by itself has no sender who could see it.
    return seen | Q(by__isnull=True) if scope.role in SEES_THE_SYSTEMS_OWN else seen


def notice_or_not_found(pk: int) -> Notice:
    """Return one notice of the scope."""
    return one_or_not_found(notices(), pk=pk)


def _visible() -> QuerySet[Delivery]:
    # A notice of the place above is not in the scope of who makes its calls: it is not joined.
    rows: QuerySet[Delivery] = Delivery.objects.select_related("person", "called_by")
    return rows.filter(_may_see())


def deliveries_of(notice: Notice) -> QuerySet[Delivery]:
    """Return the recipients of a notice, what needs a person first."""
    order = models.Case(
        models.When(state__in=(DeliveryState.UNKNOWN, DeliveryState.FAILED), then=0),
        models.When(state__in=STILL_TO_CALL, then=1),
        default=2,
        output_field=models.IntegerField(),
    )
    rows: QuerySet[Delivery] = Delivery.objects.filter(notice=notice).select_related("person")
    return rows.order_by(order, "pk")


def delivery_or_not_found(pk: int) -> Delivery:
    """Return one recipient's message of the scope."""
    return one_or_not_found(_visible(), pk=pk)


def deliveries_about(record: models.Model) -> QuerySet[Delivery]:
    """Return who was told what about a record; of a person, also what they were told."""
    notices_about = Notice.objects.filter(
        subject_kind=record._meta.label_lower, subject_id=record.pk
    )
    about = Q(notice_id__in=notices_about.values("pk"))
    if record._meta.label_lower == "people.person":
        about |= Q(person_id=record.pk)
    return _visible().filter(about).order_by("-pk")


def to_settle() -> QuerySet[Delivery]:
    """Return what the product does not know or could not do: a person decides."""
    states = (DeliveryState.UNKNOWN, DeliveryState.FAILED)
    return _visible().filter(state__in=states).order_by("pk")


def call_list(notice_id: int | None = None) -> QuerySet[Delivery]:
    """Return who is still to be called, door by door."""
    rows = _visible().filter(state__in=STILL_TO_CALL).exclude(person__status=PersonStatus.DIED)
    if notice_id is not None:
        rows = rows.filter(notice_id=notice_id)
    return rows.select_related("person__home").order_by("-urgent", "scope_path", "pk")


def inbox_of(user: User) -> list[Delivery]:
    """Return the messages to a user, wherever what they are about lies; the latest first."""
    with system_scope("my own messages, whichever post I work in now"):
        rows = Delivery.objects.filter(user=user).order_by("-pk")[:MOST_SHOWN]
        # Read here: outside of this scope the rows may not be touched.
        return list(rows)


def unread(user: User) -> int:
    """Count the messages that a user has not opened."""
    with system_scope("my own messages, whichever post I work in now"):
        return int(Delivery.objects.filter(user=user, read_at__isnull=True).count())


def own_message(user: User, pk: int) -> Delivery:
    """Return one message to a user."""
    with system_scope("my own messages, whichever post I work in now"):
        delivery: Delivery | None = (
            Delivery.objects.select_related("notice").filter(user=user, pk=pk).first()
        )
    if delivery is None:
        raise NotFound()
    return delivery


def delivery_by_token(token: str) -> Delivery | None:
    """Return the message that a personal link opens; the caller stands in the system's scope."""
    rows = Delivery.objects.select_related("notice", "person")
    delivery: Delivery | None = rows.filter(token_index=token_index(token)).first()
    return delivery


def templates_here() -> QuerySet[Template]:
    """Return the texts that may be used here: one's own and those from above."""
    rows: QuerySet[Template] = Template.objects.filter(ended=False)
    return rows


def channels_here() -> QuerySet[ChannelSetting]:
    """Return the ways out of this place and of those above."""
    rows: QuerySet[ChannelSetting] = ChannelSetting.objects.order_by("kind", "name")
    return rows


def groups_here() -> QuerySet[ChannelSetting]:
    """Return the work groups that can be told."""
    return channels_here().filter(kind__in=GROUPS, is_active=True)


@dataclass(frozen=True)
class DeliveryCounts:
    """How far a notice has come; every recipient is in exactly one of the first six."""

    total: int = 0
    waiting: int = 0
    told: int = 0
    failed: int = 0
    unknown: int = 0
    to_call: int = 0
    stopped: int = 0
    read: int = 0
    answered: int = 0


def _of(**where: object) -> Count:
    return Count("pk", filter=Q(**where))


FIGURES = {
    "total": Count("pk"),
    "waiting": _of(state__in=(DeliveryState.QUEUED, DeliveryState.SENDING)),
    "told": _of(state__in=(DeliveryState.SENT, DeliveryState.REACHED)),
    "failed": _of(state=DeliveryState.FAILED),
    "unknown": _of(state=DeliveryState.UNKNOWN),
    "to_call": _of(state__in=STILL_TO_CALL),
    "stopped": _of(state=DeliveryState.STOPPED),
    "read": _of(read_at__isnull=False),
    "answered": _of(answered_at__isnull=False),
}


def counts_of(rows: QuerySet[Delivery]) -> DeliveryCounts:
    """Count by state, in one question."""
    return DeliveryCounts(**rows.order_by().aggregate(**FIGURES))


def counts_of_many(keys: Iterable[int]) -> dict[int, DeliveryCounts]:
    """Count several notices, in one question."""
    rows = Delivery.objects.filter(notice_id__in=list(keys)).order_by().values("notice_id")
    return {
        row.pop("notice_id"): DeliveryCounts(**row) for row in rows.annotate(**FIGURES).order_by()
    }


def numbers_by_state() -> dict[str, int]:
    """Count the messages of the scope by their state."""
    rows = Delivery.objects.order_by().values_list("state").annotate(number=Count("pk"))
    return dict(rows)


def oldest_waiting() -> datetime | None:
    """Return since when the oldest message waits to go out."""
    rows = Delivery.objects.filter(state=DeliveryState.QUEUED).order_by("made_at")
    since: datetime | None = rows.values_list("made_at", flat=True).first()
    return since


def waiting_without_a_way(*, sms_to_file: bool) -> dict[str, int]:
    """Count what waits by the kinds of channel that nobody has set up; they wait for ever.

    SMS is named even when nothing waits: sooner or later something will.
    """
    there = set(channels_here().filter(is_active=True).values_list("kind", flat=True))
    rows = Delivery.objects.filter(state=DeliveryState.QUEUED).order_by()
    waiting = dict(rows.values_list("channel").annotate(number=Count("pk")))
    lacking = {ChannelKind.SMS, ChannelKind.EMAIL} - there
    if sms_to_file:
        lacking.discard(ChannelKind.SMS)
    return {
        str(kind): waiting.get(kind, 0)
        for kind in sorted(lacking)
        if kind == ChannelKind.SMS or waiting.get(kind)
    }
