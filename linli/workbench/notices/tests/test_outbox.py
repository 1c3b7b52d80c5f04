"""Messages go out once each, whatever fails on the way, and nothing is guessed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from linli.core.errors import Refused
from linli.core.scope import system_scope
from linli.workbench.journal.models import JournalEntry
from linli.workbench.notices import actions, outbox, queries
from linli.workbench.notices.channels import OutgoingMessage, Receipt, SendOutcome
from linli.workbench.notices.models import ChannelSetting, Delivery
from linli.workbench.notices.success_rules import chosen_rule
from linli.workbench.notices.tests.conftest import NOON, by_phone, only, states, told
from tests.people import Subdistrict, a_user, by_the_system, working_as

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
AT_NOON = datetime.fromisoformat(NOON)


class Line:
    """A channel that does what the test says, and counts."""

    def __init__(self, *outcomes: SendOutcome) -> None:
        self.outcomes, self.keys = list(outcomes), []

    def send(self, message: OutgoingMessage) -> Receipt:
        self.keys.append(message.key)
        outcome = self.outcomes.pop(0) if len(self.outcomes) > 1 else self.outcomes[0]
        return Receipt(outcome, words="as the test says")


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch) -> Any:
    def lay(*outcomes: SendOutcome) -> Line:
        made = Line(*outcomes)
        monkeypatch.setattr(outbox, "channel_of", lambda setting: made)
        return made

    return lay


def a_gateway(town: Subdistrict) -> ChannelSetting:
    with by_the_system():
        return ChannelSetting.objects.create(
            kind="sms", name="短信", address="https://sms.example.cn/", scope_path=town.town.path
        )


def test_a_message_goes_out_once_however_often_it_is_told(town: Subdistrict, gateway: Any) -> None:
    first = told(town.community, by_phone())
    again = told(town.community, by_phone(), by_phone(2))
    assert again == first
    assert outbox.send_queued(now=AT_NOON) == 1
    assert outbox.send_queued(now=AT_NOON) == 0
    (line,) = gateway()
    assert (line["to"], line["key"]) == ("13905740001", only(first).key)
    assert states(first) == ["sent"]


def test_the_same_person_twice_is_told_once(town: Subdistrict, gateway: Any) -> None:
    notice = told(town.community, by_phone(), by_phone())
    outbox.send_queued(now=AT_NOON)
    assert len(gateway()) == 1
    assert states(notice) == ["sent"]


def test_nothing_goes_out_at_night_unless_it_is_urgent(town: Subdistrict, gateway: Any) -> None:
    told(town.community, by_phone(1), key="calm")
    told(town.community, by_phone(2), key="fire", urgent=True)
    night = datetime.fromisoformat("2026-11-23T23:30:00+08:00")
    assert outbox.send_queued(now=night) == 1
    assert [line["to"] for line in gateway()] == ["13905740002"]
    assert outbox.send_queued(now=night + timedelta(hours=8)) == 1


def test_of_many_workers_one_sends_each_message(town: Subdistrict, gateway: Any) -> None:
    notice = told(town.community, *(by_phone(n) for n in range(20)))
    taken: list[str] = []
    with system_scope("look"):
        keys = list(Delivery.objects.filter(notice=notice).values_list("pk", flat=True))
        for pk in keys:
            taken += [one for one in (outbox.claim(pk), outbox.claim(pk)) if one]
    assert len(taken) == 20
    assert set(states(notice)) == {"sending"}


@pytest.mark.parametrize("later", [10, pytest.param(1, marks=pytest.mark.nightly)])
def test_a_gateway_down_for_a_day_loses_nothing_and_says_so(
    town: Subdistrict, line: Any, later: int
) -> None:
    """A worker looks each minute; by day, after two hours, every tenth."""
    setting = a_gateway(town)
    notice = told(town.community, by_phone(1), by_phone(2), urgent=True)
    down = line(SendOutcome.DOWN)
    moment = AT_NOON
    for minutes in [*[1] * 120, *[later] * (22 * 60 // later)]:
        moment += timedelta(minutes=minutes)
        outbox.send_queued(now=moment)
    assert states(notice) == ["queued", "queued"]
    assert 12 < len(down.keys) < 25, "it waits longer and longer"
    with system_scope("look"):
        setting.refresh_from_db()
    assert setting.down_since == AT_NOON + timedelta(minutes=1)
    assert setting.last_error == "as the test says"
    up = line(SendOutcome.TAKEN)
    assert outbox.send_queued(now=moment + timedelta(hours=2)) == 2
    assert len(up.keys) == len(set(up.keys)) == 2
    with system_scope("look"):
        setting.refresh_from_db()
    assert (setting.failures, setting.down_since) == (0, None)


def test_one_channel_down_holds_up_no_other(town: Subdistrict, line: Any, gateway: Any) -> None:
    a_gateway(town)
    line(SendOutcome.DOWN)
    told(town.community, by_phone(1))
    outbox.send_queued(now=AT_NOON)
    officer = a_user("ma", "subdistrict_officer", town.town)
    notice = told(town.community, actions.Recipient("马", user=officer), key="2")
    assert states(notice) == ["sent"]


def test_a_refused_number_is_listed_and_can_be_called(town: Subdistrict, line: Any) -> None:
    notice = told(town.community, by_phone())
    line(SendOutcome.REFUSED)
    outbox.send_queued(now=AT_NOON)
    officer = a_user("ma", "subdistrict_officer", town.town)
    with working_as("subdistrict_officer", town.town.path, user=officer):
        (failed,) = queries.to_settle()
        assert failed.state == "failed"
        actions.call_instead(delivery=failed, by=officer)
        assert [delivery.pk for delivery in queries.call_list()] == [failed.pk]
        with pytest.raises(Refused):
            actions.call_instead(delivery=failed, by=officer)
    assert states(notice) == ["to_call"]


def test_after_a_crash_nobody_guesses(town: Subdistrict, gateway: Any) -> None:
    notice = told(town.community, by_phone())
    with system_scope("a worker claims, and dies"):
        assert outbox.claim(only(notice).pk)
    outbox.send_queued(now=timezone.now() + timedelta(minutes=9))
    assert states(notice) == ["sending"]
    outbox.send_queued(now=timezone.now() + timedelta(minutes=11))
    assert states(notice) == ["unknown"]
    assert gateway() == []


def test_a_person_says_whether_an_unknown_one_arrived(town: Subdistrict, gateway: Any) -> None:
    notice = told(town.community, by_phone(1), by_phone(2))
    officer = a_user("ma", "subdistrict_officer", town.town)
    with system_scope("a worker claims, and dies"):
        for delivery in Delivery.objects.filter(notice=notice):
            outbox.claim(delivery.pk)
        outbox.note_lost(after=timedelta(0))
    with working_as("subdistrict_officer", town.town.path, user=officer):
        first, second = queries.to_settle()
        actions.settle_unknown(delivery=first, was_sent=True, by=officer)
        actions.settle_unknown(delivery=second, was_sent=False, by=officer)
        with pytest.raises(Refused):
            actions.settle_unknown(delivery=second, was_sent=False, by=officer)
    assert states(notice) == ["sent", "queued"]
    outbox.send_queued(now=AT_NOON)
    assert [line["key"] for line in gateway()] == [second.key]


def test_a_late_answer_settles_an_unknown_one_and_never_a_later_try(town: Subdistrict) -> None:
    notice = told(town.community, by_phone())
    with system_scope("a slow worker"):
        row = only(notice)
        slow = outbox.claim(row.pk)
        assert slow
        outbox.note_lost(after=timedelta(0))
        outbox.write_attempt(row.pk, slow, Receipt(SendOutcome.TAKEN))
    assert states(notice) == ["sent"]
    with by_the_system():
        Delivery.objects.filter(pk=row.pk).update(state="sending", attempt="another")
    with system_scope("the slow worker again"):
        outbox.write_attempt(row.pk, slow, Receipt(SendOutcome.REFUSED))
    assert states(notice) == ["sending"]


@pytest.mark.parametrize("ahead", [timedelta(days=400), timedelta(days=-400)])
def test_a_clock_set_back_or_ahead_neither_doubles_nor_loses(
    town: Subdistrict, line: Any, ahead: timedelta
) -> None:
    setting = a_gateway(town)
    notice = told(town.community, by_phone(), urgent=True)
    line(SendOutcome.DOWN)
    outbox.send_queued(now=AT_NOON + ahead)
    up = line(SendOutcome.TAKEN)
    assert outbox.send_queued(now=AT_NOON + timedelta(hours=3)) == 1
    assert outbox.send_queued(now=AT_NOON + ahead) == 0
    assert len(up.keys) == 1
    with by_the_system():
        setting.refresh_from_db()
        Delivery.objects.filter(notice=notice).update(
            state="sending", attempt="x", claimed_at=AT_NOON + timedelta(days=400)
        )
    outbox.send_queued(now=AT_NOON)
    assert states(notice) == ["unknown"], "begun in the future: the clock was set back"


def test_stopping_keeps_what_has_not_gone_out(town: Subdistrict, gateway: Any) -> None:
    notice = told(town.community, by_phone(1), by_phone(2), by_phone(3))
    outbox.send_queued(now=AT_NOON, most=1)
    officer = a_user("ma", "subdistrict_officer", town.town)
    with working_as("subdistrict_officer", town.town.path, user=officer):
        actions.stop_notice(notice=notice, by=officer)
        with pytest.raises(Refused):
            actions.stop_notice(notice=notice, by=officer)
    outbox.send_queued(now=AT_NOON)
    assert len(gateway()) == 1
    assert states(notice) == ["sent", "stopped", "stopped"]


def test_a_channel_that_breaks_in_an_unforeseen_way_is_unknown(
    town: Subdistrict, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken:
        def send(self, message: OutgoingMessage) -> Receipt:
            raise ValueError("nobody thought of this")

    monkeypatch.setattr(outbox, "channel_of", lambda setting: Broken())
    notice = told(town.community, by_phone())
    outbox.send_queued(now=AT_NOON)
    assert states(notice) == ["unknown"]


def test_a_slow_gateway_does_not_hold_the_worker(
    town: Subdistrict, line: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "LONGEST_ROUND", 0.0)
    told(town.community, by_phone(1), by_phone(2), by_phone(3))
    line(SendOutcome.TAKEN)
    assert [outbox.send_queued(now=AT_NOON) for _ in range(4)] == [1, 1, 1, 0]


def test_a_database_busy_for_a_moment_leaves_nothing_unknown(
    town: Subdistrict, gateway: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    notice, really, failures = told(town.community, by_phone()), outbox.write_attempt, [2]

    def note(*given: Any) -> None:
        if failures[0]:
            failures[0] -= 1
            raise OperationalError("database is locked")
        really(*given)

    monkeypatch.setattr(outbox, "write_attempt", note)
    outbox.send_queued(now=AT_NOON)
    assert states(notice) == ["sent"]
    assert len(gateway()) == 1


def test_without_any_sms_channel_messages_wait(
    town: Subdistrict, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "channel_of", lambda setting: None)
    notice = told(town.community, by_phone())
    assert outbox.send_queued(now=AT_NOON) == 0
    assert states(notice) == ["queued"]


def test_what_counts_as_sent_is_set_and_tested_in_the_journal(town: Subdistrict) -> None:
    setting, officer = a_gateway(town), a_user("officer", "subdistrict_officer", town.town)
    with by_the_system():
        ChannelSetting.objects.filter(pk=setting.pk).update(next_try_at=AT_NOON)
        setting.refresh_from_db()
    with working_as("subdistrict_officer", town.town.path, user=officer):
        actions.set_success_rule(setting=setting, rule=chosen_rule("tencent"), by=officer)
        with pytest.raises(Refused):
            actions.test_channel(setting=setting, to="0574-88123456", by=officer)
        message = actions.test_channel(setting=setting, to=" 13905740001 ", by=officer)
    assert (message.to, message.key[:5]) == ("13905740001", "test-")
    with system_scope("look"):
        setting.refresh_from_db()
        kinds = list(JournalEntry.objects.order_by("seq").values_list("kind", flat=True))
    assert setting.next_try_at is None
    assert setting.success_path.endswith("SendStatusSet.0.Code")
    assert kinds[-2:] == ["notice.success_rule_set", "notice.channel_tested"]
