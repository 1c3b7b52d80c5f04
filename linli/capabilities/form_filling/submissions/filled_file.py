"""The filled file: the department's own, with what is known in it."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from django.utils.translation import gettext as _

from linli.capabilities.form_filling import rules
from linli.capabilities.form_filling.answers.cells import Knowledge, known
from linli.capabilities.form_filling.answers.left_open import left_open
from linli.capabilities.form_filling.answers.row_assignment import (
    RowAssignment,
    cards_a_file,
    laid_out,
)
from linli.capabilities.form_filling.filling import Content
from linli.capabilities.form_filling.filling.fill_in_child import fill_files
from linli.capabilities.form_filling.models import FormInstance
from linli.capabilities.form_filling.reading.blank_form import Paper
from linli.capabilities.form_filling.reading.read import read_form_file
from linli.capabilities.form_filling.submissions.last_check import check_whose
from linli.capabilities.form_filling.submissions.submission_diff import changes
from linli.core.errors import Refused
from linli.core.personal_data.crypto import open_file
from linli.register.posts.models import User
from linli.workbench.conditions import queries


@dataclass(frozen=True)
class FilledFile:
    """A filled file with its name, what it holds, and what its reader should know."""

    data: bytes
    name: str
    knowledge: Knowledge
    counts: dict[str, int]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class _Blank:
    """The department's file, open: its bytes, and what is printed on it."""

    data: bytes
    suffix: str
    paper: Paper


def filled(form_instance: FormInstance, *, by: User | None) -> FilledFile:
    """Fill a copy of the form with what is known in the scope of whoever asks.

    A card is one person's: for more people than a file has cards there are several files, in one
    archive. ``warnings`` of the answer are all there is to tell of it, in one place.
    """
    knowledge = known(form_instance)
    blank = _blank(form_instance)
    each = cards_a_file(form_instance, knowledge.form)
    if each and len(knowledge.rows) > each:
        data, suffix, warnings = _cards(form_instance, knowledge, by, blank, each)
    else:
        data, knowledge, warnings = _one_file(form_instance, knowledge, by, blank)
        suffix = blank.suffix
    warnings += left_open(form_instance).told
    if knowledge.covered:
        told = {"fields": "、".join(knowledge.covered)}
        warnings.append(_("没有填：%(fields)s（您的岗位不能看，或没有写要表单位和依据）") % told)
    if form_instance.original:
        warnings.append(_("原来是旧格式，填好的是%(kind)s文件；原件还在") % {"kind": blank.suffix})
    parts = [form_instance.title, form_instance.place.name]
    if left_out := queries.left_out_of(form_instance.condition):
        warnings.append(left_out)
        parts.append(_("只按看懂的算"))
    name = "-".join(parts) + suffix
    return FilledFile(data, name, knowledge, knowledge.counts, tuple(dict.fromkeys(warnings)))


def _blank(form_instance: FormInstance) -> _Blank:
    data, suffix = open_file(form_instance.file), Path(form_instance.file_name).suffix.lower()
    return _Blank(data, suffix, _paper(data))


@lru_cache(maxsize=8)
def _paper(data: bytes) -> Paper:
    """Read what is printed on a blank form; the same one is filled for many communities."""
    return read_form_file(data).paper


def _cards(
    form_instance: FormInstance, knowledge: Knowledge, by: User | None, blank: _Blank, each: int
) -> tuple[bytes, str, list[str]]:
    groups = [knowledge.rows[n : n + each] for n in range(0, len(knowledge.rows), each)]
    if len(groups) > rules.MOST_CARDS:
        told = {"rows": len(groups), "most": rules.MOST_CARDS}
        raise Refused(
            "form_filling.many_cards",
            _("这是一人一张的表，会有%(rows)d张，一次最多%(most)d张") % told,
            "condition",
            _("请加条件，或从居民的页面填一张"),
        )
    packed, warnings = io.BytesIO(), list[str]()
    laid = [
        _laid(form_instance, replace(knowledge, rows=rows), by, blank, is_part=True)
        for rows in groups
    ]
    files = fill_files(blank.data, [content for content, _laid_out in laid])
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bundle:
        for number, (rows, (_content, parts), (data, done)) in enumerate(
            zip(groups, laid, files, strict=True), 1
        ):
            check_whose(form_instance, blank.paper, done.texts, rows)
            warnings += [*parts.warnings, *done.warnings]
            who = next((c.text for c in rows[0].cells if c.text and not c.text.isdigit()), "")
            bundle.writestr(f"{number:03d}-{who.replace('/', ' ')}{blank.suffix}", data)
    return packed.getvalue(), ".zip", warnings


def _one_file(
    form_instance: FormInstance, knowledge: Knowledge, by: User | None, blank: _Blank
) -> tuple[bytes, Knowledge, list[str]]:
    content, laid = _laid(form_instance, knowledge, by, blank)
    [(data, done)] = fill_files(blank.data, [content])
    check_whose(form_instance, blank.paper, done.texts, laid.knowledge.rows)
    return data, laid.knowledge, [*laid.warnings, *done.warnings]


def _laid(
    form_instance: FormInstance,
    knowledge: Knowledge,
    by: User | None,
    blank: _Blank,
    *,
    is_part: bool = False,
) -> tuple[Content, RowAssignment]:
    laid = laid_out(form_instance, knowledge, by, blank.paper)
    return replace(
        laid.content, changes=changes(form_instance, laid.knowledge, is_part=is_part)
    ), laid
