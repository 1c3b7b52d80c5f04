"""A backup is restored beside the others, looked at, and removed; `linli check` remembers it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.db import connection

from linli.faces.cli import rehearsal_check
from linli.faces.cli.commands import rehearse_restore
from linli.faces.cli.main import main
from linli.register.people.models import Person
from tests import postgres
from tests.cli import rehearsing
from tests.scope.world import OURS, a_community, a_town, by_the_system

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
ROOT = Path(__file__).resolve().parents[2]


class Safe(NamedTuple):
    folder: Path
    file: Path
    said: Callable[[], str]

    def rehearse(self, *words: str) -> dict[str, Any]:
        code = main(["rehearse-restore", "--json", *words])
        printed = self.said()
        assert not list(self.folder.glob(".linli-rehearsal-*")), "the scratch is gone"
        return {
            "code": code,
            "said": printed,
            **json.loads(rehearsal_check.note_file().read_text()),
        }


@pytest.fixture
def safe(
    tmp_path: Path,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Safe:
    """A backup of a small town, and a scratch that need not migrate."""
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir()
    a_community(a_town(), OURS, "殷家", 3)
    with by_the_system():
        Person.objects.update(phone="13800000000")
    monkeypatch.setattr(rehearse_restore, "CODE", rehearsing.CODE)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    folder = tmp_path / "safe"
    assert main(["backup", "--into", str(folder)]) == 0
    capsys.readouterr()
    [file] = folder.glob("linli-*")
    return Safe(folder, file, lambda: (read := capsys.readouterr()).out + read.err)


def test_the_last_backup_passes(safe: Safe) -> None:
    told = safe.rehearse()
    assert (told["code"], told["good"], told["people"]) == (0, True, 3), told
    assert told["sealed"] >= 3, "values were opened with today's keys"
    assert told["file"] == str(safe.file)
    assert rehearsal_check.look_at_the_last()[0] == "good"
    assert Person.objects.model is Person, "this installation is untouched"
    with by_the_system():
        assert Person.objects.count() == 3


def test_a_flipped_byte_fails(safe: Safe) -> None:
    whole = safe.file.read_bytes()
    middle = len(whole) // 2
    safe.file.write_bytes(whole[:middle] + bytes([whole[middle] ^ 8]) + whole[middle + 1 :])
    told = safe.rehearse()
    assert (told["code"], told["good"]) == (2, False), told
    state, sentence, hint = rehearsal_check.look_at_the_last()
    assert (state, "损坏" in sentence, "linli rehearse-restore" in hint) == ("bad", True, True)


def test_other_keys_fail(safe: Safe, settings: Any) -> None:
    settings.LINLI_INDEX_KEY = "another index key, long enough to be one"
    told = safe.rehearse()
    assert (told["code"], told["good"]) == (1, False), told
    assert "密钥" in told["why"]


def test_one_that_is_gone_fails(safe: Safe) -> None:
    safe.file.unlink()
    told = safe.rehearse()
    assert (told["code"], told["good"], "不在" in told["why"]) == (2, False, True), told


def test_it_is_told_by_the_check(safe: Safe) -> None:
    assert rehearsal_check.look_at_the_last()[0] == "warn", "never"
    long_ago = (datetime.now(UTC) - timedelta(days=36)).isoformat()
    rehearsal_check.note(file="a", good=True)
    assert rehearsal_check.look_at_the_last()[0] == "good"
    rehearsal_check.note(file="a", good=True, at=long_ago)
    assert rehearsal_check.look_at_the_last()[0] == "warn"
    rehearsal_check.note_file().write_text("{")
    assert rehearsal_check.look_at_the_last()[0] == "bad"
    main(["check"])
    assert "✗ 恢复演练" in safe.said()


def test_a_stopped_one_removes_its_scratch(safe: Safe, tmp_path: Path) -> None:
    """Stopped by the system it cleans up itself; killed outright, the next one does."""
    scratch = lambda: list(safe.folder.glob(".linli-rehearsal-*"))  # noqa: E731
    for number in (signal.SIGTERM, signal.SIGKILL):
        begun = tmp_path / f"begun-{number}"
        with _running(safe, begun) as process:
            _until(begun.exists)
            assert [folder.stat().st_mode & 0o777 for folder in scratch()] == [0o700]
            process.send_signal(number)
            process.wait(10)
            assert bool(scratch()) == (number == signal.SIGKILL)
    assert safe.rehearse()["good"], "also after the killed one"


@pytest.fixture
def empty_server_database() -> Iterator[str]:
    if connection.vendor != "postgresql":
        pytest.skip("on PostgreSQL")
    address = postgres.url().replace("/linli?", "/linli_rehearsal?")
    host = address.partition("host=")[2]
    tools = postgres.binaries()
    words = ["-h", host, "-U", postgres.OWNER]
    template = ["-T", postgres.TEMPLATE]
    subprocess.run([tools / "createdb", *words, *template, "linli_rehearsal"], check=True)
    yield address
    subprocess.run([tools / "dropdb", *words, "--force", "linli_rehearsal"], check=True)


def test_on_a_servers_own_database(safe: Safe, empty_server_database: str) -> None:
    told = safe.rehearse("--database", empty_server_database)
    assert (told["code"], told["good"], told["people"]) == (0, True, 3), told
    # It is empty again: without the test's help, which calls it so the first time.
    import psycopg

    with psycopg.connect(empty_server_database) as server:
        left = server.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        assert left.fetchone() == (0,)
        left = server.execute(
            "SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
            " AND proname LIKE '%linli%'"
        )
        assert left.fetchone() == (0,)


def _until(is_so: Callable[[], bool]) -> None:
    for _ in range(200):
        if is_so():
            return
        time.sleep(0.05)
    raise AssertionError("it never began")


class _running:
    """A rehearsal in a process of its own, whose scratch process waits once it has begun."""

    def __init__(self, safe: Safe, begun: Path) -> None:
        code = (
            "from linli.faces.cli.commands import rehearse_restore as command; from tests.cli "
            "import rehearsing; command.CODE = rehearsing.CODE; from linli.faces.cli.main import "
            "main; raise SystemExit(main())"
        )
        data = safe.folder.parent / f"of-{begun.name}"
        data.mkdir()
        env = os.environ | {
            "LINLI_DATA": str(data),
            "LINLI_MODE": "test",
            "DATABASE_URL": "",
            "TEST_STOP_AT": str(begun),
        }
        words = [sys.executable, "-c", code, "rehearse-restore", str(safe.file)]
        self.process = subprocess.Popen(words, env=env, start_new_session=True)

    def __enter__(self) -> subprocess.Popen[bytes]:
        return self.process

    def __exit__(self, *_wrong: object) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
