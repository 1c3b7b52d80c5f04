"""把Excel或CSV里相似的来件归成话题，并用来件里的词命名。

`linli cases topics FILE`: what many messages of a list are about, named by their own words.
"""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from linli.core.errors import Refused
from linli.core.interface.commands import CommandContext
from linli.core.interface.terminal_table import table
from linli.core.time import NotADate, parse_date
from linli.integrations.hotline_lists.columns import RecognisedColumns, recognised
from linli.integrations.hotline_lists.lines import cell_text
from linli.integrations.hotline_lists.preview import table_of_file
from linli.workbench.imports.reading import SheetRow
from linli.workbench.text_analysis.similarity import ComparedMessage
from linli.workbench.text_analysis.topics import LEAST_SIZE, MOST_TOPICS, HotTopic, hot_topics


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the file and the period."""
    parser.add_argument("file", type=Path, metavar="FILE", help="Excel或CSV，要有“内容”一列")
    parser.add_argument("--days", type=int, metavar="N", help="只看最近几天，并与再前几天比")
    parser.add_argument("--until", metavar="日期", help="最近几天数到哪一天，不写就是最后一天")
    parser.add_argument("--least", type=int, default=LEAST_SIZE, metavar="N", help="至少几条")
    parser.add_argument("--most", type=int, default=MOST_TOPICS, metavar="N", help="最多几个话题")


def run(given: CommandContext) -> int:
    """Read the list, group it, and say every topic with its size and trend."""
    options = given.options
    if options.days is not None and options.days < 1:
        raise Refused("cases.no_days", _("天数至少是1"), "days")
    messages = _messages(options.file)
    topics = hot_topics(
        messages,
        until=_until(options.until),
        days=options.days,
        least_size=max(1, options.least),
        most=max(1, options.most),
    )
    given.say(f"{len(messages)} 条，{len(topics)} 个话题")
    if topics:
        for line in table(["话题", "条数", "之前", "增减"], map(_cells, topics)):
            given.say(line)
    given.answer(messages=len(messages), days=options.days, topics=[_data(one) for one in topics])
    return 0


def _messages(file: Path) -> list[ComparedMessage]:
    """Return the rows of a list; without a number a message goes by its row."""
    read = table_of_file(file.read_bytes(), file.name)
    columns = recognised(read.headings)
    if "text" not in columns.found and "title" not in columns.found:
        named = "、".join(heading.text for heading in read.headings if heading.text)
        raise Refused(
            "cases.no_text_column",
            _("没有“内容”一列。表里的列名是：%(there)s") % {"there": named},
            "file",
        )
    return [_message(row, columns) for row in read.rows]


def _message(row: SheetRow, columns: RecognisedColumns) -> ComparedMessage:
    def cell(key: str) -> str:
        heading = columns.found.get(key)
        return cell_text(row.cell(heading.column)).strip() if heading else ""

    day = parse_date(cell("at").partition(" ")[0])
    return ComparedMessage(
        cell("number") or f"{row.number}",
        cell("text"),
        cell("title"),
        day=None if isinstance(day, NotADate) else day.value,
    )


def _until(text: str | None) -> date | None:
    if not text:
        return None
    read = parse_date(text)
    if isinstance(read, NotADate):
        raise Refused("cases.not_a_date", read.sentence, "until")
    return read.value


def _cells(topic: HotTopic) -> list[str]:
    return [topic.name, str(topic.size), str(topic.before), f"{topic.change:+d}"]


def _data(topic: HotTopic) -> dict[str, Any]:
    return {
        "name": topic.name,
        "words": topic.words,
        "size": topic.size,
        "before": topic.before,
        "change": topic.change,
        "first_day": topic.first_day,
        "last_day": topic.last_day,
        "example": topic.example,
        "numbers": topic.keys,
    }
