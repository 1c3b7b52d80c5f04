"""The rehearsed machine: its scratch root, servers and units, and what its people know."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from tools.rehearsal.scratch import PROJECT, Scratch
from tools.rehearsal.servers import Nginx, PostgreSQL
from tools.rehearsal.units import Unit

LONGEST_START_S = 60.0


@dataclass
class Machine:
    """Everything that one installation consists of."""

    scratch: Scratch
    wheel: Path
    database: PostgreSQL
    nginx: Nginx
    web: Unit
    worker: Unit
    # What is told once and remembered: passwords, secrets, what was reported.
    known: dict[str, str] = field(default_factory=dict)

    @classmethod
    def at(cls, root: Path, wheel: Path | None) -> Machine:
        """Lay out a machine in a scratch root; nothing runs yet."""
        scratch = Scratch(root)
        built = sorted((PROJECT / "dist").glob("linli-*.whl"), key=lambda one: one.stat().st_mtime)
        if wheel is None and not built:
            raise SystemExit("no wheel in dist/: make wheel")
        return cls(
            scratch,
            (wheel or built[-1]).resolve(),
            PostgreSQL(scratch),
            Nginx(scratch),
            Unit(scratch, "linli-web"),
            Unit(scratch, "linli-worker"),
        )

    def health(self) -> tuple[int, dict[str, object]]:
        """Ask /health/ on the inner address; status 0 where nobody answers."""
        where = f"http://127.0.0.1:{self.scratch.web}/health/"
        try:
            with urlopen(Request(where), timeout=10) as answer:
                return answer.status, json.loads(answer.read())
        except HTTPError as wrong:
            return wrong.code, json.loads(wrong.read() or b"{}")
        except (URLError, OSError):
            return 0, {}

    def wait_until_sound(self, seconds: float = LONGEST_START_S) -> float:
        """Wait until /health/ says that all is well; return how long that took."""
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            status, said = self.health()
            if status == 200:
                return time.monotonic() - began
            time.sleep(0.1)
        raise RuntimeError(f"not sound after {seconds:.0f} s: {status} {said}")

    def stop(self) -> None:
        """End every program of this machine."""
        for end in (self.web.stop, self.worker.stop, self.nginx.stop, self.database.stop):
            try:
                end()
            except (RuntimeError, OSError):  # it was never started, or has ended
                continue

    def last_words(self) -> str:
        """Return the ends of all logs, for whoever looks why a step failed."""
        logs = [self.web.last_words(), self.worker.last_words()]
        error = self.scratch.at("/etc/nginx/error.log")
        if error.exists():
            logs.append(error.read_text(errors="replace")[-2000:])
        return "\n".join(logs)
