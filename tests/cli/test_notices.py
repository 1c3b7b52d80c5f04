"""linli notices status: how the outbox is doing, for people and for programs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from linli.core.scope import system_scope
from linli.faces.cli.main import main
from linli.workbench.notices import outbox
from linli.workbench.notices.models import ChannelSetting, Delivery
from linli.workbench.notices.tests.conftest import by_phone, told
from linli.workbench.notices.tests.test_outbox import AT_NOON
from tests.people import a_subdistrict, by_the_system

pytestmark = pytest.mark.django_db


def test_it_counts_and_says_when_a_person_is_needed(capsys: Any) -> None:
    told(a_subdistrict().community, by_phone())
    assert main(["notices", "status", "--json"]) == 0
    assert '"queued": 1' in capsys.readouterr().out
    with system_scope("a worker claims, and dies"):
        outbox.claim(Delivery.objects.get().pk)
        outbox.note_lost(after=timedelta(0))
    assert main(["notices", "status"]) == 1
    assert "不确定：1" in capsys.readouterr().out


def test_it_names_a_channel_that_is_down(capsys: Any) -> None:
    town = a_subdistrict().town
    with by_the_system():
        ChannelSetting.objects.create(
            kind="sms",
            name="短信网关",
            address="https://sms.example.cn/",
            failures=3,
            down_since=AT_NOON,
            last_error="HTTP 503",
            scope_path=town.path,
        )
    assert main(["notices", "status"]) == 1
    said = capsys.readouterr().out
    assert "短信网关" in said
    assert "HTTP 503" in said
    assert "sms.example.cn" not in said
