"""Templates keep the rules of the shell: nothing inline, nothing from outside, known icons."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

LINLI = Path(__file__).resolve().parents[3]
ICONS = set((LINLI / "faces/web/assets/icons.txt").read_text(encoding="utf-8").split())
INLINE = re.compile(r"\sstyle=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+=|javascript:", re.I)
OUTSIDE = re.compile(r"""(?:src|href|action|hx-get|hx-post)=["'](?:https?:)?//""", re.I)
IN_TEMPLATE = re.compile(r"""\{%\s*icon\s+"([^"]+)"|\sicon="([^"]+)""" + '"')
IN_CODE = re.compile(r"""\bicon=["']([a-z0-9-]+)["']""")


def templates() -> Iterator[Path]:
    """Return every template of the product."""
    for file in sorted(LINLI.rglob("*.html")):
        if "templates" in file.parts:
            yield file


def wrong_in(text: str) -> list[str]:
    """Return what a template may not hold."""
    return [m.group() for rule in (INLINE, OUTSIDE) for m in rule.finditer(text)]


@pytest.mark.parametrize("file", list(templates()), ids=lambda f: str(f.relative_to(LINLI)))
def test_nothing_inline_and_nothing_from_outside(file: Path) -> None:
    assert wrong_in(file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "bad",
    [
        '<p style="color:red">',
        "<style>p{}</style>",
        "<script>alert(1)</script>",
        '<a onclick="go()">',
        '<a href="javascript:go()">',
        '<img src="https://example.com/x.png">',
        '<link href="//cdn.example.com/x.css">',
    ],
)
def test_what_may_not_be_there_is_noticed(bad: str) -> None:
    assert wrong_in(bad)


def test_every_icon_named_is_in_the_sprite() -> None:
    named: dict[str, str] = {}
    for file in templates():
        for match in IN_TEMPLATE.finditer(file.read_text(encoding="utf-8")):
            named[match.group(1) or match.group(2)] = file.name
    for file in LINLI.rglob("*.py"):
        if "tests" not in file.parts:
            for match in IN_CODE.finditer(file.read_text(encoding="utf-8")):
                named[match.group(1)] = str(file.relative_to(LINLI))
    unknown = {name: where for name, where in named.items() if name not in ICONS}
    assert unknown == {}, "add them to linli/faces/web/assets/icons.txt"


def test_templates_stay_short() -> None:
    long = {f.name: n for f in templates() if (n := len(f.read_text().splitlines())) > 120}
    assert long == {}


def test_scripts_stay_short() -> None:
    scripts = (LINLI / "faces/web/assets").rglob("*.*js")
    long = {f.name: n for f in scripts if (n := len(f.read_text().splitlines())) > 150}
    assert long == {}
