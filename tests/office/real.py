"""A real office: `linli serve --office` on this machine, and phones that trust it or do not."""

from __future__ import annotations

import os
import re
import shutil
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from linli.core.office.note import Office
from tests import prepared
from tests.browser import CHROMIUM
from tools.rehearsal.scratch import free_port

LINLI = [sys.executable, "-m", "linli.faces.cli.main"]
FLAGS = ["--no-sandbox", "--disable-gpu"]
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
LONGEST_START_S = 60.0


@dataclass
class RealOffice:
    """An office that is served; by name or by number."""

    data: Path
    port: int
    steps_port: int
    said: Path

    @property
    def by_name(self) -> str:
        return f"https://localhost:{self.port}"

    @property
    def by_number(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    @property
    def root(self) -> Path:
        return self.data / "office" / "authority.pem"


def environment(data: Path) -> dict[str, str]:
    """Where nothing says how it is to be run: the command itself does."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("LINLI_", "DATABASE_"))}
    return {**kept, "LINLI_DATA": str(data), "LINLI_WORKERS": "1"}


def linli(data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [*LINLI, *words]
    return subprocess.run(
        command, env=environment(data), capture_output=True, text=True, check=False
    )


def an_installation(data: Path) -> Path:
    """Make the tables, quickly where this run has them."""
    data.mkdir()
    if prepared.copy().is_file():
        shutil.copyfile(prepared.copy(), data / "linli.sqlite3")
    else:
        assert linli(data, "migrate").returncode == 0
    return data


@contextmanager
def an_office(data: Path, *, knows_already: bool = False) -> Iterator[RealOffice]:
    """Serve it until the block ends."""
    office = RealOffice(data, free_port(), free_port(), data / "said")
    ports = ("--port", str(office.port), "--steps-port", str(office.steps_port))
    work = []
    if knows_already:  # so it need not begin again with other settings
        work = ["--no-work"]
        note = Office(data / "office", "", office.port, office.steps_port, "127.0.0.1")
        note.keep()
    with office.said.open("w") as out:
        running = subprocess.Popen(
            [*LINLI, "serve", "--office", "--host", "127.0.0.1", *ports, *work],
            env=environment(data),
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        _wait_for(office, running)
        yield office
    finally:
        running.send_signal(signal.SIGINT)
        try:
            running.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGKILL)
            raise


def _wait_for(office: RealOffice, running: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + LONGEST_START_S
    while time.monotonic() < until and running.poll() is None:
        try:
            trust = ssl.create_default_context(cafile=office.root)
            with urlopen(f"{office.by_name}/sign-in/", context=trust, timeout=20):
                return
        except (URLError, OSError):
            time.sleep(0.2)
    raise AssertionError(f"no page\n{office.said.read_text()[-1500:]}")


@contextmanager
def a_browser(home: Path, trusts: Path | None = None) -> Iterator[Any]:
    """Give a Chromium of a user of its own, whose certificates are there."""
    from playwright.sync_api import sync_playwright

    home.mkdir()
    if trusts is not None:
        _trust(home, trusts)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=FLAGS, env={**os.environ, "HOME": str(home)}
        )
        try:
            yield browser
        finally:
            browser.close()


def _trust(home: Path, root: Path) -> None:
    store = home / ".pki" / "nssdb"
    store.mkdir(parents=True)
    here = ["certutil", "-d", f"sql:{store}"]
    subprocess.run([*here, "-N", "--empty-password"], check=True)
    subprocess.run([*here, "-A", "-n", "linli", "-t", "C,,", "-i", root], check=True)


def first_password(said: str) -> tuple[str, str]:
    """Return name and first password as a command or a page told them."""
    found = re.search(r"用户名\s*(\w+)\b.*?密码\s+(\w{10,})", said, re.S)
    assert found, said
    return found[1], found[2]
