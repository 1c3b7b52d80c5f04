"""The outbox: write the intent, send with the idempotency key, then write down how it ended.

Claim-then-send alone would lose a message, send-then-mark would double it. Here a try is written
down first and committed; if the process dies in between, the row says that a try began and nobody
knows how it ended: it becomes "unknown", is listed, and a person decides.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import OperationalError, connection
from django.db.models import F, Q
from django.utils import timezone

from linli.core.actions import writes_allowed
from linli.core.logger import get_logger
from linli.core.personal_data.crypto import CannotOpen
from linli.core.personal_data.unreadable import is_unreadable
from linli.core.scope import system_scope
from linli.core.time.today import CHINA
from linli.register.people.terms import PersonStatus
from linli.workbench.notices import rules
from linli.workbench.notices.addresses import link_of
from linli.workbench.notices.channels import (
    Channel,
    OutgoingMessage,
    Receipt,
    SendOutcome,
    channel_of,
)
from linli.workbench.notices.models import ChannelSetting, Delivery, Notice
from linli.workbench.notices.recipients import token_of
from linli.workbench.notices.terms import GROUPS, ChannelKind, DeliveryState, NoticeState

log = get_logger(__name__)
MOST_AT_ONCE = 1000
BATCH = 100
LONGEST_ROUND = 60.0  # seconds; the worker has other things to do, the rest waits for the next
NOTED_WITHIN = 3  # tries: a database that is busy for a moment leaves nothing unknown
WITH_LINK = (ChannelKind.SMS, ChannelKind.EMAIL)


@contextmanager
def _noting() -> Iterator[None]:
    """Let the outbox note what becomes of messages: nobody does anything here."""
    with writes_allowed("the outbox notes what becomes of each message"):
        yield


@dataclass
class _Ways:
    """The channels of one round: looked up once, and left alone once they failed."""

    settings: list[ChannelSetting]
    now: datetime
    resting: set[int | None] = field(default_factory=set)

    def way(self, delivery: Delivery) -> tuple[ChannelSetting | None, Channel | None]:
        """Return the setting and the channel of a delivery; no channel: it waits."""
        setting = self._setting(delivery)
        key = setting.pk if setting else None
        # Only SMS has a way without a setting: the file of development.
        if key in self.resting or (setting is None and delivery.channel != ChannelKind.SMS):
            return None, None
        if setting is not None and not (
            setting.is_active and rules.is_due(next_try=setting.next_try_at, now=self.now)
        ):
            return None, None
        return setting, channel_of(setting)

    def _setting(self, delivery: Delivery) -> ChannelSetting | None:
        """Return the group's own setting, else the nearest active one above the recipient."""
        if delivery.channel in GROUPS:
            return next(
                (setting for setting in self.settings if setting.pk == delivery.via_id), None
            )
        above = [
            setting
            for setting in self.settings
            if setting.kind == delivery.channel
            and setting.is_active
            and delivery.scope_path.startswith(setting.scope_path)
        ]
        return max(above, key=lambda one: len(one.scope_path), default=None)


def send_queued(*, most: int = MOST_AT_ONCE, now: datetime | None = None) -> int:
    """Send what waits and may go out now; return how many were taken by the other side.

    Several workers may run at once. Called outside any transaction, so that an intent is on disk
    before its message leaves.
    """
    # Tests run inside a transaction of their own.
    if connection.in_atomic_block and not settings.TESTING:
        raise RuntimeError("the outbox sends outside transactions: an intent is committed first")
    moment = now or timezone.now()
    sent, began = 0, time.monotonic()
    with system_scope("messages go out, wherever their recipients live"):
        note_lost(now=moment)
        _note_stopped()
        ways = _Ways(list(ChannelSetting.objects.all()), moment)
        for delivery in _due(moment):
            setting, channel = ways.way(delivery)
            if channel is None:
                continue
            outcome = _send_one(delivery, channel)
            if outcome in (SendOutcome.DOWN, SendOutcome.UNKNOWN):
                # The channel pauses, not the message: of a thousand waiting ones one is tried.
                ways.resting.add(setting.pk if setting else None)
            if outcome is not None:
                _note_channel(setting, outcome, delivery, moment)
            sent += outcome is SendOutcome.TAKEN
            # What another worker had taken is not one of this round.
            most -= outcome is not None
            if most <= 0 or time.monotonic() - began > LONGEST_ROUND:
                break
    return sent


def _due(now: datetime) -> Iterator[Delivery]:
    """Return what may go out now, in batches: no read stays open while a message is sent."""
    open_ones = Notice.objects.filter(state=NoticeState.OPEN).values("pk")
    rows = Delivery.objects.filter(state=DeliveryState.QUEUED, notice_id__in=open_ones)
    rows = rows.exclude(person__status=PersonStatus.DIED)
    if not rules.may_send_at(at=now.astimezone(CHINA), urgent=False):
        rows = rows.filter(urgent=True)
    keys = list(rows.order_by("-urgent", "pk").values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        batch = Delivery.objects.in_bulk(keys[start : start + BATCH])
        yield from (batch[key] for key in keys[start : start + BATCH] if key in batch)


def _send_one(delivery: Delivery, channel: Channel) -> SendOutcome | None:
    """Claim one delivery, send it, write down how it ended; None when another worker has it."""
    attempt = claim(delivery.pk)
    if attempt is None:
        return None
    try:
        receipt = channel.send(_message(delivery))
    except CannotOpen as wrong:  # nothing was sent: the words of a cell are no message
        receipt = Receipt(SendOutcome.REFUSED, words=str(wrong.sentence))
    except Exception as error_text:  # whatever it was: nobody knows whether it went out
        log.exception("a channel failed", channel=delivery.channel, delivery=delivery.pk)
        receipt = Receipt(SendOutcome.UNKNOWN, words=type(error_text).__name__)
    for left in reversed(range(NOTED_WITHIN)):
        try:
            write_attempt(delivery.pk, attempt, receipt)
            break
        except OperationalError:
            if not left:
                raise
    return receipt.outcome


def send_now(setting: ChannelSetting, message: OutgoingMessage) -> Receipt:
    """Send one message of a test while somebody waits for what comes back."""
    if connection.in_atomic_block and not settings.TESTING:
        raise RuntimeError("a test goes out outside transactions, as all messages do")
    try:
        channel = channel_of(setting)
        return channel.send(message) if channel else Receipt(SendOutcome.DOWN)
    except Exception as error_text:  # as in a round: nobody knows whether it went out
        log.exception("a channel failed in a test", channel=setting.kind)
        return Receipt(SendOutcome.UNKNOWN, words=type(error_text).__name__)


def claim(pk: int) -> str | None:
    """Write the intent to send one delivery; of several workers one gets it."""
    attempt = uuid.uuid4().hex
    with _noting():
        mine = Delivery.objects.filter(pk=pk, state=DeliveryState.QUEUED).update(
            state=DeliveryState.SENDING,
            attempt=attempt,
            claimed_at=timezone.now(),
            tries=F("tries") + 1,
            error="",
        )
    return attempt if mine else None


def write_attempt(pk: int, attempt: str, receipt: Receipt) -> None:
    """Write down how one try ended; a try that was given up meanwhile changes only what it knows.

    A slow answer still settles a row that became unknown; it never touches a later try.
    """
    rows = Delivery.objects.filter(
        pk=pk, attempt=attempt, state__in=(DeliveryState.SENDING, DeliveryState.UNKNOWN)
    )
    error = receipt.words[:200]
    with _noting():
        if receipt.outcome is SendOutcome.TAKEN:
            rows.update(
                state=DeliveryState.SENT, sent_at=timezone.now(), reference=receipt.reference[:80]
            )
        elif receipt.outcome is SendOutcome.REFUSED:
            rows.update(state=DeliveryState.FAILED, error=error)
        elif receipt.outcome is SendOutcome.UNKNOWN:
            rows.update(state=DeliveryState.UNKNOWN, error=error)
        else:
            rows.update(state=DeliveryState.QUEUED, attempt="", claimed_at=None, error=error)


def _note_stopped() -> None:
    """Stop what waits of a stopped notice: it was being tried, or unknown, when it was stopped."""
    stopped = Notice.objects.filter(state=NoticeState.STOPPED).values("pk")
    with _noting():
        Delivery.objects.filter(state=DeliveryState.QUEUED, notice_id__in=stopped).update(
            state=DeliveryState.STOPPED
        )


def note_lost(*, now: datetime | None = None, after: timedelta = rules.SENDING_AT_MOST) -> int:
    """Make the tries "unknown" of which nothing was heard for so long."""
    moment = now or timezone.now()
    # A time so far ahead comes from a clock that was set back.
    gone = Q(claimed_at__lt=moment - after) | Q(claimed_at__gt=moment + after)
    with _noting():
        return int(
            Delivery.objects.filter(gone, state=DeliveryState.SENDING).update(
                state=DeliveryState.UNKNOWN
            )
        )


def _note_channel(
    setting: ChannelSetting | None, outcome: SendOutcome, delivery: Delivery, now: datetime
) -> None:
    """Note on its setting how a channel is doing."""
    if setting is None:
        return
    mine = ChannelSetting.objects.filter(pk=setting.pk)
    with _noting():
        # A refusal is an answer too: the channel works.
        if outcome in (SendOutcome.TAKEN, SendOutcome.REFUSED):
            if setting.failures:
                mine.update(failures=0, down_since=None, next_try_at=None, last_error="")
                setting.failures = 0
            return
        delivery.refresh_from_db(fields=["error"])
        setting.failures += 1
        mine.update(
            failures=F("failures") + 1,
            down_since=setting.down_since or now,
            next_try_at=now + rules.wait_after(failures=setting.failures),
            last_error=delivery.error[:200],
        )


def _message(delivery: Delivery) -> OutgoingMessage:
    """Return what goes out: a personal link comes last, when residents can reach this product."""
    text = delivery.text
    if delivery.channel in WITH_LINK:
        link = link_of(token_of(delivery.key))
        # The sender may have put the link into the text.
        if link and link not in text:
            text = f"{text}\n{link}"
    to = delivery.email if delivery.channel == ChannelKind.EMAIL else delivery.phone
    if any(is_unreadable(value) for value in (delivery.subject, delivery.text, to)):
        raise CannotOpen
    return OutgoingMessage(delivery.key, delivery.subject, text, to, delivery.urgent)
