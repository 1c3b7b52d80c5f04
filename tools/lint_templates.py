"""How a template is laid out; ``make lint`` runs it after djlint, which knows no such rules.

    python tools/lint_templates.py [file ...]

long      a line is no wider than 120 columns, a Chinese character counting two; one without white
          space outside its tags and quoted values has no place to break and may be wider
crowded   one tag a line: a block-level element begins its line, and no second one ends on it
space     no line break between two Chinese characters: it shows as a space
message   no line break inside {% blocktranslate %} without ``trimmed``: it would be translated
"""

from __future__ import annotations

import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

WIDTH = 120
BLOCKS = (
    "html|head|body|header|footer|main|nav|section|article|aside|div|p|h[1-6]|ul|ol|li|dl|dt|dd"
    "|form|fieldset|legend|table|caption|thead|tbody|tfoot|tr|th|td|figure|figcaption|details"
    "|summary|option|optgroup"
)
OPENING = re.compile(rf"<({BLOCKS})(?![\w-])")
CLOSING = re.compile(rf"</({BLOCKS})>")
TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}")
MESSAGE = re.compile(r"\{%\s*blocktranslate\b(.*?)%\}(.*?)\{%\s*endblocktranslate\s*%\}", re.S)
UNBROKEN = ("pre", "script", "style", "textarea")
CHINESE = r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]"
SPACE = re.compile(rf"(?<={CHINESE})[^\S\n]*\n\s*(?={CHINESE})")

Found = Iterator[tuple[int, str]]


def columns(line: str) -> int:
    """Return how wide a line stands in an editor."""
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in line)


def blank(text: str, pattern: re.Pattern[str]) -> str:
    """Blot out what a pattern finds, so that every line keeps its number."""
    return pattern.sub(lambda found: re.sub(r"[^\n]", "·", found[0]), text)


def long(text: str) -> Found:
    """Find lines that are too wide and have white space to break at."""
    for number, line in enumerate(text.split("\n"), 1):
        if columns(line) > WIDTH:
            quoted = re.compile(r"\"[^\"]*\"|'[^']*'")
            bare = blank(blank(blank(line, MESSAGE), TAG), quoted).strip()
            if re.search(r"\s", bare):
                yield number, f"long: {columns(line)} columns"


def crowded(text: str) -> Found:
    """Find a block-level element that begins in the middle of a line, or two that end on one."""
    for number, line in enumerate(blank(text, TAG).split("\n"), 1):
        opened, closed = list(OPENING.finditer(line)), CLOSING.findall(line)
        late = [one[1] for one in opened if line[: one.start()].strip()]
        if late:
            yield number, f"crowded: <{late[0]}> does not begin its line"
        elif len(closed) > 1 or (opened and closed and opened[0][1] != closed[0]):
            yield number, f"crowded: </{closed[-1]}> has no line of its own"


def space(text: str) -> Found:
    """Find line breaks that a reader sees as a space between two Chinese characters."""
    for found in SPACE.finditer(blank(text, MESSAGE)):
        number = text.count("\n", 0, found.start()) + 1
        yield number, "space: a line break between Chinese characters"


def message(text: str) -> Found:
    """Find translated blocks that run over several lines."""
    for found in MESSAGE.finditer(text):
        if "\n" in found[2] and "trimmed" not in found[1].split():
            number = text.count("\n", 0, found.start()) + 1
            yield number, "message: a line break inside blocktranslate"


def faults(text: str) -> list[tuple[int, str]]:
    """Return what is wrong with a template: numbers of lines and words."""
    for name in UNBROKEN:
        text = blank(text, re.compile(rf"(?<=>)[^<]*(?=</{name}>)"))
    return sorted(one for rule in (long, crowded, space, message) for one in rule(text))


def main(names: list[str]) -> int:
    """Read the templates, all that git knows when none is named; return how many are wrong."""
    if not names:
        listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.html"]
        names = subprocess.check_output(listed, text=True).split()
    wrong = [
        f"{name}:{number}: {said}"
        for name in names
        if Path(name).exists()
        for number, said in faults(Path(name).read_text(encoding="utf-8"))
    ]
    print("\n".join(wrong) if wrong else f"{len(names)} templates well laid out")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
