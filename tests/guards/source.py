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


def nodes(tree: ast.Module) -> list[ast.AST]:
    """Every node of a module; several rules look at the same ones, so they are kept on it."""
    if not hasattr(tree, "all_nodes"):
        tree.all_nodes = list(ast.walk(tree))  # type: ignore[attr-defined]
    return tree.all_nodes  # type: ignore[attr-defined,no-any-return]


def called(node: ast.Call) -> str:
    """The dotted name of what is called, as far as it is one; kept on the node."""
    if not hasattr(node, "name_called"):
        node.name_called = ast.unparse(node.func)  # type: ignore[attr-defined]
    return node.name_called  # type: ignore[attr-defined,no-any-return]


@cache
def listed(name: str) -> dict[str, str]:
    """A list of exceptions with their reasons: tests/guards/<name>.json."""
    found: dict[str, str] = json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))
    return found
