"""A taxonomy in three columns, as offices keep it: read, and compared with what there is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from linli.capabilities.cases.models import Category
from linli.core.chinese.normalise import for_matching, tidy
from linli.core.errors import Refused
from linli.register.places.models import Place
from linli.workbench.imports.headings import table_of
from linli.workbench.imports.reading import BadCell, SheetRow, UnreadableFile, read_file

Names = tuple[str, ...]  # from the widest level down
FIRST_VISIBLE = -1
LEVELS = ("一级", "二级", "三级")
LONGEST_NAME = 40
MOST_ROWS = 3000


@dataclass(frozen=True)
class TaxonomySeen:
    """What a file says: the paths in its order, how many are new, and the rows left out."""

    paths: tuple[Names, ...]
    new: tuple[Names, ...]
    troubles: tuple[str, ...]

    def counts(self) -> dict[str, int]:
        """Return how many of each level would be added, and what stays."""
        levels = {f"level_{n}": sum(len(one) == n for one in self.new) for n in (1, 2, 3)}
        there = len(every_path(self.paths)) - len(self.new)
        return {**levels, "new": len(self.new), "there": there, "left": len(self.troubles)}


def taxonomy_of_file(data: bytes, name: str, place: Place) -> TaxonomySeen:
    """Read a taxonomy in a process of its own; nothing is written."""
    read = read_file(data, name, sheet=FIRST_VISIBLE)
    if isinstance(read, UnreadableFile):
        raise Refused(f"cases.{read.code}", read.sentence, "file", read.hint)
    # Offices merge the cells of the upper levels: only the first row of a group has their name.
    table = table_of(read, lambda words: _level_of(words) is not None, fill_down=True)
    columns = {
        level: heading.column
        for heading in (table.headings if table else ())
        if (level := _level_of(heading.text)) is not None
    }
    if table is None or len(columns) < len(LEVELS):
        raise Refused(
            "cases.no_taxonomy",
            _("没有找到一级、二级、三级分类这三列"),
            "file",
            _("第一行写列名：一级分类、二级分类、三级分类；一行一个最细的分类"),
        )
    if len(table.rows) > MOST_ROWS:
        raise Refused(
            "cases.long_taxonomy", _("分类太多：最多%(most)s行") % {"most": MOST_ROWS}, "file"
        )
    return seen_of([(row.number, _cells(row, columns)) for row in table.rows], place)


def seen_of(rows: Sequence[tuple[int, Names]], place: Place) -> TaxonomySeen:
    """Say what rows of names bring: every path once, in their order."""
    paths: dict[Names, None] = {}
    troubles = []
    for number, row in rows:
        path = tuple(name for name in row if name)
        # A gap in the middle: the lower name would otherwise move up a level.
        if row[: len(path)] != path or not path:
            troubles.append(_("第%(row)s行：上一级是空的") % {"row": number})
        elif any(len(name) > LONGEST_NAME for name in path):
            words = {"row": number, "most": LONGEST_NAME}
            troubles.append(_("第%(row)s行：名称最多%(most)s个字") % words)
        else:
            paths[path] = None
    there = set(named_paths(place))
    new = tuple(names for names in every_path(tuple(paths)) if key_of(names) not in there)
    return TaxonomySeen(tuple(paths), new, tuple(troubles))


def every_path(paths: Sequence[Names]) -> tuple[Names, ...]:
    """Return the paths and all above them, each once, what is above first."""
    every: dict[Names, Names] = {}
    for path in paths:
        for depth in range(1, len(path) + 1):
            every.setdefault(key_of(path[:depth]), path[:depth])
    return tuple(every.values())


def key_of(path: Names) -> Names:
    """Return how a path is compared: spelling does not matter."""
    return tuple(for_matching(name) for name in path)


def named_paths(place: Place) -> dict[Names, Category]:
    """Return the categories of a place by their names from the top; retired ones stand behind."""
    # Retired first, so that of two equal names the active one is kept in the dictionary.
    rows = Category.objects.filter(place=place).order_by("level", "is_active", "code")
    paths: dict[int, Names] = {}
    categories: dict[Names, Category] = {}
    for category in rows:
        paths[category.pk] = (*paths.get(category.parent_id or 0, ()), for_matching(category.name))
        categories[paths[category.pk]] = category
    return categories


def _level_of(words: str) -> int | None:
    text = "".join(words.split())
    return next((n for n, level in enumerate(LEVELS) if text.startswith(level)), None)


def _cells(row: SheetRow, columns: dict[int, int]) -> Names:
    cells = (row.cell(columns[level]) for level in range(len(LEVELS)))
    return tuple(
        "" if cell is None or isinstance(cell, BadCell) else tidy(str(cell)).strip()
        for cell in cells
    )
