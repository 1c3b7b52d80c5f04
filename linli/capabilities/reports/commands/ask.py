"""提问：“殷家社区90岁以上独居老人”，给出条件、数目、名单或 Excel。"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from linli.capabilities.reports import actions
from linli.capabilities.reports.terms import ExportState, FileKind, Purpose
from linli.core.errors import Refused
from linli.core.fields import DICTIONARY, Condition
from linli.core.interface.commands import CommandContext
from linli.core.interface.terminal_table import table
from linli.register.posts.models import User
from linli.register.posts.rules import READS_REGISTER
from linli.workbench.conditions import queries
from linli.workbench.conditions.acceptance import NotUnderstood
from linli.workbench.conditions.results import Question, ResultLine

FIRST_LINES = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the sentence, and how to answer it."""
    parser.add_argument("sentence", help="想知道什么，例如“90岁以上独居老人”")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--count", action="store_true", help="只要数目")
    how.add_argument("--list", action="store_true", help="全部名单")
    how.add_argument("--xlsx", metavar="FILE", type=Path, help="导出为 Excel，须写 --purpose")
    parser.add_argument("--only-understood", action="store_true", help="有词没看懂时，只按看懂的算")
    parser.add_argument("--purpose", default="", metavar="用途", help="名单作什么用，至少4个字")
    parser.add_argument(
        "--for",
        dest="purpose_kind",
        choices=Purpose.values,
        default=Purpose.OTHER.value,
        help="用途的类别：" + "、".join(f"{one.value} {one.label}" for one in Purpose),
    )


def run(given: CommandContext) -> int:
    """Say the condition in canonical Chinese, what was not understood, and the answer."""
    user: User = given.someone()
    if given.scope is None or given.scope.role not in READS_REGISTER:
        raise Refused("ask.no_register", _("您现在没有可以查底册的岗位"), "as")
    question = _asked(given)
    _say_question(given, question)
    if given.options.xlsx:
        return _take_away(given, question, user)
    number = queries.count(question.condition)
    counter = DICTIONARY.subject(question.condition.subject).counter
    given.say(f"共 {number} {counter}")
    if beside := queries.said_beside(question.condition, number):
        given.say(beside)
    rest = {} if given.options.count else _rest(given, question, number)
    _answer(given, question, count=number, **rest)
    return 0


def _asked(given: CommandContext) -> Question:
    """Understand the sentence; without every word there is no answer, unless that is asked for."""
    try:
        options = given.options
        return queries.asked(options.sentence, only_understood=options.only_understood)
    except NotUnderstood as refused:
        given.answer(refused=refused.code, **refused.details)
        for chip in refused.details["chips"]:
            given.warn(_("看懂了：%(words)s") % {"words": chip["text"]})
        if refused.details["again"]:
            refused.hint = _("换个说法，或加 --only-understood 只按看懂的算")
        raise


def _answer(given: CommandContext, question: Question, **data: Any) -> None:
    """Give a program the question as it was understood, and what came of it."""
    if given.as_json:  # what makes data of it is loaded for programs only
        from linli.workbench.conditions.schemas import NotRecordedOut, QuestionOut

        if "count" in data and (left := NotRecordedOut.of(question.condition, data["count"])):
            data["beside"] = left.dict()
        given.answer(**QuestionOut.of(question).dict(), **data)


def _say_question(given: CommandContext, question: Question) -> None:
    given.say(f"条件：{queries.condition_text(question.condition) or '全部'}")
    for chip in question.chips:
        if chip.note:
            given.say(f"  “{chip.words}”：{chip.note}")
    if question.unknown:
        given.warn(queries.left_out(question.unknown))


def _rest(given: CommandContext, question: Question, number: int) -> dict[str, Any]:
    """Answer with a cross-tab when that is asked for, else with lines: all, or the first."""
    if question.asks == "spread" and question.spread_by and not given.options.list:
        return _spread(given, question)
    lines = _lines(question.condition, everything=given.options.list)
    headings = [_(heading.label) for heading in queries.headings(question.condition.subject)]
    if lines:
        given.say("")
        for text in table([*headings, _("最近核实")], map(_texts, lines)):
            given.say(text)
    if len(lines) < number:
        given.say(f"……还有 {number - len(lines)} 行，加 --list 看全部")
    if not given.as_json:
        return {}
    from linli.workbench.conditions.schemas import LineOut

    return {"columns": headings, "rows": [LineOut.of(line).dict() for line in lines]}


def _lines(condition: Condition, *, everything: bool) -> list[ResultLine]:
    if everything:
        return list(queries.lines(condition))
    return list(queries.rows(condition, limit=FIRST_LINES).lines)


def _texts(line: ResultLine) -> list[str]:
    return [*(cell.text for cell in line.cells), str(line.confirmed_on or "")]


def _spread(given: CommandContext, question: Question) -> dict[str, Any]:
    cross_table = queries.cross_tab(question.condition, question.spread_by)
    rows = [
        [label, *map(str, counts)]
        for label, counts in zip(cross_table.rows, cross_table.counts, strict=True)
    ]
    given.say("")
    for text in table([cross_table.row_label, *cross_table.columns], rows):
        given.say(text)
    if not given.as_json:
        return {}
    from linli.workbench.conditions.schemas import CrossTabOut

    return {"spread": CrossTabOut.of(cross_table).dict()}


def _take_away(given: CommandContext, question: Question, user: User) -> int:
    """Take the list away as the page does: purpose, journal, watermark, a second person."""
    from linli.capabilities.reports import export_files

    file: Path = given.options.xlsx
    # Asked before the request: a list that cannot be written must not be in the journal as taken.
    if file.exists():
        raise Refused("ask.file_exists", _("文件“%(file)s”已经有了") % {"file": file}, "xlsx")
    if not file.parent.is_dir():
        raise Refused("ask.no_folder", _("没有文件夹“%(file)s”") % {"file": file.parent}, "xlsx")
    condition = question.condition
    export = actions.ask_export(
        subject=condition.subject,
        condition=queries.condition_json(condition),
        condition_text=queries.condition_text(condition),
        columns=queries.default_columns(condition.subject),
        sort="",
        kind=FileKind.EXCEL.value,
        rows=queries.count(condition),
        purpose=given.options.purpose_kind,
        words=given.options.purpose,
        by=user,
    )
    if export.state == ExportState.WAITING:
        raise Refused(
            "ask.waits",
            _("名单有%(rows)d行，须第二人同意") % {"rows": export.rows},
            hint=_("已经提出申请，同意后在“导出记录”里下载。"),
        )
    file.write_bytes(export_files.export_response(export, by=user).content)
    given.say(f"已写入 {file}：{export.rows} 行，编号 {export.link}")
    _answer(given, question, file=str(file), rows=export.rows, link=export.link)
    return 0
