"""Why a document was not read, whatever it was to be: sentences for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, tuple[Any, Any]] = {
    "password": (_("文件有打开密码"), _("请取消密码后再导入")),
    "bomb": (
        _("文件展开后过大（%(expanded)sMB），已停止读取"),
        _("常见原因是大片带格式的空行：请把有内容的部分复制到新表格，再导入"),
    ),
    "too_many_parts": (_("文件内部结构异常"), _("请把内容复制到新表格，再导入")),
    "too_much_memory": (
        _("读取这个文件需要的内存太多，已停止"),
        _("请分成几个文件，或把内容复制到新表格"),
    ),
    "too_slow": (_("读取这个文件花的时间太长，已停止"), _("请分成几个文件，或把内容复制到新表格")),
    "no_room": (_("服务器磁盘已满，文件没有读入"), _("请联系管理员清理磁盘后再试")),
}


def in_words(code: str, words: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return sentence and hint of a code that every kind of document shares."""
    if code not in SENTENCES:
        return None
    sentence, hint = SENTENCES[code]
    return str(sentence) % words, str(hint) % words
