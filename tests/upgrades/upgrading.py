"""What an operator does with a new version, in one process: ``python -m tests.upgrades.upgrading``.

It upgrades the installation of the environment, looks at it and backs it up; then it restores an
archive that an old version made, and looks and backs up again. It prints one line of JSON.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
from typing import Any

from linli.faces.cli.main import main as linli

KNOWN_PERSON, KNOWN_PHONE = "虞阿香", "14300000001"


def asked(*words: str) -> dict[str, Any]:
    """Run a command of the product and return its answer."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        code = linli([*words, "--json"])
    if code == 2:
        raise SystemExit(f"{words}: refused")
    lines = out.getvalue().splitlines()
    return {"code": code, **(json.loads(lines[-1]) if lines else {})}


def look(into: str) -> dict[str, Any]:
    """Check the installation, walk the journal's chain, open what is sealed, back everything up."""
    from linli.core.scope import system_scope
    from linli.register.people.models import Person

    checked, journal = asked("check", "--stored"), asked("journal", "verify")
    with system_scope("does a sealed value open"):
        phone = Person.objects.get(name=KNOWN_PERSON).phone
    return {
        "bad": [
            f"{f['what']}: {f['sentence']}" for f in checked["findings"] if f["state"] == "bad"
        ],
        "journal": journal,
        "phone": phone,
        "backup": asked("backup", into)["code"],
    }


def main(archive: str, restored: str, upgraded: str = "") -> None:
    """Upgrade; then restore what an old version backed up."""
    said: dict[str, Any] = {"migrate": asked("migrate")}
    if upgraded:
        said["upgraded"] = look(upgraded)
    asked("restore", archive, *(["--force"] if upgraded else []))
    said["restored"] = look(restored)
    print(json.dumps(said, ensure_ascii=False))


if __name__ == "__main__":
    main(*sys.argv[1:])
