"""Lists of departments, their rows, and every difference between a row and the register."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.capabilities.record_linkage import terms
from linli.core.personal_data.crypto import EncryptedText
from linli.core.scope import ScopedForeignKey, ScopedModel
from linli.core.time import today


def new_link() -> str:
    """Return a link that cannot be guessed."""
    return secrets.token_urlsafe(9)


class LinkageRun(ScopedModel):
    """One list of a department on its way into the register; ``scope_path`` is the bringer's.

    ``file`` and ``undo`` are sealed and leave on ``purge_on``. ``claim`` names the run that may
    write; ``done`` of ``total`` rows says how far it is.
    """

    link = models.CharField(max_length=16, unique=True, default=new_link, editable=False)
    department = models.CharField(_("哪个部门给的"), max_length=60)
    state = models.CharField(_("状态"), max_length=12, choices=terms.LinkageState, default="read")
    file_name = models.CharField(_("文件"), max_length=200)
    file = models.BinaryField(default=bytes, editable=False)
    purge_on = models.DateField(_("删除日期"))
    sheet = models.IntegerField(default=-1)
    sheets = models.JSONField(default=list)
    columns = models.JSONField(default=dict)
    confirmed_on = models.DateField(_("信息日期"))
    counts = models.JSONField(default=dict)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
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
        verbose_name = _("名单合并")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.file_name

    def count(self, bucket: str) -> int:
        """Return how many rows came into a bucket."""
        return int(self.counts.get(bucket, 0))

    @property
    def can_undo(self) -> bool:
        """Are the former values still kept?"""
        return self.state == terms.LinkageState.APPLIED and self.purge_on > today()


class LinkedRow(ScopedModel):
    """One row of a list: its bucket, what somebody answered, and sealed what it says."""

    linkage_run = ScopedForeignKey(
        LinkageRun, on_delete=models.CASCADE, related_name="rows", follows="equal"
    )
    number = models.PositiveIntegerField(_("行"))
    bucket = models.CharField(_("结果"), max_length=12, choices=terms.Bucket)
    answer = models.CharField(_("判断"), max_length=8, choices=terms.RowAnswer, blank=True)
    can_add = models.BooleanField(default=False)
    told = EncryptedText(blank=True)
    subject_id = models.BigIntegerField(null=True, blank=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("名单的行")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["linkage_run", "number"], name="linked_row_once"),
            models.UniqueConstraint(
                fields=["linkage_run", "subject_id"], name="linked_subject_once"
            ),
        ]
        indexes = [
            models.Index(fields=["linkage_run", "bucket", "number"], name="linked_row_bucket")
        ]


class Difference(ScopedModel):
    """One fact that a row says otherwise; ``told`` keeps both values with source and day."""

    linkage_run = ScopedForeignKey(
        LinkageRun, on_delete=models.CASCADE, related_name="differences", follows="equal"
    )
    row = ScopedForeignKey(
        LinkedRow, on_delete=models.CASCADE, related_name="differences", follows="equal"
    )
    field = models.CharField(max_length=40)
    choice = models.CharField(_("怎么办"), max_length=8, choices=terms.DifferenceChoice)
    is_gap = models.BooleanField(default=False)
    is_older = models.BooleanField(default=False)
    outcome = models.CharField(max_length=12, choices=terms.WriteOutcome, blank=True)
    told = EncryptedText(blank=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("不同之处")
        constraints = [
            models.UniqueConstraint(fields=["row", "field"], name="difference_once_per_fact")
        ]
        indexes = [models.Index(fields=["linkage_run", "field", "choice"], name="difference_field")]
