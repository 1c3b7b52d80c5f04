"""Letting the child write into copies of the department's own file."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from linli.capabilities.form_filling.filling import Content, FillResult
from linli.capabilities.form_filling.filling.content import (
    SHAPES_LOST,
    UNOFFERED,
    WIDTHS_LOST,
    to_order,
)
from linli.core.documents.limits import FILLING
from linli.core.documents.reader import NotRead, answered
from linli.core.errors import Refused

TASK = "linli.capabilities.form_filling.child.task:fill"


def fill_files(data: bytes, contents: Sequence[Content]) -> list[tuple[bytes, FillResult]]:
    """Return a filled copy of a .docx or .xlsx for each of the contents, all whole or none."""
    words = {"since": _("与上次相比的变动"), "columns": [_("谁"), _("栏目"), _("上次"), _("这次")]}
    order = {"contents": [to_order(content) for content in contents], "words": words}
    try:
        answer = answered(TASK, order, data, FILLING)
    except NotRead as why:
        raise _refusal(why.code) from why
    files, start = [], 0
    for head in answer.head["files"]:
        end = start + head["size"]
        warnings = tuple(_in_words(each) for each in head["warnings"])
        done = FillResult(head["rows"], head["cells"], head["left_blank"], warnings, head["texts"])
        files.append((answer.rest[start:end], done))
        start = end
    return files


def _refusal(code: str) -> Refused:
    if code in ("too_slow", "too_much_memory"):
        return Refused(
            "form_filling.too_much_to_fill",
            _("要填的太多，一次填不完，原件还在"),
            "file",
            _("请加条件少填一些人，或把表分成几份"),
        )
    return Refused(
        "form_filling.cannot_fill",
        _("这份文件填不进去，原件还在"),
        "file",
        _("请用Word或Excel另存一份再放进来"),
    )


def _in_words(warning: str) -> str:
    if warning.startswith(UNOFFERED):
        words = _("“%(what)s”不在表的下拉选项里，请看一眼")
        return words % {"what": warning.removeprefix(UNOFFERED)}
    return {
        SHAPES_LOST: _("表里的图形、勾选框或数据条没有带过来，请对照原表看一眼"),
        WIDTHS_LOST: _("原表的列宽丢了，字都放不下，已改成铺满页宽"),
    }[warning]
