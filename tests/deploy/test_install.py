"""deploy/install, with stand-ins for Python and the product: what is done, in which order."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Stands for Debian's Python: `-m venv DIR` makes an environment whose parts write down their calls.
PYTHON = """#!/usr/bin/env bash
set -eu
mkdir -p "$3/bin"
cp "$STAND_INS/pip" "$3/bin/python"
"""
PIP = """#!/usr/bin/env bash
set -eu
echo "pip $*" >> "$CALLS"
[ "${FAILS:-}" != pip ]
cp "$STAND_INS/linli" "$(dirname "$0")/linli"
"""
LINLI = """#!/usr/bin/env bash
version=$(basename "$(dirname "$(dirname "$(readlink -f "$0")")")")
echo "$version $*" >> "$CALLS"
case $1 in
  keys) echo LINLI_SECRET_KEY=one; echo LINLI_FIELD_KEYS=two; echo LINLI_INDEX_KEY=three ;;
  backup) touch "$2" ;;
  env) env ;;
esac
[ "${FAILS:-}" != "$1" ]
"""
UNIT = "[Service]\nExecStart=/opt/linli/bin/linli work\nEnvironmentFile=/etc/linli/linli.env\n"
SITE = "server { root /var/lib/linli; proxy_pass http://127.0.0.1:8000; }\n"


@dataclass
class Server:
    """A scratch root, the folder it is installed from, and what was called."""

    top: Path
    root: Path
    calls: Path
    stand_ins: Path

    def release(self, version: str) -> None:
        """Put a version's wheel beside the script."""
        shutil.rmtree(self.top / "dist", ignore_errors=True)
        (self.top / "dist").mkdir()
        (self.top / "dist" / f"linli-{version}-py3-none-any.whl").touch()

    def install(self, *words: str, fails: str = "") -> subprocess.CompletedProcess[str]:
        """Run the script; ``fails`` names the call that goes wrong."""
        self.calls.write_text("", encoding="utf-8")
        return subprocess.run(
            [str(self.top / "deploy/install"), "--root", str(self.root), *words],
            env={**self.environment, "FAILS": fails},
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def environment(self) -> dict[str, str]:
        """What the stand-ins need to know."""
        mine = {"PYTHON": str(self.stand_ins / "python3"), "STAND_INS": str(self.stand_ins)}
        return {**os.environ, **mine, "CALLS": str(self.calls)}

    @property
    def called(self) -> list[str]:
        """Return the calls of the last run, without paths' roots."""
        text = self.calls.read_text(encoding="utf-8").replace(str(self.root), "")
        return text.splitlines()

    @property
    def settings(self) -> Path:
        """Return the file of settings."""
        return self.root / "etc/linli/linli.env"

    @property
    def in_use(self) -> str:
        """Return the environment that /opt/linli leads to."""
        return os.readlink(self.root / "opt/linli")


@pytest.fixture
def server(tmp_path: Path) -> Server:
    """A release of 0.3.0 with units and a site, and nothing installed."""
    top, stand_ins = tmp_path / "release", tmp_path / "stand-ins"
    shutil.copytree(ROOT / "deploy", top / "deploy")
    (top / "requirements").mkdir()
    (top / "requirements/run.txt").touch()
    for name, text in (("systemd/linli-worker.service", UNIT), ("nginx/linli.conf", SITE)):
        file = top / "deploy" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    stand_ins.mkdir()
    for name, text in (("python3", PYTHON), ("pip", PIP), ("linli", LINLI)):
        (stand_ins / name).write_text(text, encoding="utf-8")
        (stand_ins / name).chmod(0o755)
    made = Server(top, tmp_path / "root", tmp_path / "calls", stand_ins)
    made.release("0.3.0")
    return made


def test_a_first_install_lays_everything_in_its_place(server: Server) -> None:
    done = server.install(fails="users")  # nobody there yet
    assert done.returncode == 0, done.stderr
    assert server.in_use == "linli-0.3.0"
    text = server.settings.read_text(encoding="utf-8")
    assert text.endswith("LINLI_SECRET_KEY=one\nLINLI_FIELD_KEYS=two\nLINLI_INDEX_KEY=three\n")
    assert f"LINLI_DATA={server.root}/var/lib/linli\n" in text
    assert server.settings.stat().st_mode & 0o777 == 0o640
    for folder in ("var/lib/linli", "var/backups/linli", "etc/linli"):
        assert (server.root / folder).stat().st_mode & 0o777 == 0o750
    unit = (server.root / "etc/systemd/system/linli-worker.service").read_text(encoding="utf-8")
    assert f"ExecStart={server.root}/opt/linli/bin/linli work\n" in unit
    assert f"EnvironmentFile={server.root}/etc/linli/linli.env\n" in unit
    assert "linli init" in done.stdout


def test_only_pinned_packages_and_the_wheel_are_installed(server: Server) -> None:
    server.install()
    asked = [call for call in server.called if call.startswith("pip ")]
    assert len(asked) == 2
    assert asked[0].endswith(f"--require-hashes -r {server.top}/requirements/run.txt")
    assert "--no-deps" in asked[1]
    assert asked[1].endswith("linli-0.3.0-py3-none-any.whl")


def test_a_second_run_leaves_settings_keys_and_site_as_they_are(server: Server) -> None:
    server.install()
    site = server.root / "etc/nginx/sites-available/linli.conf"
    edited = server.settings.read_text(encoding="utf-8").replace("=one", "=mine")
    server.settings.write_text(edited, encoding="utf-8")
    site.write_text("server_name linli.example;\n", encoding="utf-8")
    assert server.install().returncode == 0
    assert server.settings.read_text(encoding="utf-8") == edited
    assert site.read_text(encoding="utf-8") == "server_name linli.example;\n"
    assert "linli-0.3.0 keys" not in server.called


def test_settings_without_keys_are_never_left_behind(server: Server) -> None:
    assert server.install(fails="keys").returncode != 0
    assert not server.settings.exists()
    assert server.install().returncode == 0
    assert "LINLI_INDEX_KEY=three" in server.settings.read_text(encoding="utf-8")


def test_the_command_reads_settings_like_systemd_not_like_a_shell(server: Server) -> None:
    server.install()
    odd = 'DATABASE_URL=postgresql://a:p$HOME`id`@h/l?x=1&y=2 3\nLINLI_HOSTS="a.cn,b.cn"\n# A=B\n'
    with server.settings.open("a", encoding="utf-8") as out:
        out.write(odd + "LINLI_LAST=no end of line")
    said = subprocess.run(
        [str(server.root / "usr/local/bin/linli"), "env"],
        env=server.environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    assert "DATABASE_URL=postgresql://a:p$HOME`id`@h/l?x=1&y=2 3" in said
    assert "LINLI_HOSTS=a.cn,b.cn" in said
    assert "LINLI_LAST=no end of line" in said
    assert not [line for line in said if line.startswith("# A")]


def of_product(server: Server) -> list[str]:
    """Return the product's own calls, each without what follows its first two words."""
    calls = [call.split() for call in server.called if not call.startswith("pip ")]
    return [" ".join(call[:2]) for call in calls]


def test_an_upgrade_backs_up_with_the_old_and_checks_with_the_new(server: Server) -> None:
    server.install()
    server.release("0.4.0")
    done = server.install("--upgrade")
    assert done.returncode == 0, done.stderr
    assert of_product(server) == ["linli-0.3.0 backup", "linli-0.4.0 migrate", "linli-0.4.0 check"]
    assert server.in_use == "linli-0.4.0"
    assert len(list((server.root / "var/backups/linli").glob("before-0.4.0-*.backup"))) == 1
    # What takes long is done before anything is stopped.
    calls = server.called
    assert max(n for n, call in enumerate(calls) if call.startswith("pip ")) < calls.index(
        next(call for call in calls if "backup" in call)
    )


@pytest.mark.parametrize("fails", ["pip", "backup"])
def test_an_upgrade_that_fails_early_changes_nothing(server: Server, fails: str) -> None:
    server.install()
    server.release("0.4.0")
    done = server.install("--upgrade", fails=fails)
    assert done.returncode != 0
    assert server.in_use == "linli-0.3.0"
    assert "还是原来的版本，数据没有动" in done.stderr
    assert "linli-0.4.0 migrate" not in of_product(server)


@pytest.mark.parametrize("fails", ["migrate", "check"])
def test_an_upgrade_that_fails_late_says_how_to_go_back(server: Server, fails: str) -> None:
    server.install()
    server.release("0.4.0")
    done = server.install("--upgrade", fails=fails)
    assert done.returncode != 0
    (backup,) = (server.root / "var/backups/linli").glob("before-*")
    assert f"linli restore {backup}" in done.stderr
    back = next(line for line in done.stderr.splitlines() if "ln -sfn" in line)
    subprocess.run(back.split()[1:], check=True)
    assert server.in_use == "linli-0.3.0"


def test_what_cannot_be_done_is_refused_in_words(server: Server) -> None:
    assert "还没有装邻里" in server.install("--upgrade").stderr
    server.install()
    assert "装着的就是 0.3.0" in server.install("--upgrade").stderr
    assert "不认识的选项：--fast" in server.install("--fast").stderr
    shutil.rmtree(server.top / "dist")
    assert "先 make wheel" in server.install().stderr


def test_the_container_gets_the_version_and_no_settings(server: Server) -> None:
    assert server.install("--container").returncode == 0
    assert server.in_use == "linli-0.3.0"
    assert not server.settings.exists()
    assert of_product(server) == []


@pytest.mark.parametrize(
    ("mode", "started"),
    [
        ("office", {"linli-office.service"}),
        ("production", {"linli-web.service", "linli-worker.service"}),
    ],
)
def test_an_office_is_one_unit_and_a_server_behind_nginx_two(
    tmp_path: Path, mode: str, started: set[str]
) -> None:
    settings = tmp_path / "linli.env"
    settings.write_text(f"# LINLI_MODE=office\nLINLI_MODE={mode}\n", encoding="utf-8")
    script = (ROOT / "deploy/install").read_text(encoding="utf-8")
    functions = script[script.index("is_office()") : script.index("start()")]
    done = subprocess.run(
        ["bash", "-c", f"{functions}\nservices"],
        env={**os.environ, "HERE": str(ROOT / "deploy"), "SETTINGS": str(settings)},
        capture_output=True,
        text=True,
        check=True,
    )
    said = set(done.stdout.split())
    assert {unit for unit in said if unit.endswith(".service")} == started
    assert "linli-backup.timer" in said
