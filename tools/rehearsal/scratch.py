"""A root of its own: where the installed files lie, on which ports their programs listen."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
# What an installed path begins with, as the units, nginx and the guides name it.
INSTALLED = re.compile(
    r"(?<![\w.-])/(?=(?:opt/linli|etc/(?:linli|ssl/linli|nginx|systemd)|var/(?:lib|backups)/linli"
    r"|var/log/nginx|var/www/html|usr/share/linli)\b)"
)
# Whose programs refuse to run as root get this user.
NOBODY = {"user": "nobody", "group": "nogroup", "extra_groups": []}


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@dataclass
class Scratch:
    """The scratch root and what stands for the machine's ports."""

    root: Path
    web: int = field(default_factory=free_port)
    http: int = field(default_factory=free_port)
    https: int = field(default_factory=free_port)
    database: int = field(default_factory=free_port)

    def at(self, installed: str) -> Path:
        """Return where an installed path lies here."""
        return self.root / installed.lstrip("/")

    def mapped(self, text: str) -> str:
        """Return a line of a unit or a setting with the paths and the port of this root."""
        text = INSTALLED.sub(f"{self.root}/", text)
        return re.sub(r"(?<=--port )8000\b", str(self.web), text)

    def settings(self) -> dict[str, str]:
        """Return what /etc/linli/linli.env sets, as systemd reads it."""
        lines = self.at("/etc/linli/linli.env").read_text(encoding="utf-8").splitlines()
        pairs = (line.split("=", 1) for line in lines if "=" in line and line[0] not in "#;")
        return {name.strip(): value.strip().strip('"') for name, value in pairs}

    def environment(self) -> dict[str, str]:
        """Return what a unit's program finds: its settings and nothing of whoever rehearses."""
        return {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", **self.settings()}

    def linli(self, *words: str, **more: str) -> str:
        """Run a command of the installed product with the installed settings."""
        if more:  # another database or another folder than the settings say
            program, env = self.at("/opt/linli/bin/linli"), {**self.environment(), **more}
        else:
            program, env = self.at("/usr/local/bin/linli"), {"PATH": "/usr/bin:/bin"}
        return run(str(program), *words, env=env, cwd=self.at("/var/lib/linli"))


def run(*words: str, env: dict[str, str] | None = None, cwd: Path | None = None) -> str:
    """Run a program to its end; what it said is in the error when it fails."""
    done = subprocess.run(words, env=env, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(words)}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def someone() -> dict[str, object]:
    """Return as whom a program runs that refuses root."""
    return dict(NOBODY) if os.geteuid() == 0 else {}


def found(program: str) -> str:
    """Return where a program lies; the administrator's are not on everybody's path."""
    path = shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    if path is None:
        raise RuntimeError(f"{program} is missing: apt-get install {program}")
    return path
