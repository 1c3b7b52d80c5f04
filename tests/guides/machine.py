"""A machine for trying a guide: a scratch folder in place of /var, /etc and /mnt, and `linli`."""

from __future__ import annotations

import base64
import os
import re
import secrets
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import dropwhile
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tests import prepared
from tests.guides.reading import ROOT, GuideCommand

BY_DAY = {"linli", "cp", "curl"}
STAYS = {"serve", "work"}
NEEDS_A_WORKER = ["linli", "check"]
MOVES = ["linli", "move-database"]
FOLDERS = (
    "opt/linli/bin",
    "usr/local/bin",
    "etc/linli",
    "var/lib/linli",
    "var/backups/linli",
    "mnt/keys",
    "mnt/offsite",
)
ADDRESS = re.compile(r"postgresql://linli_owner:PASSWORD@127\.0\.0\.1:5432/linli")
DATED = re.compile(r"linli-330212007-\d{8}-\d{4}\.backup")
LONGEST_START_S = 60.0


class WrongCommand(AssertionError):
    """A guide says something that does not work."""


def is_runnable(command: str) -> bool:
    """Is there a runner by day for this line?"""
    return _words(command)[0] in BY_DAY


def _words(command: str) -> list[str]:
    """Return the words of a line without the settings before them."""
    return list(dropwhile(re.compile(r"[A-Z_]+=").match, command.split()))


class Machine:
    """Somebody's machine; ``database`` is the empty one that a guide moves to.

    With ``is_migrated`` it begins with empty tables, where this run has them.
    """

    def __init__(self, root: Path, database: str = "", *, is_migrated: bool = True) -> None:
        self.root, self.database = root, database
        for folder in FOLDERS:
            (root / folder).mkdir(parents=True)
        self.data = root / "var/lib/linli"
        self.settings = root / "etc/linli/linli.env"
        self.work = root / "project"
        self.work.mkdir()
        (self.work / "deploy").symlink_to(ROOT / "deploy")
        self._install()
        if (
            is_migrated and prepared.copy().is_file()
        ):  # every migration from nothing takes half a minute
            shutil.copyfile(prepared.copy(), self.data / "linli.sqlite3")
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("LINLI_", "DATABASE_"))}
        programs = root / "usr/local/bin"
        self.environment = kept | {
            "PATH": f"{programs}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
        }

    def _install(self) -> None:
        """Lay out what deploy/install does: the program, the command, settings with new keys."""
        program = self.root / "opt/linli/bin/linli"
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m linli.faces.cli.main "$@"\n')
        command = self.root / "usr/local/bin/linli"
        text = (ROOT / "deploy/linli").read_text(encoding="utf-8")
        command.write_text(text.replace("\nROOT=\n", f"\nROOT={self.root}\n"), encoding="utf-8")
        for file in (program, command):
            file.chmod(0o755)
        lines = {
            "LINLI_MODE": "embedded",
            "LINLI_DATA": str(self.data),
            "LINLI_WORKERS": "1",
            "LINLI_SECRET_KEY": secrets.token_urlsafe(50),
            "LINLI_FIELD_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
            "LINLI_INDEX_KEY": secrets.token_urlsafe(32),
        }
        written = "".join(f"{name}={value}\n" for name, value in lines.items())
        self.settings.write_text(written, encoding="utf-8")

    def new_machine(self) -> Machine:
        """Return another one, with what was kept elsewhere: backups, keys, who was deleted."""
        other = Machine(self.root / "new", self.database)
        shutil.copytree(
            self.root / "var/backups/linli", other.root / "var/backups/linli", dirs_exist_ok=True
        )
        there = self.settings.read_text(encoding="utf-8").replace(str(self.data), str(other.data))
        (other.root / "mnt/keys/linli.env").write_text(there, encoding="utf-8")
        deleted = self.data / "deleted-keys.jsonl"
        if deleted.exists():
            shutil.copyfile(deleted, other.root / "mnt/keys/deleted-keys.jsonl")
        return other

    def mapped(self, command: str) -> str:
        """Return a line with this machine's folders, files and database."""
        command = re.sub(r"(?<![\w.])/(?=(?:var|etc|mnt)/)", f"{self.root}/", command)
        command = ADDRESS.sub(lambda _found: self.database, command)
        if DATED.search(command):
            made = sorted((self.root / "var/backups/linli").glob("linli-*.backup"))
            assert made, f"no backup for {command}"
            command = DATED.sub(made[-1].name, command)
        return command

    def run(self, command: GuideCommand) -> str:
        """Run one line as it stands; what stays is asked for a page and ended."""
        words = _words(command.text)
        if not is_runnable(command.text):
            raise WrongCommand(f"{command} has no runner, and no rehearsal drives it")
        if words[0] == "linli" and words[1] in STAYS:
            with self._started(command, self.mapped(command.text)):
                return ""
        line = self.mapped(command.text)
        if words[0] == "curl" or words[:2] == NEEDS_A_WORKER:
            with self._started(command, "linli serve", until="/health/") as port:
                return self._done(command, line.replace(":8000", f":{port}"))
        printed = self._done(command, line)
        if words[:2] == MOVES:
            with self.settings.open("a", encoding="utf-8") as settings:
                settings.write(f"DATABASE_URL={self.database}\n")
        return printed

    def python(self, code: str) -> None:
        """Run what a guide does on a page, in this installation."""
        program = self.root / "page.py"
        program.write_text(f"import django\ndjango.setup()\n{code}", encoding="utf-8")
        lines = self.settings.read_text(encoding="utf-8").splitlines()
        given = dict(line.split("=", 1) for line in lines)
        given |= self.environment | {"DJANGO_SETTINGS_MODULE": "linli.settings"}
        subprocess.run([sys.executable, str(program)], env=given, check=True)

    def _done(self, command: GuideCommand, line: str) -> str:
        done = subprocess.run(
            ["bash", "-c", line],
            env=self.environment,
            cwd=self.work,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            told = f"{done.stdout[-1500:]}{done.stderr[-1500:]}"
            raise WrongCommand(f"{command}: exit code {done.returncode}\n{told}")
        return done.stdout

    @contextmanager
    def _started(self, command: GuideCommand, line: str, until: str = "/sign-in/") -> Iterator[int]:
        """Start what stays until it is ended; a site is asked for a page."""
        port = _free_port()
        serves = "linli serve" in line
        asked = f"exec {line} --port {port}" if serves else f"exec {line}"
        if "--office" in line:  # this machine may be in no office's network
            asked += f" --host 127.0.0.1 --steps-port {_free_port()}"
        log = self.root / "log"
        with log.open("w") as out:
            running = subprocess.Popen(
                ["bash", "-c", asked],
                env=self.environment,
                cwd=self.work,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        try:
            if serves:
                scheme = "https" if "--office" in line else "http"
                page = f"{scheme}://localhost:{port}{until}"
                _wait_for(page, running, command, log, self.data)
            elif running.poll() is not None:
                raise WrongCommand(f"{command}: {log.read_text()[-1500:]}")
            yield port
        finally:
            running.send_signal(signal.SIGINT)
            try:
                running.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(running.pid, signal.SIGKILL)
                raise


def _wait_for(
    page: str, running: subprocess.Popen[bytes], said: GuideCommand, log: Path, data: Path
) -> None:
    give_up = time.monotonic() + LONGEST_START_S
    while time.monotonic() < give_up and running.poll() is None:
        try:
            root = data / "office" / "authority.pem"
            trust = ssl.create_default_context(cafile=root) if page.startswith("https") else None
            with urlopen(page, timeout=20, context=trust) as answer:
                assert answer.status == 200
                return
        except (URLError, ConnectionError, TimeoutError, FileNotFoundError):
            time.sleep(0.2)
    raise WrongCommand(f"{said}: no page\n{log.read_text()[-1500:]}")


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
