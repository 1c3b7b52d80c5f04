"""`linli alerts`: rules are listed, tried on the past, run as of a day."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from linli.capabilities.alerts.tests.builders import a_lift, a_rule, a_watched_town
from linli.faces.cli.main import main

pytestmark = pytest.mark.django_db


def test_rules_are_listed_tried_and_run(
    capsys: pytest.CaptureFixture[str], time_machine: Any
) -> None:
    time_machine.move_to("2026-11-23 10:00+08:00")
    town = a_watched_town()
    for n in range(3):
        a_lift(town.building("1"), date(2026, 12, 30), f"{n}号梯")
    rule = a_rule(town.community)
    assert main(["alerts", "list", "--as", "shuji"]) == 0
    assert "检验到期前30天，按各自的周期，吹哨给社区书记" in capsys.readouterr().out
    order = ["alerts", "try", str(rule.pk), "--from", "2025-11-23", "--to", "2026-11-23"]
    assert main([*order, "--as", "shuji", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["total"], told["most_at_one"], told["by_month"]) == (3, 3, {"2025-11": 3})
    assert "会吹3次，其中3次在" in told["words"]
    assert main(["alerts", "run", "--at", "2026-11-29", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["raised"] == 0
    assert main(["alerts", "run", "--at", "2026-11-30", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["raised"] == 3
    assert main(["alerts", "run", "--at", "2026-13-01"]) == 2
    assert main(["alerts", "try", "没有", "--as", "shuji"]) == 2
    assert "没有找到规则" in capsys.readouterr().err
