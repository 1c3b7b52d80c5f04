"""Read a form whole: its shape, whom it is about, and what each heading asks for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from django.utils.translation import gettext as _

from linli.capabilities.forms.reading.match import Match, match_all, subject_of
from linli.capabilities.forms.reading.read import read_paper
from linli.capabilities.forms.reading.shape import Heading, shape_of
from linli.core.errors import Refused


@dataclass(frozen=True)
class Form:
    """A blank form as understood; ``shape`` is list, card or mixed."""

    title: str
    shape: str
    subject: str
    headings: tuple[Match, ...]

    @property
    def unknown(self) -> tuple[str, ...]:
        """Return the headings with no fact of the register."""
        return tuple(one.text for one in self.headings if not one.fields)


def understand(path: Path) -> Form:
    """Read a file and say what it asks, or refuse in words."""
    paper = read_paper(path)
    shapes: set[str] = set()
    headings: list[Heading] = []
    for number, grid in enumerate(paper.tables):
        shape, mine = shape_of(grid)
        shapes |= {shape} - {""}
        headings += [replace(one, table=number) for one in mine]
    if not headings:
        words = _("读到 %(words)d 段文字，%(tables)d 张表格，没有找到表头；请加上表头再试")
        told = {"words": len(paper.words), "tables": len(paper.tables)}
        raise Refused("forms.no_heading", words % told, "file")
    subject = subject_of(headings)
    title = paper.words[0] if paper.words else ""
    shape = shapes.pop() if len(shapes) == 1 else "mixed"
    return Form(title, shape, subject, tuple(match_all(headings, subject)))
