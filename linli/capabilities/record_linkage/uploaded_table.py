"""A department's file read as imports read theirs: the sheet, its table, what the columns are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from linli.core.errors import Refused
from linli.core.fields import PERSON
from linli.workbench.imports.column_recognition import Guess, Words, recognised, words_of
from linli.workbench.imports.headings import SheetTable, table_of
from linli.workbench.imports.parsed_row import FactColumns
from linli.workbench.imports.reading import SheetAsRead, UnreadableFile, read_file


@dataclass(frozen=True)
class ReadList:
    """A list understood: the sheet, the table in it, and what each column is taken for."""

    sheet: SheetAsRead
    table: SheetTable
    guesses: tuple[Guess, ...]
    words: Words

    def columns(self, chosen: Mapping[str, str] | None = None) -> FactColumns:
        """Return which column holds which fact: as somebody chose, else as recognised."""
        if chosen is not None:
            return FactColumns(
                {key: int(c) for c, key in chosen.items() if key}, self.words.targets
            )
        of = {guess.target: guess.heading.column for guess in self.guesses if guess.target}
        return FactColumns(of, self.words.targets)


def read_list(data: bytes, name: str, *, sheet: int = -1) -> ReadList:
    """Read a file as a list of people, or refuse with what to do."""
    read = read_file(data, name, sheet=sheet)
    if isinstance(read, UnreadableFile):
        raise Refused(f"imports.{read.code}", read.sentence, "file", read.hint)
    words = words_of(PERSON)
    table = table_of(read, words.knows)
    if table is None or not table.rows:
        raise Refused(
            "imports.no_table",
            _("没有找到表头和数据"),
            "file",
            _("请让第一行是列名，例如姓名、身份证号码、住址"),
        )
    return ReadList(read, table, recognised(table, words), words)
