"""Which column of a hotline's list is what, by its heading; a missing one is named."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.core.chinese.normalise import for_matching
from linli.core.errors import Refused
from linli.workbench.imports.headings import ColumnHeading, SheetTable, table_of
from linli.workbench.imports.reading import SheetAsRead

MOST_HEADINGS_NAMED = 20
_BRACKETS = re.compile(r"[（(【\[].*?[）)】\]]|[\s*＊:：_/、.-]+")


@dataclass(frozen=True)
class WantedColumn:
    """Something a list may tell; ``words`` are the headings it goes by, the best first."""

    key: str
    label: object
    words: tuple[str, ...]
    is_necessary: bool = False


WANTED = (
    WantedColumn(
        "number",
        gettext_lazy("编号"),
        (
            "留言编号",
            "工单号",
            "工单编号",
            "编号",
            "受理编号",
            "诉求编号",
            "事件编号",
            "案件编号",
            "流水号",
            "受理单号",
            "单号",
            "办件编号",
            "信件编号",
            "投诉编号",
            "任务号",
            "工单流水号",
            "id",
            "number",
            "caseid",
            "servicerequestid",
        ),
        is_necessary=True,
    ),
    WantedColumn(
        "at",
        gettext_lazy("来件时间"),
        (
            "留言时间",
            "来电时间",
            "受理时间",
            "诉求时间",
            "登记时间",
            "反映时间",
            "来件时间",
            "投诉时间",
            "提交时间",
            "创建时间",
            "上报时间",
            "来信时间",
            "接收时间",
            "收到时间",
            "时间",
            "日期",
            "来电日期",
            "受理日期",
            "登记日期",
            "requesteddatetime",
            "created",
        ),
        is_necessary=True,
    ),
    WantedColumn(
        "text",
        gettext_lazy("内容"),
        (
            "留言详情",
            "诉求内容",
            "来电内容",
            "工单内容",
            "反映内容",
            "问题描述",
            "事件描述",
            "投诉内容",
            "留言内容",
            "事项内容",
            "内容",
            "详情",
            "主要内容",
            "详细内容",
            "正文",
            "具体内容",
            "情况说明",
            "诉求描述",
            "描述",
            "text",
            "description",
        ),
        is_necessary=True,
    ),
    WantedColumn(
        "title",
        gettext_lazy("标题"),
        (
            "留言主题",
            "主题",
            "标题",
            "诉求标题",
            "工单标题",
            "事件标题",
            "来信主题",
            "事项名称",
            "诉求主题",
            "概述",
            "摘要",
            "title",
            "subject",
        ),
    ),
    WantedColumn(
        "spot",
        gettext_lazy("地址"),
        (
            "事发地址",
            "诉求地址",
            "事件地址",
            "反映地址",
            "发生地址",
            "地址",
            "地点",
            "事发地点",
            "发生地点",
            "具体地址",
            "详细地址",
            "位置",
            "诉求地点",
            "address",
            "location",
        ),
    ),
    WantedColumn(
        "name",
        gettext_lazy("来件人"),
        (
            "来电人",
            "姓名",
            "诉求人",
            "反映人",
            "来电人姓名",
            "诉求人姓名",
            "投诉人",
            "联系人",
            "市民姓名",
            "留言用户",
            "留言人",
            "来信人",
            "用户",
            "称呼",
            "来件人",
            "name",
        ),
    ),
    WantedColumn(
        "phone",
        gettext_lazy("电话"),
        (
            "来电号码",
            "联系电话",
            "电话",
            "手机",
            "手机号",
            "手机号码",
            "电话号码",
            "来电电话",
            "诉求人电话",
            "联系方式",
            "回访电话",
            "phone",
        ),
    ),
    WantedColumn(
        "category",
        gettext_lazy("分类"),
        (
            "三级分类",
            "二级分类",
            "分类",
            "类别",
            "诉求分类",
            "事项分类",
            "问题分类",
            "诉求类别",
            "工单分类",
            "归口分类",
            "一级分类",
            "一级标签",
            "内容分类",
            "category",
        ),
    ),
    WantedColumn(
        "answer",
        gettext_lazy("答复"),
        (
            "答复意见",
            "处理结果",
            "办理结果",
            "答复内容",
            "回复内容",
            "答复",
            "回复",
            "办理意见",
            "处理意见",
            "办理情况",
            "回复意见",
            "处置结果",
            "反馈内容",
            "answer",
        ),
    ),
    WantedColumn(
        "answered_at",
        gettext_lazy("答复时间"),
        (
            "答复时间",
            "回复时间",
            "办结时间",
            "处理时间",
            "办理时间",
            "反馈时间",
            "答复日期",
            "回复日期",
            "办结日期",
            "answeredat",
        ),
    ),
)


def spelling(text: str) -> str:
    """Return the spelling by which headings are compared: no brackets, spaces, marks."""
    return _BRACKETS.sub("", for_matching(text))


_MEANS = {spelling(word): (one.key, rank) for one in WANTED for rank, word in enumerate(one.words)}


def known(text: str) -> bool:
    """Is this text a heading we know?"""
    return spelling(text) in _MEANS


@dataclass(frozen=True)
class RecognisedColumns:
    """The heading of everything that was recognised, and the headings nobody asked for."""

    found: Mapping[str, ColumnHeading]
    unused: tuple[str, ...] = ()

    def named(self, key: str) -> str:
        """Return what the list calls this column, or what we call it."""
        if key in self.found:
            return self.found[key].text
        return next(str(one.label) for one in WANTED if one.key == key)


def table_in(sheet: SheetAsRead) -> SheetTable:
    """Return the table of a sheet, or say that there is none."""
    table = table_of(sheet, known)
    if table is None or not table.rows:
        raise Refused(
            "cases.no_table",
            _("没有找到表头和数据"),
            "file",
            _("请让第一行是列名：编号、来件时间、内容；其他列可有可无"),
        )
    return table


def recognised(headings: Sequence[ColumnHeading]) -> RecognisedColumns:
    """Return what the columns are, whatever is missing."""
    best: dict[str, tuple[int, ColumnHeading]] = {}
    for heading in headings:
        key, rank = _meaning(heading)
        # The finer of 一级分类 and 三级分类: the words stand in the order of preference.
        if key and (key not in best or rank < best[key][0]):
            best[key] = (rank, heading)
    chosen = {key: heading for key, (_rank, heading) in best.items()}
    taken = {heading.column for heading in chosen.values()}
    unused = tuple(
        column_heading.text
        for column_heading in headings
        if column_heading.column not in taken and column_heading.text
    )
    return RecognisedColumns(chosen, unused)


def columns_of(headings: Sequence[ColumnHeading]) -> RecognisedColumns:
    """Return what the columns are; refuse a list without number, time or text, naming it."""
    columns = recognised(headings)
    _check(
        columns.found, [column_heading.text for column_heading in headings if column_heading.text]
    )
    return columns


def _meaning(heading: ColumnHeading) -> tuple[str, int]:
    for heading_text in (heading.text, *reversed(heading.parts)):
        if spelling(heading_text) in _MEANS:
            return _MEANS[spelling(heading_text)]
    return "", 0


def _check(found: Mapping[str, ColumnHeading], there: Sequence[str]) -> None:
    missing = [column for column in WANTED if column.is_necessary and column.key not in found]
    if not missing:
        return
    named = "、".join(there[:MOST_HEADINGS_NAMED]) or _("（没有列名）")
    also = "；".join(
        _("“%(label)s”列可以叫%(words)s")
        % {"label": column.label, "words": "、".join(column.words[:6])}
        for column in missing
    )
    raise Refused(
        "cases.missing_column",
        _("缺少必需的列：%(missing)s。表里的列名是：%(there)s")
        % {"missing": "、".join(str(column.label) for column in missing), "there": named},
        "file",
        also,
    )
