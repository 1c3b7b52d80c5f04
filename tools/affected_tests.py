"""Run the tests that a change touches: ``make test-changed``; ``--dry-run`` lists them.

Changed is what differs from where the main branch was left, committed or not. A module touches the
tests of its app and every test that imports it, by however many others; a template or an asset the
tests of its app; what shapes everything, everything. Guards that read the source always run.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import grimp

ROOT = Path(__file__).resolve().parents[1]
EVERYTHING = ("conftest.py", "pyproject.toml", "requirements/", "linli/settings.py")
TRUNKS = ("origin/HEAD", "origin/main", "main")
SOURCE_READERS = "tests.guards.source"


def _git(*words: str) -> list[str]:
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.splitlines() if not done.returncode else []


def changed_files() -> list[str]:
    """Return what differs from the main branch, in commits and in the working tree."""
    base = next((found[0] for one in TRUNKS if (found := _git("merge-base", "HEAD", one))), "HEAD")
    new = _git("ls-files", "--others", "--exclude-standard", "*.*")
    return sorted({*_git("diff", "--name-only", base), *new})


@cache
def graph() -> Any:
    """Return who imports whom, in the product and in the tests."""
    sys.path.insert(0, str(ROOT))
    return grimp.build_graph("linli", "tests", cache_dir=None)


def module_of(file: str) -> str:
    """Return the dotted name of a Python file."""
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def is_test(name: str) -> bool:
    """Is this the dotted name of a module of tests?"""
    return name.rpartition(".")[2].startswith("test_")


def tests_below(folder: str) -> set[str]:
    """Return the test files in a folder and below."""
    found = (ROOT / folder).rglob("test_*.py")
    return {file.relative_to(ROOT).as_posix() for file in found}


def importers(module: str) -> set[str]:
    """Return the test files that import a module, by however many others."""
    if module not in graph().modules:
        return set()
    above = filter(is_test, graph().find_downstream_modules(module))
    return {f"{name.replace('.', '/')}.py" for name in above}


def of_the_app(file: str) -> set[str]:
    """Return the tests of the app that a file of the product is in."""
    parts = file.split("/")
    if parts[0] != "linli" or len(parts) < 4:
        return set()
    return tests_below("/".join(parts[:3])) | tests_below(f"tests/{parts[2]}")


def touched_by(file: str) -> set[str]:
    """Return the test files that one changed file touches."""
    if file.startswith(EVERYTHING):
        return tests_below("tests") | tests_below("linli")
    if file.endswith("/conftest.py"):
        return tests_below(str(Path(file).parent))
    found = set() if "/tests/" in file else of_the_app(file)
    if file.endswith(".py") and file.startswith(("linli/", "tests/")):
        found |= importers(module_of(file))
        found |= {file} if is_test(module_of(file)) and (ROOT / file).is_file() else set()
    return found


def affected(files: Iterable[str]) -> list[str]:
    """Return the test files that changed files touch, with the guards that read the source."""
    guards = importers(SOURCE_READERS) | {"tests/guards/test_docs.py"}
    return sorted(guards.union(*map(touched_by, files)))


def main() -> int:
    """List or run them; what this script does not know is given on to pytest."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dry-run", action="store_true")
    asked, more = parser.parse_known_args()
    files = affected(changed_files())
    if asked.dry_run:
        print("\n".join(files))
        return 0
    command = [sys.executable, "-m", "pytest", "-n", "3", "--dist", "worksteal", *more, *files]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main())
