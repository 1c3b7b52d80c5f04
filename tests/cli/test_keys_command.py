"""Keys for an environment file, before there are any settings."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from linli.core.runtime import environment
from linli.faces.cli.main import main

NAMES = ["LINLI_SECRET_KEY", "LINLI_FIELD_KEYS", "LINLI_INDEX_KEY"]


def pairs(text: str) -> dict[str, str]:
    return dict(line.split("=", 1) for line in text.splitlines())


def test_they_come_before_the_settings_that_would_refuse_to_be_without_them(tmp_path: Path) -> None:
    given = {k: v for k, v in os.environ.items() if not k.startswith("LINLI_")}
    given |= {"LINLI_MODE": "production", "LINLI_DATA": str(tmp_path)}
    words = [sys.executable, "-m", "linli.faces.cli.main"]
    run = {"env": given, "capture_output": True, "text": True, "check": False}
    made = subprocess.run([*words, "keys"], **run)  # type: ignore[call-overload]
    assert made.returncode == 0, made.stderr
    keys = pairs(made.stdout)
    assert list(keys) == NAMES
    assert all(len(value) >= 32 for value in keys.values())
    assert not list(tmp_path.iterdir()), "nothing was made beside them"
    # The control: any other command is refused there.
    assert subprocess.run([*words, "check"], **run).returncode == 2  # type: ignore[call-overload]


def test_production_takes_them(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    main(["keys"])
    first = pairs(capsys.readouterr().out)
    main(["keys"])
    assert set(first.values()).isdisjoint(pairs(capsys.readouterr().out).values())
    for name, value in first.items():
        monkeypatch.setenv(name, value)
    kept = environment.keys("production", tmp_path)
    assert list(kept.values()) == list(first.values())


def test_a_file_is_for_its_owner_alone_and_never_written_over(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "linli.env"
    assert main(["keys", "--to", str(file)]) == 0
    assert file.stat().st_mode & 0o777 == 0o600
    before = file.read_text()
    assert list(pairs(before)) == NAMES
    assert not any(value in capsys.readouterr().out for value in pairs(before).values())
    assert main(["keys", "--to", str(file)]) == 2
    assert "已经在了" in capsys.readouterr().err
    assert file.read_text() == before


def test_those_of_the_data_are_told_again(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LINLI_DATA", str(tmp_path))
    assert main(["keys", "--of-data"]) == 2
    assert "没有" in capsys.readouterr().err
    kept = environment.kept_keys(tmp_path)
    assert main(["keys", "--of-data", "--json"]) == 0
    assert list(json.loads(capsys.readouterr().out).values()) == list(kept.values())
    (tmp_path / "keys.json").write_text("")
    assert main(["keys", "--of-data"]) == 2
    assert "损坏" in capsys.readouterr().err


def test_keys_are_made_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty file, left by a process that was killed, would end every later start."""

    def killed(*words: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as only:
        only.setattr(environment.json, "dump", killed)
        with pytest.raises(KeyboardInterrupt):
            environment.kept_keys(tmp_path)
    assert not list(tmp_path.iterdir())
    first = environment.kept_keys(tmp_path)
    environment._make_keys(tmp_path / "keys.json")
    assert environment.kept_keys(tmp_path) == first, "whoever comes second reads the first's"
