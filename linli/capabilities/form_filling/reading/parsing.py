"""Let the child process open a file, and say in words why it could not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from linli.core.documents import refusals
from linli.core.documents.limits import Limits
from linli.core.documents.reader import ChildAnswer, NotRead, answered
from linli.core.errors import Refused

TASKS = "linli.capabilities.form_filling.child.task"
MOST_BYTES = 20 << 20


def ask_child(task: str, data: bytes) -> ChildAnswer:
    """Return what the child answers of a file, or refuse in words."""
    check_size(data)
    try:
        return answered(f"{TASKS}:{task}", {}, data, Limits())
    except NotRead as why:
        raise refusal(why.code, why.words) from why


def check_size(data: bytes) -> None:
    """Refuse a file that is too large, before any program opens it."""
    if len(data) > MOST_BYTES:
        raise Refused("form_filling.too_big", _("文件超过20 MB，请去掉图片后再试"), "file")


def refusal(code: str, told: Mapping[str, Any]) -> Refused:
    """Return why a file is no form that can be filled, and what to do."""
    own = {
        "macros": (_("文件带宏，请另存为不带宏的 .docx 或 .xlsx"), ""),
        "not_a_form": (_("这不是Word或Excel文件，请交 .docx 或 .xlsx"), ""),
        "too_large": (
            _("工作表“%(sheet)s”超过400列或5000行，不像一张表单"),
            _("请删去表单以外的列和行再试"),
        ),
        "far_cell": (_("单元格%(cell)s离表格很远"), _("请删去表单以外的列和行再试")),
        "too_many_cells": (
            _("表格太大，超过%(most)s格，不像一张表单"),
            _("请删去表单以外的列和行再试"),
        ),
        "too_many_merges": (_("合并单元格太多，不像一张表单"), _("请取消表单以外的合并单元格再试")),
        "too_many_tables": (_("文件里的表格或段落太多，不像一张表单"), _("请只留要填的那张表")),
        "too_long": (_("文件里的字太多，不像一张表单"), _("请只留要填的那张表")),
    }
    if code in own:
        sentence, hint = own[code]
        return Refused(f"form_filling.{code}", sentence % told, "file", hint)
    shared = refusals.in_words(code, told)
    if shared is not None:
        return Refused(f"form_filling.{code}", shared[0], "file", shared[1])
    return Refused("form_filling.broken", _("文件打不开，请用Word或Excel另存一份再试"), "file")
