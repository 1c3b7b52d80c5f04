"""导入一级、二级、三级三列的分类表：先看会怎样，加 --apply 才导入。

`linli cases taxonomy FILE`: a taxonomy in three columns, looked over first.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from django.utils.translation import gettext as _

from linli.capabilities.cases.actions import bring_taxonomy
from linli.capabilities.cases.actions.categories import may_edit_categories
from linli.capabilities.cases.commands._place import place_named
from linli.capabilities.cases.queries.taxonomy import taxonomy_of_file
from linli.capabilities.cases.taxonomy_text import taxonomy_in_words
from linli.core.errors import Refused
from linli.core.interface.commands import CommandContext

MOST_SHOWN = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the file, and whether anything shall happen."""
    parser.add_argument("file", type=Path, help="Excel或CSV：一级分类、二级分类、三级分类")
    parser.add_argument("--apply", action="store_true", help="导入；不写只看会怎样，什么都不动")


def run(given: CommandContext) -> int:
    """Say what a taxonomy would add, and with --apply add it."""
    user = given.someone()
    if given.scope is None or not may_edit_categories():
        raise Refused("cases.no_post", _("您现在没有可以修改事项分类的岗位"), "as")
    file, place = given.options.file, place_named("")
    seen = taxonomy_of_file(file.read_bytes(), file.name, place)
    for line in taxonomy_in_words(seen.counts()):
        given.say(line)
    for error_text in seen.troubles[:MOST_SHOWN]:
        given.warn(error_text)
    if given.options.apply:
        bring_taxonomy(place=place, paths=seen.paths, by=user)
        given.say(_("已导入"))
    else:
        given.say(_("只是看看，什么都没有动；要导入请加 --apply"))
    given.answer(place=str(place), applied=given.options.apply, **seen.counts())
    return 0
