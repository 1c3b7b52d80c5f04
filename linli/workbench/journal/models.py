"""The journal's table: append-only, every entry sealed by the hash of the one before."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.core.scope import ScopedForeignKey, ScopedModel


class JournalEntry(ScopedModel):
    """Something that happened (民情日志). ``scope_path`` follows its subject and is not sealed."""

    # What the seal covers, and the seal: the database refuses to change or remove it.
    append_only = (
        "seq",
        "kind",
        "subject_kind",
        "subject_id",
        "text",
        "data",
        "by",
        "role",
        "purpose",
        "at",
        "before",
        "seal",
    )

    seq = models.BigIntegerField(_("序号"), unique=True)
    kind = models.CharField(_("类别"), max_length=60, db_index=True)
    subject_kind = models.CharField(_("对象类别"), max_length=40, blank=True)
    subject_id = models.BigIntegerField(_("对象"), null=True, blank=True)
    text = models.TextField(_("内容"), blank=True)
    data = models.JSONField(_("细节"), default=dict, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("谁"),
    )
    role = models.CharField(_("角色"), max_length=24, blank=True)
    purpose = models.CharField(_("事由"), max_length=120, blank=True)
    at = models.DateTimeField(_("时间"))
    before = models.CharField(max_length=64)
    seal = models.CharField(max_length=64)

    class Meta(ScopedModel.Meta):
        verbose_name = _("民情日志")
        ordering = ["-seq"]
        indexes = [models.Index(fields=["subject_kind", "subject_id"], name="journal_subject")]


class Mention(ScopedModel):
    """An entry also concerns this record: it stands on its page too. Not sealed, only a pointer.

    Whoever may not see the entry's own place does not see it through a mention either.
    """

    entry = ScopedForeignKey(
        JournalEntry, on_delete=models.PROTECT, related_name="mentions", follows="free"
    )
    subject_kind = models.CharField(_("对象类别"), max_length=40)
    subject_id = models.BigIntegerField(_("对象"))

    class Meta(ScopedModel.Meta):
        verbose_name = _("也涉及")
        indexes = [models.Index(fields=["subject_kind", "subject_id"], name="mention_subject")]


class Photo(ScopedModel):
    """A picture about a record: made smaller, without position unless that was wanted (照片)."""

    subject_kind = models.CharField(_("对象类别"), max_length=40)
    subject_id = models.BigIntegerField(_("对象"))
    picture = models.BinaryField(_("图片"))
    sha256 = models.CharField(max_length=64, db_index=True)
    width = models.PositiveIntegerField(_("宽"))
    height = models.PositiveIntegerField(_("高"))
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    by: Any = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("谁"),
    )
    at = models.DateTimeField(_("时间"))

    class Meta(ScopedModel.Meta):
        verbose_name = _("照片")
        indexes = [models.Index(fields=["subject_kind", "subject_id"], name="photo_subject")]
