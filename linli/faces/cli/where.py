"""Where does a thing of the product live? Asked with a word, an address or an error code."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.urls import Resolver404, resolve

from linli.core import autodiscover
from linli.core.actions import ACTIONS
from linli.core.fields import DICTIONARY
from linli.core.rules import RULES
from linli.faces.cli.checkout import ROOT, is_checkout

PACKAGE = ROOT / "linli"
RENDERED = re.compile(r"[\"']([\w/-]+\.(?:html|txt|typ))[\"']")


@dataclass(frozen=True)
class SourcePlace:
    """One place in the source: what it is, where, and a few words."""

    what: str
    where: str
    words: str = ""


@cache
def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace")


def _is_test(file: Path) -> bool:
    return "tests" in file.relative_to(ROOT).parts


def _lines(file: Path, wanted: str) -> Iterator[int]:
    for number, line in enumerate(_text(file).splitlines(), start=1):
        if wanted in line:
            yield number


def _at(file: Path, line: int = 0) -> str:
    name = file.relative_to(ROOT).as_posix()
    return f"{name}:{line}" if line else name


def of_object(thing: Callable[..., Any]) -> str:
    """Return file and line of a function or class."""
    inner = inspect.unwrap(thing)
    return _at(Path(inspect.getsourcefile(inner) or ""), inspect.getsourcelines(inner)[1])


def look(asked: str) -> list[SourcePlace]:
    """Find everything called, addressed or coded like that."""
    autodiscover.autodiscover("actions", "rules", "terms")
    if asked.startswith("/"):
        return of_address(asked)
    return [*of_actions(asked), *of_rules(asked), *of_fields(asked), *of_text(asked)]


def of_address(address: str) -> list[SourcePlace]:
    """Find the page that answers an address, its templates and its tests."""
    try:
        match = resolve(address.split("?")[0])
    except Resolver404:
        return []
    view = getattr(match.func, "view_class", match.func)
    try:
        places = [SourcePlace("页面", of_object(view), match.view_name)]
        source = inspect.getsource(inspect.unwrap(view))
    except (TypeError, ValueError, OSError):
        return [SourcePlace("页面", match.view_name)]
    places += [
        SourcePlace("模板", _at(file))
        for name in RENDERED.findall(source)
        for file in PACKAGE.rglob(name)
    ]
    return [*places, *tests_that_name(match.view_name, address)]


def of_actions(asked: str) -> list[SourcePlace]:
    """Find actions by term, key, function or journal kind, with pages and tests that use them."""
    places = []
    for action in ACTIONS.values():
        name = action.function.__name__
        if asked in (str(action.term), action.key, name, action.journal):
            places.append(
                SourcePlace("动作", of_object(action.function), f"{action.key} → {action.journal}")
            )
            places += [
                SourcePlace("页面", _at(file, line))
                for file in [*PACKAGE.rglob("pages*.py"), *PACKAGE.rglob("pages/*.py")]
                for line in _lines(file, f"{name}(")
            ]
            places += tests_that_name(name)
    return places


def of_rules(asked: str) -> list[SourcePlace]:
    """Find rules by their words or name."""
    return [
        SourcePlace("规则", of_object(rule.function), str(rule.says))
        for rule in RULES.values()
        if asked in str(rule.says) or asked == rule.function.__name__
    ]


def of_fields(asked: str) -> list[SourcePlace]:
    """Find facts of the dictionary by key, label or synonym."""
    return [
        SourcePlace("事实", f"{subject.key}.{field.key}", f"{field.label}（{field.sensitivity}）")
        for subject in DICTIONARY.subjects
        for field in DICTIONARY.fields_of(subject.key, all=True)
        if asked in (field.key, field.label, *field.synonyms)
    ]


def of_text(asked: str) -> list[SourcePlace]:
    """Find a word in templates and terms, or an error code where it is raised."""
    is_code = re.fullmatch(r"[a-z_]+(\.[a-z_]+)+", asked) is not None
    wanted = f'"{asked}"' if is_code else asked
    kinds = [("代码", "*.py")] if is_code else [("模板", "*.html"), ("词语", "terms.py")]
    places = [
        SourcePlace(what, _at(file, line), _text(file).splitlines()[line - 1].strip()[:80])
        for what, pattern in kinds
        for file in sorted(PACKAGE.rglob(pattern))
        if not _is_test(file)
        for line in _lines(file, wanted)
    ]
    return [*places, *(tests_that_name(asked) if is_code else [])]


def tests_that_name(*wanted: str) -> list[SourcePlace]:
    """Find the tests that name any of these; an installed package has none."""
    if not is_checkout():
        return []
    files = [*(ROOT / "tests").rglob("*.py"), *PACKAGE.glob("**/tests/**/*.py")]
    return [
        SourcePlace("测试", _at(file, line))
        for file in sorted(files)
        for line in [next((n for text in wanted for n in _lines(file, text)), 0)]
        if line
    ]
