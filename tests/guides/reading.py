"""What a guide tells its reader to type: the lines of its blocks marked ``bash``, in order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GUIDES = ROOT / "docs" / "guides"
REHEARSED = ROOT / "deploy" / "rehearsed_commands.txt"
NAMES = ("install", "first-week", "production", "upgrade", "backup", "operations")
SHOWN_ONLY = {"text", "ini"}  # what is printed, and what stands in a file
NEW_MACHINE = "<!-- a new machine -->"


@dataclass(frozen=True)
class GuideCommand:
    """One line to type, where it stands, and whether it begins on another machine."""

    guide: str
    line: int
    text: str
    on_new_machine: bool = False

    def __str__(self) -> str:
        return f"{self.guide}:{self.line}: {self.text}"


def commands(guide: str, text: str) -> list[GuideCommand]:
    """Return every command of a guide; a block that does not say what it is cannot stand."""
    found, language, said_before = [], "", ""
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("```"):
            opens = not language
            language = line.removeprefix("```").strip() if opens else ""
            if opens and language not in SHOWN_ONLY | {"bash"}:
                raise ValueError(f"{guide}:{number}: ```{language}: bash, or only shown?")
        elif language == "bash" and line.strip() and not line.startswith("#"):
            found.append(GuideCommand(guide, number, line.strip(), said_before == NEW_MACHINE))
        elif not language and line.strip():
            said_before = line.strip()
    return found


def commands_of(name: str, language: str = ".zh") -> list[GuideCommand]:
    """Return every command of a guide of docs/guides, in Chinese or English."""
    file = GUIDES / f"{name}{language}.md"
    return commands(file.name, file.read_text(encoding="utf-8"))


def inline_commands(name: str, language: str = ".zh") -> list[str]:
    """Return the commands of the product named within sentences, without placeholders."""
    text = (GUIDES / f"{name}{language}.md").read_text(encoding="utf-8")
    outside = re.sub(r"^```.*?^```", "", text, flags=re.S | re.M)
    return re.findall(r"`(linli [a-z][^`…]*)`", outside)


def rehearsed() -> set[str]:
    """Return the lines that ``make rehearse-deploy`` runs: they need a machine of their own."""
    lines = REHEARSED.read_text(encoding="utf-8").splitlines()
    return {line.strip() for line in lines if line.strip() and not line.startswith("#")}
