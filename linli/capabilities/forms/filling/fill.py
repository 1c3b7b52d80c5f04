"""One door for both kinds of files; nothing half filled is left behind."""

from __future__ import annotations

from pathlib import Path

from linli.capabilities.forms.filling.content import Content, Filled
from linli.capabilities.forms.filling.sheets import fill_workbook
from linli.capabilities.forms.filling.word import fill_document


def fill_form(path: Path, out: Path, content: Content) -> Filled:
    """Write ``content`` into a copy of the file; the copy appears whole or not at all."""
    half = out.with_name(out.name + ".part")
    filler = fill_workbook if out.suffix == ".xlsx" else fill_document
    try:
        done = filler(path, half, content)
        half.replace(out)
    finally:
        half.unlink(missing_ok=True)
    return done
