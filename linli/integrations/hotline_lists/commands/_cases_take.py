"""受理热线的Excel或CSV：先看每一行会怎样，加 --apply 才受理。

`linli cases take FILE`: what would come in, and with --apply taking it.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from linli.capabilities.cases.actions import may_dispatch
from linli.capabilities.cases.commands._place import place_named
from linli.core.errors import Refused
from linli.core.interface.commands import CommandContext
from linli.core.personal_data.crypto import open_json
from linli.core.runtime.liveness import holding
from linli.integrations.hotline_lists.actions import bring_list
from linli.integrations.hotline_lists.import_rows import RUN, import_list, rejected_as_json
from linli.integrations.hotline_lists.models import HotlineList
from linli.integrations.hotline_lists.presenters import sentences
from linli.integrations.hotline_lists.preview import FIRST_VISIBLE, ListPreview, preview
from linli.integrations.hotline_lists.rejected_rows import as_csv
from linli.integrations.hotline_lists.terms import Dispatch
from linli.register.posts.models import User

MOST_SHOWN = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the file, where its cases belong, and whether anything shall happen."""
    parser.add_argument("file", type=Path, help="热线的 Excel 或 CSV")
    parser.add_argument("--place", default="", help="没有写明地方的来件记在哪里；不写是岗位所在地")
    parser.add_argument("--sheet", type=int, default=FIRST_VISIBLE, help="第几张工作表，从0数起")
    parser.add_argument("--apply", action="store_true", help="受理；不写只看会怎样，什么都不动")
    parser.add_argument(
        "--dispatch",
        nargs="?",
        const="sure",
        default="",
        choices=["sure", "all"],
        help="受理后直接分派：分类有把握的（sure），或全部（all）",
    )
    parser.add_argument("--merge", action="store_true", help="内容相同的合并成一件")
    parser.add_argument(
        "--left", type=Path, metavar="FILE", help="不能受理的行写到这里，改正后可再次受理"
    )


def run(given: CommandContext) -> int:
    """Look the list over, say what would happen, and with --apply take it."""
    user: User = given.someone()
    if given.scope is None or not may_dispatch():
        raise Refused("cases.no_post", _("您现在没有可以批量受理的岗位"), "as")
    options = given.options
    place = place_named(options.place)
    looked_over = preview(
        options.file.read_bytes(), options.file.name, place=place, sheet=options.sheet
    )
    data: dict[str, Any] = {"place": str(place), "applied": False, **looked_over.counts()}
    for line in sentences(looked_over.counts()):
        given.say(line)
    _say_troubles(given, looked_over)
    if options.apply:
        hotline_list = _apply(given, looked_over, user)
        data |= {"applied": True, "hotline_list": hotline_list.link, **hotline_list.counts}
        _write_left(given, hotline_list.rejected_rows)
    else:
        given.say(_("只是看看，什么都没有动；要受理请加 --apply"))
        _write_left(given, rejected_as_json(looked_over, looked_over.troubles))
    data["troubles"] = [error_text.words for error_text in looked_over.troubles]
    given.answer(**data)
    return 0


def _say_troubles(given: CommandContext, looked_over: ListPreview) -> None:
    for error_text in looked_over.troubles[:MOST_SHOWN]:
        given.warn(error_text.words)
    more = len(looked_over.troubles) - MOST_SHOWN
    if more > 0:
        given.warn(_("……还有%(n)s行") % {"n": more})


def _apply(given: CommandContext, looked_over: ListPreview, user: User) -> HotlineList:
    options = given.options
    hotline_list = HotlineList(
        place=looked_over.place,
        file_name=options.file.name[-200:],
        sheet=options.sheet,
        dispatch=Dispatch(options.dispatch),
        merge=options.merge,
        counts=looked_over.counts(),
        rows=len(looked_over.orders()),
    )
    bring_list(hotline_list=hotline_list, by=user)

    def progress(done: int, of: int) -> None:
        if not given.as_json and sys.stderr.isatty():
            sys.stderr.write(f"\r{done}/{of}" + ("\n" if done == of else ""))
            sys.stderr.flush()

    with holding(RUN, hotline_list.pk):
        done = import_list(hotline_list, looked_over, by=user, progress=progress)
    counts = {
        what: done.count(f"did_{what}")
        for what in ("new", "again", "answered", "merged", "dispatched")
    }
    given.say(
        _(
            "受理%(new)s件，之前收过%(again)s件；录入已有答复%(answered)s件，"
            "合并%(merged)s件，分派%(dispatched)s件"
        )
        % counts
    )
    return done


def _write_left(given: CommandContext, left: str) -> None:
    left_rows = open_json(left) if left else {"rows": []}
    if not left_rows["rows"]:
        return
    where: Path | None = given.options.left
    if where is None:
        given.warn(
            _("有%(n)s行没有受理；加 --left 文件名 可以留下来改正") % {"n": len(left_rows["rows"])}
        )
        return
    # With the mark that Excel needs to read UTF-8.
    where.write_text(as_csv(left), encoding="utf-8-sig", newline="")
    given.say(
        _("%(n)s行没有受理，已写入%(file)s，改正后可再次受理")
        % {"n": len(left_rows["rows"]), "file": where}
    )


__all__ = ["add_arguments", "run"]
