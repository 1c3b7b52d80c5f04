"""表格导入：imports preview 看每一行会怎样，imports apply 导入（--json 每行一行JSON）。"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from linli.core.errors import Refused
from linli.core.interface.commands import CommandContext
from linli.core.time import NotADate, parse_date, today
from linli.register.people.terms import FactSource
from linli.register.posts.models import User
from linli.workbench.imports import actions, queries, runner
from linli.workbench.imports.column_recognition import Words, recognised
from linli.workbench.imports.headings import SheetTable
from linli.workbench.imports.models import Batch
from linli.workbench.imports.presenters import doubt_words, problem_words
from linli.workbench.imports.reading import SheetAsRead, UnreadableFile, read_file
from linli.workbench.imports.terms import ImportSubject, RowFate

ROWS_SAID = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the file, what it is about, and what its columns are where that is not clear."""
    parser.add_argument("verb", choices=["preview", "apply"], help="preview 只看；apply 导入")
    parser.add_argument("file", type=Path, help="Excel 或 CSV")
    parser.add_argument("--subject", choices=ImportSubject.values, default=ImportSubject.PERSON)
    parser.add_argument("--sheet", type=int, default=-1, help="第几张工作表，从0数起")
    parser.add_argument("--source", choices=FactSource.values, default=FactSource.IMPORT)
    parser.add_argument("--on", default="", metavar="DAY", help="信息日期；不写是今天")
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="列名=项目",
        help="指定一列是什么，例如 门牌=door；等号后不写就不导入这一列",
    )
    parser.add_argument("--build", action="store_true", help="建立底册里没有的楼栋和户室")


def run(given: CommandContext) -> int:
    """Say what becomes of every row; only ``apply`` writes."""
    user: User = given.someone()
    if given.scope is None or not actions.imports():
        raise Refused("imports.no_post", _("您现在没有可以导入表格的岗位"), "as")
    options = given.options
    data, name = options.file.read_bytes(), options.file.name
    read = read_file(data, name, sheet=options.sheet)
    if isinstance(read, UnreadableFile):
        raise Refused(f"imports.{read.code}", read.sentence, "file", read.hint)
    batch = Batch(
        subject=options.subject,
        file_name=name[-200:],
        sheet=read.chosen,
        source=options.source,
        confirmed_on=_day(options.on),
        make_dwellings=options.build,
        by=user,
    )
    words = runner.words_for(batch)
    table = runner.table_in(batch, read, words)
    batch.columns = _columns(table, words, options.map)
    if not batch.columns:
        there = "、".join(f"{h.letters} {h.text}" for h in table.headings)
        hint = _("请用 --map 列=项目 说明；表里有：%(there)s") % {"there": there}
        raise Refused("imports.no_columns", _("没有认出任何一列"), "map", hint)
    if options.verb == "preview":
        _say(
            given, [_line(one.number, one.fate, one.told()) for one in _drafts(batch, table, user)]
        )
        return 0
    batch = _applied(batch, data, read, user)
    rows = queries.rows_of(batch, RowFate.values)
    _say(given, [_line(row.number, row.fate, queries.told_of(row)) for row in rows])
    given.say(_("已导入：新增%(new)s条、修改%(changed)s条") % batch.counts)
    return 0


def _day(text: str) -> date:
    read = parse_date(text) if text else None
    if isinstance(read, NotADate):
        raise Refused("imports.day", read.sentence, "on")
    return read.value if read else today()


def _columns(table: SheetTable, words: Words, given: Sequence[str]) -> dict[str, str]:
    """Return the fact of every column: as recognised, unless it is named."""
    columns = {str(g.heading.column): g.target for g in recognised(table, words) if g.target}
    labels = {target.label: key for key, target in words.targets.items()}
    headings = {h.text: str(h.column) for h in table.headings} | {
        h.letters: str(h.column) for h in table.headings
    }
    for one in given:
        heading, _equals, fact = one.partition("=")
        key = labels.get(fact, fact)
        if heading not in headings:
            there = "、".join(h.text for h in table.headings)
            sentence = _("没有“%(name)s”这一列") % {"name": heading}
            raise Refused(
                "imports.no_column", sentence, "map", _("表里有：%(there)s") % {"there": there}
            )
        if key and key not in words.targets:
            sentence = _("没有“%(name)s”这一项") % {"name": fact}
            known = "、".join(f"{t.label}={t.key}" for t in words.targets.values())
            raise Refused("imports.no_fact", sentence, "map", known)
        columns = {column: kept for column, kept in columns.items() if kept != key}
        columns[headings[heading]] = key
    return {column: key for column, key in columns.items() if key}


def _drafts(batch: Batch, table: SheetTable, user: User) -> list[Any]:
    return runner.drafts_of(batch, table, runner.words_for(batch), user)


def _applied(batch: Batch, data: bytes, read: SheetAsRead, user: User) -> Batch:
    """Do what the page does, in its four steps."""
    brought = actions.bring_file(
        data=data,
        name=batch.file_name,
        subject=batch.subject,
        sheets=[sheet.name for sheet in read.sheets],
        sheet=read.chosen,
        source=batch.source,
        confirmed_on=batch.confirmed_on,
        by=user,
    )
    chosen = actions.choose_columns(
        batch=brought,
        columns=batch.columns,
        sheet=read.chosen,
        fill_down=True,
        make_dwellings=batch.make_dwellings,
        by=user,
    )
    runner.finish(runner.preview, chosen, user)
    begun = actions.begin(batch=queries.batch_or_not_found(brought.link), by=user)
    runner.finish(runner.apply, begun, user)
    return queries.batch_or_not_found(brought.link)


def _line(number: int, fate: str, told: dict[str, Any]) -> dict[str, Any]:
    """Say one row for a program: the fate in one word, what was left out, why it was refused."""
    return {
        "row": number,
        "fate": "same" if fate == RowFate.UNCHANGED else str(fate),
        "doubts": [
            {"cell": one["cell"], "why": doubt_words({**one, "cell": ""})} for one in told["doubts"]
        ],
        "reason": "；".join(problem_words(one) for one in told["problems"]),
    }


def _say(given: CommandContext, lines: Sequence[dict[str, Any]]) -> None:
    for fate, label in (("new", _("新增")), ("changed", _("修改")), ("same", _("无变化"))):
        given.say(f"{label}：{sum(line['fate'] == fate for line in lines)}")
    refused = [line for line in lines if line["fate"] == "refused"]
    given.say(f"{_('不能导入')}：{len(refused)}")
    for line in refused[:ROWS_SAID]:
        given.say(_("  第%(row)s行 %(reason)s") % line)
    if len(refused) > ROWS_SAID:
        given.say(_("  还有%(n)s行，加 --json 看全部") % {"n": len(refused) - ROWS_SAID})
    for line in lines:
        given.answer(**line)
