"""Attachments: bytes about a record, sealed where they lie."""

from __future__ import annotations

import hashlib
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.core.personal_data.crypto import CannotOpen, keyring, open_file
from linli.core.scope import ScopedModel
from linli.workbench.attachments.terms import AttachmentKind


class Attachment(ScopedModel):
    """A picture or document about a record (附件凭据); ``content`` is sealed, ``sha256`` is not.

    Nothing here opens what was brought: who keeps a file has had it read in a child process.
    """

    subject_kind = models.CharField(_("对象类别"), max_length=40)
    subject_id = models.BigIntegerField(_("对象"))
    kind = models.CharField(
        _("类别"), max_length=8, choices=AttachmentKind, default=AttachmentKind.IMAGE
    )
    content = models.BinaryField(_("内容"))
    sha256 = models.CharField(max_length=64, db_index=True)
    width = models.PositiveIntegerField(_("宽"), null=True, blank=True)
    height = models.PositiveIntegerField(_("高"), null=True, blank=True)
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
        verbose_name = _("照片和附件")
        indexes = [models.Index(fields=["subject_kind", "subject_id"], name="attachment_subject")]

    def keep(self, data: bytes) -> None:
        """Seal ``data`` and store it with its hash."""
        self.content, self.sha256 = keyring().encrypt(data), hashlib.sha256(data).hexdigest()
        self.save()

    def opened(self) -> bytes:
        """Return the bytes as they were brought; sealed by a lost key they raise CannotOpen."""
        return open_file(self.content)

    def is_unchanged(self, sha256: str) -> bool:
        """Are these the bytes of that hash?"""
        try:
            return hashlib.sha256(self.opened()).hexdigest() == sha256
        except CannotOpen:
            return False
