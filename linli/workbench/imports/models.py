"""Spreadsheets that were brought, and what becomes of each of their rows."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from linli.core.personal_data.crypto import EncryptedText
from linli.core.scope import ScopedForeignKey, ScopedModel
from linli.core.time import today
from linli.workbench.imports import terms


def new_link() -> str:
    """Return a link that cannot be guessed."""
    return secrets.token_urlsafe(9)


class Batch(ScopedModel):
    """One spreadsheet on its way into the register. ``scope_path`` is the bringer's own place.

    ``file`` and ``undo`` are sealed and leave on ``purge_on``. ``claim`` names the run that may
    write; whoever changes it first is the only one.
    """

    link = models.CharField(max_length=16, unique=True, default=new_link, editable=False)
    subject = models.CharField(_("内容"), max_length=12, choices=terms.ImportSubject)
    state = models.CharField(_("状态"), max_length=12, choices=terms.ImportState, default="read")
    file_name = models.CharField(_("文件"), max_length=200)
    file_size = models.PositiveIntegerField(default=0)
    file = models.BinaryField(default=bytes, editable=False)
    purge_on = models.DateField(_("删除日期"))
    sheet = models.IntegerField(default=-1)
    sheets = models.JSONField(default=list)
    columns = models.JSONField(default=dict)
    fill_down = models.BooleanField(_("合并单元格向下填充"), default=True)
    make_dwellings = models.BooleanField(_("建立没有的户室"), default=False)
    source = models.CharField(_("来源"), max_length=16)
    confirmed_on = models.DateField(_("信息日期"))
    counts = models.JSONField(default=dict)
    error_text = models.CharField(max_length=300, blank=True)
    claim = models.CharField(max_length=32, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    undo = models.TextField(blank=True, editable=False)
    left = models.JSONField(default=list)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("谁")
    )
    brought_at = models.DateTimeField(_("时间"), auto_now_add=True)
    applied_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("导入")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.file_name

    def count(self, fate: str) -> int:
        """Return how many rows have this fate."""
        return int(self.counts.get(fate, 0))

    @property
    def note(self) -> str:
        """Say who brought it, when, and how many rows it had."""
        day = timezone.localtime(self.brought_at).strftime("%Y-%m-%d %H:%M")
        rows = sum(int(n) for fate, n in self.counts.items() if fate in terms.RowFate.values)
        counted = ngettext("%(n)s行", "%(n)s行", rows) % {"n": rows} if rows else ""
        return " · ".join(filter(None, (str(self.by), day, str(counted))))

    @property
    def can_undo(self) -> bool:
        """Are the former values still kept?"""
        return bool(self.applied_at) and self.purge_on > today()

    @property
    def column_of(self) -> dict[str, int]:
        """Return the column of every fact that was chosen."""
        return {key: int(column) for column, key in self.columns.items() if key}


class ImportRow(ScopedModel):
    """One row of a spreadsheet: its fate, and sealed what it says and what would change."""

    batch = ScopedForeignKey(Batch, on_delete=models.CASCADE, related_name="rows", follows="equal")
    number = models.PositiveIntegerField(_("行"))
    fate = models.CharField(_("结果"), max_length=12, choices=terms.RowFate)
    has_doubt = models.BooleanField(default=False)
    told = EncryptedText(blank=True)
    subject_id = models.BigIntegerField(null=True, blank=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("导入的行")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="import_row_once_per_batch")
        ]
        indexes = [models.Index(fields=["batch", "fate", "number"], name="import_row_fate")]


class ListTrace(ScopedModel):
    """What an applied list wrote and what it spoke of, by record: no values, only which facts.

    By it an earlier list sees which later ones rest on it. It goes when its list is taken back.
    """

    page = models.CharField(max_length=60)
    link = models.CharField(max_length=16)
    label = models.CharField(_("名单"), max_length=240)
    written = models.JSONField(default=dict)
    named = models.JSONField(default=dict)
    applied_at = models.DateTimeField(_("导入时间"), auto_now_add=True)
    purge_on = models.DateField(_("删除日期"))

    class Meta(ScopedModel.Meta):
        verbose_name = _("名单动过什么")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["page", "link"], name="list_trace_once_per_list")
        ]


class ExplainedWord(ScopedModel):
    """What a word of lists means for a fact, as somebody of the subdistrict said once.

    ``value`` is a value of the fact, or "" for none. It belongs to the root of the places, so
    that every community of the subdistrict knows it.
    """

    scope_reach = "above"

    key = models.CharField(max_length=40)
    word = models.CharField(_("表里的词"), max_length=40)
    value = models.CharField(max_length=40, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("谁")
    )
    explained_at = models.DateTimeField(_("时间"), auto_now=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("表格里的词")
        constraints = [
            models.UniqueConstraint(
                fields=["scope_path", "key", "word"], name="import_word_explained_once"
            )
        ]

    def __str__(self) -> str:
        return self.word


Facts = dict[str, Any]
