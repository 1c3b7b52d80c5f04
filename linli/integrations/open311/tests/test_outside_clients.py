"""georeport and civicbot from PyPI against the running server; `make clients` installs them."""

from __future__ import annotations

import json
import os
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from linli.capabilities.cases.tests.builders import a_case, a_station
from linli.integrations.open311.tests.test_stories import key_of
from linli.workbench.webhooks import signing

ROOT = Path(__file__).resolve().parents[4]
PYTHON = Path(os.environ.get("LINLI_CLIENTS", ROOT / "var/clients")) / "bin/python"
SCRIPT = Path(__file__).with_name("outside_clients.py")

pytestmark = pytest.mark.skipif(
    not PYTHON.exists(), reason="outside clients are not installed: make clients"
)


def say(*given: str) -> dict[str, Any]:
    done = subprocess.run(
        [str(PYTHON), str(SCRIPT), *given], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.django_db(transaction=True)
def test_georeport_and_civicbot_speak_with_the_server(live_server: Any, settings: Any) -> None:
    settings.LINLI_OPEN311 = "read"
    station = a_station()
    first = a_case(station, category=station.noise).case.number
    a_case(station, "不公开", category=station.violence)
    said = say(f"{live_server.url}/open311/v2", key_of(station.worker), "东方丽都1幢")

    filed = said["civicbot"]
    assert (filed["services"], filed["refused"]) == (3, 403)
    assert (filed["status"], filed["listed"]) == ("open", 1)
    assert filed["description"] == "小区管理 / 电梯故障", "without a key no words are read"
    for form in ("json", "xml"):
        read = said["georeport"][form]
        assert read["services"] == ["噪音扰民", "家庭暴力", "电梯故障"]
        assert read["requests"] == sorted([first, filed["number"]])
        assert read["one"] == "open"


def test_a_receiver_of_the_convention_accepts_our_signature() -> None:
    body, secret = '{"type": "case.closed", "data": {"address": "东方丽都"}}', signing.new_secret()
    heads = signing.headers(
        secret=secret, message_id=signing.new_id(), timestamp=int(time.time()), body=body.encode()
    )
    assert say("webhook", secret, json.dumps(heads), body) == {
        "type": "case.closed",
        "changed": "refused",
    }
