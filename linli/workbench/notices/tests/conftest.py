"""What every story of notices shares: the town, its file gateway, people with phones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from linli.core.scope import system_scope
from linli.register.people.models import Person
from linli.workbench.notices import actions
from linli.workbench.notices.models import Delivery, Notice
from tests.people import Subdistrict, a_person, a_subdistrict

NOON = "2026-11-23T12:00:00+08:00"


@pytest.fixture
def gateway(tmp_path: Path) -> Any:
    """The file gateway of this test; call it for the lines it has."""
    with override_settings(DATA_DIR=tmp_path):

        def lines() -> list[dict[str, str]]:
            file = tmp_path / "sms" / "sent.jsonl"
            return (
                [json.loads(line) for line in file.read_text().splitlines()]
                if file.exists()
                else []
            )

        yield lines


@pytest.fixture
def town() -> Subdistrict:
    return a_subdistrict()


def told(
    about: Any, *recipients: actions.Recipient, key: str = "case:1:answered", **given: Any
) -> Notice:
    """Tell somebody something, as an app does."""
    with system_scope("set up a test"):
        return actions.send_notice(
            key=key,
            about=about,
            recipients=recipients,
            subject="您反映的事有答复了",
            text="楼道灯已经修好。",
            by=None,
            **given,
        )


def by_phone(n: int = 1) -> actions.Recipient:
    return actions.Recipient(f"居民{n}", phone=f"1390574{n:04d}", report_key=f"r{n}")


def resident(town: Subdistrict, name: str, door: str = "101", **facts: Any) -> Person:
    return a_person(town.home("1", door), name, **facts)


def states(notice: Notice) -> list[str]:
    with system_scope("look"):
        rows = Delivery.objects.filter(notice=notice).order_by("pk")
        return [row.state for row in rows]


def only(notice: Notice) -> Delivery:
    with system_scope("look"):
        return Delivery.objects.get(notice=notice)
