"""A small stand-in for systemd: runs the lines of the unit files and starts again what dies."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import threading
import time
from collections import defaultdict
from pathlib import Path

from tools.rehearsal.scratch import PROJECT, Scratch

UNITS = PROJECT / "deploy" / "systemd"
STOPPING_S = 60.0


def options(unit: str, folder: Path = UNITS) -> dict[str, list[str]]:
    """Return what a unit file says, each option with all its values."""
    said: dict[str, list[str]] = defaultdict(list)
    for line in (folder / unit).read_text(encoding="utf-8").splitlines():
        name, is_option, value = line.partition("=")
        if is_option and not line.startswith("#"):
            said[name].append(value)
    return said


class Unit:
    """One service: started, started again when it dies, stopped as a whole."""

    def __init__(self, scratch: Scratch, name: str) -> None:
        self.scratch, self.name = scratch, name
        self.log = scratch.at(f"/var/log/{name}.log")
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.restarts, self._is_wanted = 0, False
        self.running: subprocess.Popen[bytes] | None = None

    @property
    def said(self) -> dict[str, list[str]]:
        """Return what its file says, as it was installed."""
        return options(f"{self.name}.service", self.scratch.at("/etc/systemd/system"))

    def command(self) -> list[str]:
        """Return the line that it runs, with the ports of the scratch root."""
        return shlex.split(self.scratch.mapped(self.said["ExecStart"][0]))

    def once(self) -> str:
        """Run a oneshot unit to its end."""
        done = subprocess.run(
            self.command(),
            env=self.scratch.environment(),
            cwd=self.scratch.at("/var/lib/linli"),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            said = f"{done.stdout}{done.stderr}"
            raise RuntimeError(f"{self.name}: exit code {done.returncode}\n{said}")
        return done.stdout

    def start(self) -> None:
        """Start it and look after it."""
        self._is_wanted = True
        self._begin()
        threading.Thread(target=self._look_after, daemon=True).start()

    def _begin(self) -> None:
        with self.log.open("ab") as out:
            self.running = subprocess.Popen(
                self.command(),
                env=self.scratch.environment(),
                cwd=self.scratch.at("/var/lib/linli"),
                stdout=out,
                stderr=out,
                start_new_session=True,
            )

    def _look_after(self) -> None:
        while self._is_wanted and self.running is not None:
            self.running.wait()
            if not self._is_wanted or self.said["Restart"] != ["always"]:
                return
            # systemd ends what is left of the unit before it starts it anew.
            self._signal_all(signal.SIGKILL)
            time.sleep(float(self.said["RestartSec"][0]))
            self.restarts += 1
            self._begin()

    def members(self) -> dict[int, str]:
        """Return the processes of the unit with their command lines."""
        if self.running is None:
            return {}
        listed = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
                line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:  # it has ended meanwhile
                continue
            if int(fields[3]) == self.running.pid and fields[0] != "Z":
                listed[int(folder.name)] = line
        return listed

    def _signal_all(self, number: signal.Signals) -> None:
        for pid in self.members():
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                continue

    def stop(self) -> None:
        """End it as systemd does with KillMode=mixed: first its head, then what is left."""
        self._is_wanted = False
        if self.running is None:
            return
        self.running.terminate()
        try:
            self.running.wait(STOPPING_S)
        except subprocess.TimeoutExpired:
            self.running.kill()
        self._signal_all(signal.SIGKILL)

    def last_words(self) -> str:
        """Return the end of its log."""
        return self.log.read_text(errors="replace")[-3000:] if self.log.exists() else ""
