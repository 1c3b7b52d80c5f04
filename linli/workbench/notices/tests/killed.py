"""A process that sends messages, to be killed while it does: see test_killed.py.

``prepare`` makes the installation of LINLI_DATA with a notice to many; ``send`` says "go" and
sends as the product does; ``careless`` sends first and marks afterwards, without an intent;
``settle`` does what a worker does after the crash, ``again`` lets the careless one go on; both
print what is where.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import datetime, timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.settings")
RECIPIENTS = 150
NOON = datetime.fromisoformat("2026-11-23T12:00:00+08:00")


def prepare() -> None:
    """Make the database, the town and the notice."""
    from linli.workbench.notices.tests.conftest import by_phone, told
    from tests import prepared
    from tests.people import a_subdistrict, by_the_system

    with by_the_system():
        prepared.migrate()
    told(a_subdistrict().community, *(by_phone(n) for n in range(RECIPIENTS)))


def send() -> None:
    """Send as a worker does."""
    from linli.workbench.notices import outbox

    outbox.send_queued(now=NOON)


def careless() -> None:
    """Send, then mark: the way that doubles. The negative control."""
    from linli.core.actions import writes_allowed
    from linli.core.scope import system_scope
    from linli.workbench.notices.channels import OutgoingMessage, channel_of
    from linli.workbench.notices.models import Delivery

    channel = channel_of(None)
    assert channel is not None
    with system_scope("the negative control"), writes_allowed("the negative control"):
        for row in Delivery.objects.filter(state="queued"):
            channel.send(OutgoingMessage(row.key, row.subject, row.text, row.phone))
            Delivery.objects.filter(pk=row.pk).update(state="sent")


def settle() -> None:
    """Note what was lost, and send what still waits."""
    from linli.core.scope import system_scope
    from linli.workbench.notices import outbox

    with system_scope("after the crash"):
        outbox.note_lost(after=timedelta(0))
    outbox.send_queued(now=NOON)
    count()


def again() -> None:
    """Let the careless sender start anew."""
    careless()
    count()


def count() -> None:
    """Print the keys by their state."""
    from linli.core.scope import system_scope
    from linli.workbench.notices.models import Delivery

    with system_scope("count"):
        print(json.dumps({row.key: row.state for row in Delivery.objects.all()}))


if __name__ == "__main__":
    import django

    django.setup()
    if sys.argv[1] in ("send", "careless"):
        print("go", flush=True)
    {"prepare": prepare, "send": send, "careless": careless, "settle": settle, "again": again}[
        sys.argv[1]
    ]()
