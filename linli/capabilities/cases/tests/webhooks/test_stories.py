"""Other programs hear of cases: stories from the step of a case to the message at the receiver."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from linli.capabilities.cases import actions as cases
from linli.capabilities.cases.models import Case
from linli.capabilities.cases.terms import ProgramEvent as Event
from linli.capabilities.cases.tests.builders import Station, a_case, a_station
from linli.core.actions import writes_allowed
from linli.core.errors import Refused
from linli.core.jobs import JOBS
from linli.core.scope import system_scope, use_scope
from linli.core.time import today
from linli.register.posts.queries import scope_of
from linli.workbench.journal.models import JournalEntry
from linli.workbench.webhooks import actions, outbox, rules
from linli.workbench.webhooks.models import Webhook, WebhookDelivery

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
BACKEND = "django.contrib.auth.backends.ModelBackend"


class Receiver:
    """Another program: it keeps what it was sent and answers with ``status``."""

    def __init__(self) -> None:
        self.status = 204
        self.got: list[tuple[dict[str, str], bytes]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                heads = {name.lower(): value for name, value in self.headers.items()}
                outer.got.append((heads, body))
                self.send_response(outer.status)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/hook?for=linli"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def events(self) -> list[str]:
        return [json.loads(body)["type"] for _, body in self.got]


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    made = Receiver()
    settings.LINLI_INNER_HOSTS = [f"127.0.0.1:{made.port}"]
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def station() -> Station:
    return a_station()


def add(station: Station, receiver: Receiver, *events: str) -> Webhook:
    with use_scope(scope_of(station.officer, today())):
        return actions.add_webhook(
            name="区城运中心", url=receiver.url, events=events or Event.values, by=station.officer
        )


def deliveries(**where: Any) -> list[WebhookDelivery]:
    with system_scope("test"):
        return list(
            WebhookDelivery.objects.filter(**where).select_related("webhook").order_by("pk")
        )


def webhook() -> Webhook:
    with system_scope("test"):
        found: Webhook = Webhook.objects.get()
        return found


def is_signed(secret: str, heads: dict[str, str], body: bytes) -> bool:
    """Check a message the way a receiver does, written anew from the convention."""
    signed = f"{heads['webhook-id']}.{heads['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(secret.split("_", 1)[1])
    made = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return f"v1,{made}" in heads["webhook-signature"].split(" ")


def test_every_step_is_heard_signed_and_without_a_word_of_anybody(
    station: Station, receiver: Receiver
) -> None:
    hook = add(station, receiver)
    home = station.town.home("1", "302")
    taken = a_case(
        station,
        "302的王阿姨家漏水",
        place=home,
        category=station.noise,
        spot="卫生间",
        reporter=cases.Reporter(name="王阿姨", phone="13812345678"),
    )
    with system_scope("test"):
        case = Case.objects.get(pk=taken.case.pk)
        cases.answer_case(case=case, by=None, text="请找物业老李", kind="cannot")
        cases.reopen_case(case=case, by=None, reason="王阿姨说没有")
        cases.withdraw_case(case=case, by=None, reason="不用了")
    assert outbox.send_due() == 4
    assert receiver.events() == ["case.received", "case.answered", "case.reopened", "case.closed"]
    for heads, body in receiver.got:
        assert is_signed(hook.secret, heads, body)
        assert not is_signed(hook.secret, heads, body + b" ")
        text = body.decode()
        for secret in ("王阿姨", "302", "漏水", "卫生间", "138", "老李", taken.tracking):
            assert secret not in text, secret
    last = json.loads(receiver.got[-1][1])
    assert last["data"]["service_request_id"] == taken.case.number
    assert last["data"]["status"] == "closed"
    assert last["data"]["outcome"] == "withdrawn"
    assert last["data"]["address"] == "东方丽都"
    assert last["timestamp"].endswith("+08:00")
    assert len({heads["webhook-id"] for heads, _ in receiver.got}) == 4
    assert {webhook_delivery.state for webhook_delivery in deliveries()} == {"sent"}
    assert outbox.send_due() == 0, "what was sent is not sent again"


def test_only_what_was_asked_for_and_never_what_is_confidential(
    station: Station, receiver: Receiver
) -> None:
    add(station, receiver, Event.CLOSED)
    a_case(station)
    assert deliveries() == []
    violence = a_case(station, "打人", category=station.violence)
    with system_scope("test"):
        cases.withdraw_case(case=violence.case, by=None, reason="撤回")
    assert deliveries() == []
    elsewhere = a_case(station)
    with system_scope("test"):
        cases.withdraw_case(case=elsewhere.case, by=None, reason="撤回")
    assert [webhook_delivery.event for webhook_delivery in deliveries()] == [Event.CLOSED]


def test_what_is_rolled_back_is_not_heard(station: Station, receiver: Receiver) -> None:
    from django.db import transaction

    add(station, receiver)
    with transaction.atomic():
        a_case(station)
        assert len(deliveries()) == 1
        transaction.set_rollback(True)
    assert deliveries() == []


def test_a_channel_that_is_down_for_a_day_loses_nothing(
    station: Station, receiver: Receiver
) -> None:
    add(station, receiver)
    receiver.status = 503
    moment = timezone.now()
    with time_machine.travel(moment) as clock:
        a_case(station)
        for hours in range(20):
            clock.move_to(moment + timedelta(hours=hours))
            outbox.send_due()
        one = deliveries()[0]
        assert one.state == "queued", "it waits"
        assert 4 <= one.tries <= 7, "longer and longer"
        assert one.status == 503
        assert webhook().failing_since is not None
        receiver.status = 200
        clock.move_to(moment + timedelta(days=2))
        assert outbox.send_due() == 1
    assert deliveries()[0].state == "sent"
    assert webhook().failing_since is None
    ids = {heads["webhook-id"] for heads, _ in receiver.got}
    assert len(ids) == 1, "one message keeps its id, so that the receiver counts it once"


def test_after_three_days_without_an_answer_it_stops_and_says_so(
    station: Station, receiver: Receiver
) -> None:
    add(station, receiver)
    receiver.status = 500
    moment = timezone.now()
    with time_machine.travel(moment) as clock:
        a_case(station)
        for hours in range(0, 100, 4):
            clock.move_to(moment + timedelta(hours=hours))
            outbox.send_due()
        tried = len(receiver.got)
        stopped = webhook()
        assert not stopped.is_active
        assert stopped.stop_reason == "failing"
        a_case(station)
        clock.move_to(moment + timedelta(days=6))
        assert outbox.send_due() == 0
    assert len(receiver.got) == tried
    assert len(deliveries()) == 1, "nothing more is written for it"
    with system_scope("test"):
        assert JournalEntry.objects.filter(kind="webhook.stopped").exists()
    home = Client()
    home.force_login(station.officer, backend=BACKEND)
    assert "区城运中心" in home.get("/").content.decode()
    home.force_login(station.worker, backend=BACKEND)
    assert "区城运中心" not in home.get("/").content.decode()


def test_gone_means_gone(station: Station, receiver: Receiver) -> None:
    add(station, receiver)
    receiver.status = 410
    a_case(station)
    outbox.send_due()
    assert webhook().stop_reason == "gone"


def test_one_that_does_not_answer_does_not_hold_the_others_up(
    station: Station, receiver: Receiver, settings: Any
) -> None:
    dead = Receiver()
    settings.LINLI_INNER_HOSTS.append(f"127.0.0.1:{dead.port}")
    down = add(station, dead)
    dead.status = 500
    with writes_allowed("test"), system_scope("test"):
        for number in range(rules.MOST_AT_ONCE + 10):
            outbox.write(down, Event.CLOSED, f"{number}")
    add(station, receiver, Event.RECEIVED)
    for _ in range(3):
        a_case(station)
    assert outbox.send_due() == 4
    assert len(dead.got) == 1
    assert len(receiver.got) == 3
    a_case(station)
    assert outbox.send_due() == 1, "it rests a while, the other one does not"
    with time_machine.travel(timezone.now() + rules.REST):
        assert outbox.send_due() == 1
    dead.status = 200
    with time_machine.travel(timezone.now() + 3 * rules.REST):
        assert outbox.send_due() == rules.MOST_AT_ONCE
    dead.server.shutdown()
    dead.server.server_close()


def test_what_a_dead_worker_left_is_unknown_and_sent_again_by_hand(
    station: Station, receiver: Receiver
) -> None:
    add(station, receiver)
    a_case(station)
    with writes_allowed("test"), system_scope("test"):
        WebhookDelivery.objects.update(state="sending", claimed_at=timezone.now(), tries=1)
    assert outbox.send_due() == 0
    assert deliveries()[0].state == "sending", "it may still be under way"
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        assert outbox.send_due() == 0
    one = deliveries()[0]
    assert one.state == "unknown", "nobody guesses"
    assert receiver.got == []
    with use_scope(scope_of(station.officer, today())):
        actions.send_again(delivery=one, by=station.officer)
        outbox.send_due()
        assert receiver.got[0][0]["webhook-id"] == one.message_id
        with pytest.raises(Refused, match="送达"):
            actions.send_again(delivery=one, by=station.officer)


def test_two_workers_send_a_message_once(station: Station, receiver: Receiver) -> None:
    add(station, receiver)
    a_case(station)
    with system_scope("test"):
        key = deliveries()[0].pk
        first, second = outbox.deliver(key), outbox.deliver(key)
    assert first is not None
    assert second is None
    assert len(receiver.got) == 1


def test_without_the_claim_a_message_goes_twice(
    station: Station, receiver: Receiver, monkeypatch: Any
) -> None:
    """The negative control: two workers that do not claim both send."""
    add(station, receiver)
    a_case(station)
    with system_scope("test"):
        delivery = deliveries()[0]
        monkeypatch.setattr(outbox, "_settle", lambda *_: None)
        for _ in range(2):
            with writes_allowed("test"):
                WebhookDelivery.objects.filter(pk=delivery.pk).update(state="queued")
            outbox.deliver(delivery.pk)
    assert len(receiver.got) == 2


def test_a_clock_that_was_set_back_holds_nothing_up(station: Station, receiver: Receiver) -> None:
    add(station, receiver)
    with time_machine.travel(timezone.now() + timedelta(days=300)):
        a_case(station)
    assert outbox.send_due() == 1


def test_old_messages_are_dropped(station: Station, receiver: Receiver) -> None:
    add(station, receiver)
    a_case(station)
    outbox.send_due()
    with time_machine.travel(timezone.now() + timedelta(days=rules.KEPT_DAYS + 1)):
        outbox.send_due()
    assert deliveries() == []


def test_an_inner_address_is_refused_when_it_is_saved_and_when_it_is_sent(
    station: Station, receiver: Receiver, settings: Any
) -> None:
    add(station, receiver)
    a_case(station)
    settings.LINLI_INNER_HOSTS = []
    outbox.send_due()
    assert receiver.got == []
    one = deliveries()[0]
    assert one.state == "queued"
    assert one.error_text
    with use_scope(scope_of(station.officer, today())), pytest.raises(Refused, match="https"):
        actions.add_webhook(name="x", url=receiver.url, events=[Event.CLOSED], by=station.officer)


def test_the_address_and_the_key_are_sealed_at_rest(station: Station, receiver: Receiver) -> None:
    from django.db import models
    from django.db.models.functions import Cast

    hook = add(station, receiver)
    with system_scope("test"):
        stored = Webhook.objects.annotate(
            u=Cast("url", models.TextField()), s=Cast("secret", models.TextField())
        ).values_list("u", "s")[0]
    assert "127.0.0.1" not in stored[0]
    assert hook.secret not in stored[1]


def test_only_officers_manage_webhooks(station: Station, receiver: Receiver) -> None:
    hook = add(station, receiver)
    with use_scope(scope_of(station.secretary, today())):
        for wish in (
            lambda: actions.add_webhook(
                name="x", url=receiver.url, events=[Event.CLOSED], by=station.secretary
            ),
            lambda: actions.stop_webhook(webhook=hook, by=station.secretary),
            lambda: actions.renew_secret(webhook=hook, by=station.secretary),
            lambda: actions.ask_for_test(
                webhook=hook, body="{}", event="webhook.test", by=station.secretary
            ),
        ):
            with pytest.raises(Refused):
                wish()
    visitor = Client()
    visitor.force_login(station.secretary, backend=BACKEND)
    for path in ("", "add/", f"{hook.pk}/"):
        assert visitor.get(f"/cases/webhooks/{path}").status_code == 404


def test_the_officer_adds_tests_stops_and_starts_one(station: Station, receiver: Receiver) -> None:
    officer = Client()
    officer.force_login(station.officer, backend=BACKEND)
    base = "/cases/webhooks/"
    assert officer.get(base).status_code == 200
    told = {"name": "区城运中心", "url": "https://127.0.0.1/x", "events": ["case.closed"]}
    refused = officer.post(f"{base}add/", told)
    assert refused.status_code == 422
    assert "内网" in refused.content.decode()
    added = officer.post(f"{base}add/", {**told, "url": receiver.url})
    hook = webhook()
    assert hook.secret in added.content.decode()
    here = f"{base}{hook.pk}/"
    assert hook.secret not in officer.get(here).content.decode(), "shown once"

    officer.post(f"{here}test/")
    assert receiver.events() == ["webhook.test"]
    assert "测试已送达" in officer.get(here).content.decode()
    receiver.status = 404
    officer.post(f"{here}test/")
    page = officer.get(here).content.decode()
    assert "对方回答404" in page
    failed = deliveries(state="failed")[0]
    receiver.status = 200
    officer.post(f"{here}again/{failed.pk}/")
    outbox.send_due()
    assert deliveries(state="failed") == []

    officer.post(f"{here}stop/")
    assert not webhook().is_active
    assert "已停用" in officer.get(base).content.decode()
    officer.post(f"{here}start/")
    assert webhook().is_active
    renewed = officer.post(f"{here}secret/").content.decode()
    assert hook.secret not in renewed
    assert webhook().secret in renewed
    kinds = {
        "webhook.added",
        "webhook.tested",
        "webhook.resent",
        "webhook.stopped",
        "webhook.started",
        "webhook.secret_changed",
    }
    with system_scope("test"):
        written = JournalEntry.objects.filter(kind__in=kinds)
        assert set(written.values_list("kind", flat=True)) == kinds
        assert not [
            journal_entry
            for journal_entry in written
            if "whsec" in journal_entry.text or "hook?" in journal_entry.text
        ]


def test_the_worker_sends(station: Station, receiver: Receiver) -> None:
    add(station, receiver)
    a_case(station)
    assert JOBS["webhooks.send"].run() == 1
