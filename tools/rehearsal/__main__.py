"""Install everything into a scratch root, drive it as its people do, and say what was seen.

``python -m tools.rehearsal [--keep] [--wheel FILE]``: exit code 0 when every step went well.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

from tools.rehearsal.machine import Machine
from tools.rehearsal.steps import STEPS


def main() -> int:
    """Go through the steps in order; the first that fails ends it."""
    parser = argparse.ArgumentParser(prog="make rehearse-deploy", description=__doc__)
    parser.add_argument("--wheel", type=Path, help="the built wheel (default: the one in dist/)")
    parser.add_argument("--keep", action="store_true", help="leave the scratch root")
    options = parser.parse_args()
    root = Path(tempfile.mkdtemp(prefix="linli-rehearsal-", dir="/tmp"))
    root.chmod(0o755)  # other users' programs live in it, too
    machine = Machine.at(root, options.wheel)
    try:
        for step in STEPS:
            began = time.monotonic()
            seen = step(machine)
            print(f"✓ {time.monotonic() - began:6.1f} s  {_title(step)}: {seen}", flush=True)
    except Exception:
        print(f"✗ {_title(step)}\n{machine.last_words()}", file=sys.stderr)
        raise
    finally:
        machine.stop()
        if not options.keep:
            shutil.rmtree(root, ignore_errors=True)
    return 0


def _title(step: object) -> str:
    return (step.__doc__ or "").splitlines()[0].rstrip(".")


if __name__ == "__main__":
    sys.exit(main())
