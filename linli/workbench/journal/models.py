"""The journal's table: append-only, every entry sealed by the hash of the one before.

The seal covers a salted hash of what was said and the record's own key, so that words and salt can
go and the chain stays whole.
"""

from __future__ import annotations

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
        "record",
        "subject_kind",
        "subject_id",
        "by",
        "role",
        "at",
        "before",
        "content_hash",
        "seal",
    )
    # What was said may go, once and whole, by an act that stands in the journal itself.
    may_be_redacted = ("text", "data", "purpose", "salt", "redacted_by")

    seq = models.BigIntegerField(_("序号"), unique=True)
    kind = models.CharField(_("类别"), max_length=60, db_index=True)
    record = models.CharField(max_length=80, blank=True)
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
    salt = models.CharField(max_length=32, blank=True)
    content_hash = models.CharField(max_length=64)
    before = models.CharField(max_length=64)
    seal = models.CharField(max_length=64)
    redacted_by = models.BigIntegerField(_("清空它的一条"), null=True, blank=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("民情日志")
        ordering = ["-seq"]
        indexes = [
            models.Index(fields=["subject_kind", "subject_id"], name="journal_subject"),
            models.Index(
                fields=["redacted_by"],
                condition=models.Q(redacted_by__isnull=False),
                name="journal_redacted",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                # Emptied is empty, and by a later entry: half of it is refused.
                condition=models.Q(redacted_by__isnull=True)
                | models.Q(text="", purpose="", salt="", data={}, redacted_by__gt=models.F("seq")),
                name="journal_redacted_is_empty",
            )
        ]


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
