"""The claim: the first action that a form leads to takes its key, in its own transaction.

So the database decides: what was done and that its form counts are stored together or not at all,
and of several arrivals at once all but one meet the unique key. A refusal rolls both back.
"""

from __future__ import annotations

import secrets
import time
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from linli.workbench.submissions import rules
from linli.workbench.submissions.models import Submission
from linli.workbench.submissions.terms import SubmissionState

# How long a second arrival waits for the answer to the first, which is just being written.
TRIES, A_MOMENT = 20, 0.1


@dataclass(frozen=True)
class Arrival:
    """A form that has arrived: whose, under which key, holding what."""

    user_id: int
    key: str
    body_hash: str
    number: str = field(default_factory=lambda: secrets.token_hex(16))


class AlreadySent(Exception):
    """This very form was claimed by another arrival: nothing may be done a second time."""


arrived: ContextVar[Arrival | None] = ContextVar("linli_submission", default=None)


def hash_of(path: str, sent: Any, files: Any) -> str:
    """Return what tells one content from another; it can be compared and not be read."""
    lines = [path]
    for name, values in sorted(sent.lists()):
        lines += [f"{name}={value}" for value in values if rules.is_typed(name)]
    for name, several in sorted(files.lists()):
        lines += [f"{name}={one.name} {one.size}" for one in several]
    return salted_hmac("linli.submissions", "\0".join(lines), algorithm="sha256").hexdigest()


def known(arrival: Arrival) -> Submission | None:
    """Return the user's own form of this key, if it was claimed; another user's is never met."""
    rows = Submission.objects.filter(user_id=arrival.user_id, key=arrival.key)
    return rows.first()


def claim() -> None:
    """Claim the form that is being answered; raise if another arrival has."""
    arrival = arrived.get()
    if arrival is None:
        return
    row = known(arrival)
    if row is None:
        row = Submission(
            user_id=arrival.user_id,
            key=arrival.key,
            body_hash=arrival.body_hash,
            arrival=arrival.number,
        )
        try:
            # A savepoint: PostgreSQL accepts nothing more in a transaction whose insert failed.
            with transaction.atomic():
                row.save()
        except IntegrityError as lost:
            raise AlreadySent from lost
    if row.arrival != arrival.number:
        raise AlreadySent


def note_answer(row: Submission, state: SubmissionState, address: str) -> None:
    """Note how a form ended and where its answer stands."""
    address = address if len(address) <= rules.LONGEST_ADDRESS else ""
    Submission.objects.filter(pk=row.pk).update(state=state, answer=address)


def answered(arrival: Arrival) -> Submission | None:
    """Return the form with its answer; one that is being answered right now is waited for."""
    row = known(arrival)
    for _try in range(TRIES):
        if row is None or row.state != SubmissionState.CLAIMED:
            break
        time.sleep(A_MOMENT)
        row = known(arrival)
    return row


def forget() -> int:
    """Forget keys whose time is over."""
    before = timezone.now() - timedelta(days=rules.KEPT_DAYS)
    gone, _kinds = Submission.objects.filter(at__lt=before).delete()
    return gone
