"""A process that sends webhooks, to be killed while it does: see test_killed.py.

``prepare`` makes the installation of LINLI_DATA with messages to LINLI_RECEIVER; ``send`` says "go"
and sends as the worker does; ``settle`` does what a worker does after the crash and prints each
message's id and state; ``careless`` sends first and marks afterwards, without a claim.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.settings")
MESSAGES = 40


def prepare() -> None:
    """Make the database, the town, the address and the messages."""
    from linli.capabilities.cases.terms import ProgramEvent as Event
    from linli.capabilities.cases.tests.builders import a_case, a_station
    from linli.core.scope import use_scope
    from linli.core.time import today
    from linli.register.posts.queries import scope_of
    from linli.workbench.webhooks import actions
    from tests import prepared
    from tests.people import by_the_system

    with by_the_system():
        prepared.migrate()
    with by_the_system():
        station = a_station()
    with use_scope(scope_of(station.officer, today())):
        actions.add_webhook(
            name="区城运中心",
            url=os.environ["LINLI_RECEIVER"],
            events=[Event.RECEIVED],
            by=station.officer,
        )
    for number in range(MESSAGES):
        a_case(station, f"第{number}件")


def send() -> None:
    """Send as a worker does."""
    from linli.workbench.webhooks import outbox

    while outbox.send_due():
        pass


def careless() -> None:
    """Send, then mark: the way that doubles. The negative control."""
    from linli.core.actions import writes_allowed
    from linli.core.scope import system_scope
    from linli.workbench.webhooks import outbox
    from linli.workbench.webhooks.models import WebhookDelivery

    with system_scope("the negative control"), writes_allowed("the negative control"):
        for row in WebhookDelivery.objects.filter(state="queued").select_related("webhook"):
            outbox._send(row)
            WebhookDelivery.objects.filter(pk=row.pk).update(state="sent")


def settle() -> None:
    """Note what was lost, send what still waits, and print what is where."""
    import time_machine
    from django.utils import timezone

    from linli.workbench.webhooks import outbox
    from linli.workbench.webhooks.rules import CLAIM_MINUTES

    with time_machine.travel(timezone.now() + timedelta(minutes=CLAIM_MINUTES + 1), tick=False):
        while outbox.send_due():
            pass
    count()


def again() -> None:
    """Let the careless sender start anew."""
    careless()
    count()


def count() -> None:
    """Print the ids by their state."""
    from linli.core.scope import system_scope
    from linli.workbench.webhooks.models import WebhookDelivery

    with system_scope("count"):
        print(json.dumps({row.message_id: row.state for row in WebhookDelivery.objects.all()}))


if __name__ == "__main__":
    import django

    django.setup()
    if sys.argv[1] in ("send", "careless"):
        print("go", flush=True)
    {"prepare": prepare, "send": send, "settle": settle, "careless": careless, "again": again}[
        sys.argv[1]
    ]()
