"""Limits count the caller, not the proxy, and not what the caller writes about itself."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import RequestFactory

from linli.core.models import Limit
from linli.core.network import rate_limit
from linli.core.network.callers import address_of
from linli.core.network.rate_limit import Bound, is_rate_limited
from linli.core.runtime.environment import INNER_NETWORKS, BadSetting, networks, number
from tests import postgres, prepared
from tests.core.rush import MOST

PROXY, STRANGER = "127.0.0.1", "203.0.113.9"


def asked(told: str, peer: str) -> Any:
    headers = {"X-Forwarded-For": told} if told else {}
    return RequestFactory(REMOTE_ADDR=peer).get("/", headers=headers)


@pytest.mark.parametrize(
    ("proxies", "peer", "told", "found"),
    [
        (0, PROXY, STRANGER, PROXY),
        (1, PROXY, "", PROXY),
        (1, PROXY, STRANGER, STRANGER),
        (1, PROXY, f"198.51.100.1, {STRANGER}", STRANGER),
        (2, PROXY, f"198.51.100.1, {STRANGER}, 10.0.0.7", STRANGER),
        (2, PROXY, STRANGER, PROXY),  # it came round the outer proxy
        (1, "", STRANGER, STRANGER),  # a socket of this machine
        (1, "198.51.100.7", STRANGER, "198.51.100.7"),  # no proxy of ours says that
        (1, "::ffff:127.0.0.1", STRANGER, STRANGER),
        (1, PROXY, f"{STRANGER}:51234", STRANGER),
        (1, PROXY, "nonsense", PROXY),
        (1, PROXY, "::ffff:203.0.113.9", STRANGER),
        (1, PROXY, "2001:db8:1:2:aaaa::1", "2001:db8:1:2::"),
        (1, PROXY, "[2001:DB8:1:2:bbbb::2]:443", "2001:db8:1:2::"),
        (1, "nonsense", "", "unknown"),
    ],
)
def test_our_own_proxies_say_who_calls(
    settings: Any, proxies: int, peer: str, told: str, found: str
) -> None:
    settings.LINLI_PROXIES = proxies
    assert address_of(asked(told, peer)) == found


def test_without_the_guard_a_caller_names_itself(settings: Any) -> None:
    """The negative control: every network trusted, a stranger is whoever it says."""
    settings.LINLI_PROXIES, settings.LINLI_PROXY_NETWORKS = 1, ["0.0.0.0/0"]
    assert address_of(asked("192.0.2.1", "198.51.100.7")) == "192.0.2.1"


def test_settings_that_make_no_sense_are_refused(monkeypatch: Any) -> None:
    monkeypatch.setenv("LINLI_PROXIES", "some")
    with pytest.raises(BadSetting, match="LINLI_PROXIES"):
        number("PROXIES", 0, most=9)
    monkeypatch.setenv("LINLI_PROXY_NETWORKS", "10.0.0.0/40")
    with pytest.raises(BadSetting, match="LINLI_PROXY_NETWORKS"):
        networks("PROXY_NETWORKS", INNER_NETWORKS)


@pytest.mark.django_db
def test_so_many_times_and_no_more_until_the_window_ends(monkeypatch: Any) -> None:
    moment = 1_000_000
    monkeypatch.setattr(rate_limit, "now", lambda: moment)
    said = [is_rate_limited("knock", STRANGER, 3, seconds=60) for _ in range(5)]
    assert said == [False, False, False, True, True]
    assert is_rate_limited("knock", STRANGER, 3, seconds=60, add=0)
    assert not is_rate_limited("knock", "192.0.2.1", 3, seconds=60)
    assert rate_limit.count([Bound("knock", STRANGER, 3, 60)]) == 60
    moment += 60
    assert not is_rate_limited("knock", STRANGER, 3, seconds=60)
    assert rate_limit.count([Bound("knock", STRANGER, 1, 60)]) == 60


@pytest.mark.django_db
def test_what_is_used_up_costs_a_look_and_no_write(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2):
        is_rate_limited("knock", STRANGER, 1, seconds=60)
    with django_assert_num_queries(1):
        assert is_rate_limited("knock", STRANGER, 1, seconds=60)
    three = [Bound("knock", who, 1, 60) for who in ("a", "b", "c")]
    with django_assert_num_queries(2):
        rate_limit.count(three)  # three at once are one write
    assert Limit.objects.get(key=Bound("knock", STRANGER, 1, 60).key).number == 1


@pytest.mark.django_db
def test_nobody_can_be_read_from_the_table_and_it_stays_small(monkeypatch: Any) -> None:
    for who in range(20):
        is_rate_limited("knock", f"192.0.2.{who}", 3, seconds=60)
    for _ in range(2):
        is_rate_limited("knock", STRANGER, 3, seconds=60)
    assert all("192.0" not in row.key and len(row.key) == 32 for row in Limit.objects.all())
    monkeypatch.setattr(rate_limit, "MOST_ROWS", 5)
    assert rate_limit.sweep() == 16
    assert is_rate_limited("knock", STRANGER, 2, seconds=60), "who was counted most is kept"
    later = rate_limit.now() + 61
    monkeypatch.setattr(rate_limit, "now", lambda: later)
    rate_limit.sweep()
    assert not Limit.objects.exists()


def let_through(how: str, environment: dict[str, str], processes: int = 3) -> int:
    """Let some web processes try at the same moment; return how often they got through."""
    given = {**os.environ, "LINLI_MODE": "embedded", **environment}
    words = [sys.executable, "-m", "tests.core.rush", how, str(processes)]
    done = subprocess.run(words, env=given, stdout=subprocess.PIPE, check=True, timeout=120)
    return int(done.stdout)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_web_processes_share_one_count_and_it_outlives_them(tmp_path: Path) -> None:
    """Its negative control: processes that look first and write afterwards let more through."""
    if connection.vendor == "sqlite":
        environment = {"LINLI_DATA": str(tmp_path), "DATABASE_URL": ""}
        shutil.copyfile(prepared.copy(), tmp_path / "linli.sqlite3")
    else:
        name = connection.settings_dict["NAME"]
        url = re.sub(r"/[^/?]*(\?|$)", rf"/{name}\1", postgres.url(), count=1)
        environment = {"LINLI_DATA": str(tmp_path), "DATABASE_URL": url}
    assert let_through("count", environment) == MOST
    assert let_through("count", environment, 1) == 0, "a new process knows it too"
    assert let_through("careless", environment) > MOST
