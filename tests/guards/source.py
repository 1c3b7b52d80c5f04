"""The product's own source, as the guards read it."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent


@cache
def python_files() -> tuple[Path, ...]:
    """Every module of the product, without migrations and tests."""
    skipped = ("migrations", "tests", "node_modules", "built")
    found = sorted((ROOT / "linli").rglob("*.py"))
    return tuple(f for f in found if not set(skipped) & set(f.relative_to(ROOT).parts))


def name_of(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def trees() -> Iterator[tuple[str, ast.Module]]:
    for file in python_files():
        yield name_of(file), ast.parse(file.read_text(encoding="utf-8"))


def called(node: ast.Call) -> str:
    """The dotted name of what is called, as far as it is one."""
    return ast.unparse(node.func)


@cache
def listed(name: str) -> dict[str, str]:
    """A list of exceptions with their reasons: tests/guards/<name>.json."""
    found: dict[str, str] = json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))
    return found
