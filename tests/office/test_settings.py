"""The office's own mode: what its note says is what every command of that data goes by."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from linli.core.office import addresses, note
from linli.core.office.note import Office
from tests.office.real import environment

ASKED = (
    "ALLOWED_HOSTS",
    "CSRF_TRUSTED_ORIGINS",
    "MODE",
    "SECOND_FACTOR_REQUIRED",
    "SECURE_HSTS_SECONDS",
    "SECURE_PROXY_SSL_HEADER",
    "SESSION_COOKIE_SECURE",
    "CSRF_COOKIE_SECURE",
    "LINLI_PROXIES",
    "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN",
)
CODE = f"""
import json
from linli import settings
print(json.dumps({{name: getattr(settings, name) for name in {ASKED!r}}}))
"""


def settings_of(data: Path, **more: str) -> dict[str, Any]:
    command = [sys.executable, "-c", CODE]
    given = {**environment(data), **more}
    told: dict[str, Any] = json.loads(subprocess.check_output(command, env=given))
    return told


def test_data_served_to_an_office_stays_an_offices(tmp_path: Path) -> None:
    before = settings_of(tmp_path)
    assert (before["MODE"], before["SESSION_COOKIE_SECURE"]) == ("embedded", False)
    assert not before["SECOND_FACTOR_REQUIRED"]
    Office(tmp_path / "office", name="linli.local", port=9443, host="192.168.1.10").keep()

    # A settings file made for a server with nginx before it changes nothing of that.
    for_nginx = {"LINLI_PROXIES": "1", "LINLI_ORIGINS": "https://x.cn", "LINLI_HOSTS": "x.cn"}
    for told in (settings_of(tmp_path), settings_of(tmp_path, LINLI_MODE="office", **for_nginx)):
        assert told["MODE"] == "office"
        assert told["CSRF_TRUSTED_ORIGINS"] == ["https://linli.local:9443"]
        assert {"linli.local", "192.168.1.10", "localhost"} <= set(told["ALLOWED_HOSTS"])
        assert "x.cn" not in told["ALLOWED_HOSTS"]
        assert told["SESSION_COOKIE_SECURE"]
        assert told["CSRF_COOKIE_SECURE"]
        assert told["SECOND_FACTOR_REQUIRED"]
        assert (told["LINLI_PROXIES"], told["SECURE_PROXY_SSL_HEADER"]) == (0, None)
        assert told["SECURE_HSTS_SECONDS"] == 0, "another certificate must not lock phones out"
        assert not told["MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN"]
    assert (tmp_path / "keys.json").is_file(), "the keys are kept, as embedded"
    assert settings_of(tmp_path, LINLI_MODE="embedded")["MODE"] == "embedded"


def test_a_note_says_what_was_kept_and_a_damaged_one_nothing(tmp_path: Path) -> None:
    kept = Office(tmp_path / "office", name="linli.local", certificate="/a.pem", key="/a.key")
    kept.keep()
    assert note.read(tmp_path) == kept
    assert (tmp_path / "office" / note.NOTE).stat().st_mode & 0o077 == 0
    (tmp_path / "office" / note.NOTE).write_text('{"name": ')
    assert note.read(tmp_path) == Office(tmp_path / "office")


def test_what_lies_in_an_offices_network(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    inner = ("10.1.2.3", "172.31.0.1", "192.168.0.9", "169.254.1.1", "127.0.0.1", "fd00::1", "::1")
    outer = ("8.8.8.8", "172.32.0.1", "192.0.2.2", "100.64.0.1", "2001:db8::1", "linli.local", "")
    assert all(map(addresses.is_of_an_office, inner))
    assert not any(map(addresses.is_of_an_office, outer))
    monkeypatch.setattr(addresses, "of_this_machine", lambda: ["8.8.8.8", "192.168.0.9"])
    office = Office(tmp_path)
    assert office.addresses == ["192.168.0.9"]
    assert office.address == "https://192.168.0.9:8443"
    assert office.steps_address == "http://192.168.0.9:8080/"
    assert "127.0.0.1" not in addresses.of_this_machine()
