"""Saved questions, and lists on their way out."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.capabilities.reports.terms import ExportState, FileKind, Purpose
from linli.core.scope import ScopedModel


def new_link() -> str:
    """Return a link that cannot be guessed."""
    return secrets.token_urlsafe(9)


class SavedReport(ScopedModel):
    """A question with a name and a link; whoever of its place opens it sees their own rows."""

    scope_reach = "above"

    link = models.CharField(max_length=16, unique=True, default=new_link, editable=False)
    name = models.CharField(_("名称"), max_length=60)
    subject = models.CharField(max_length=16)
    condition = models.JSONField()
    columns = models.JSONField(default=list)
    sort = models.CharField(max_length=48, blank=True)
    shared = models.BooleanField(_("同范围的人可打开"), default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(auto_now_add=True)
    ended = models.BooleanField(default=False)

    class Meta(ScopedModel.Meta):
        verbose_name = _("常用名单")
        ordering = ["-saved_at"]

    def __str__(self) -> str:
        return self.name


class ExportRequest(ScopedModel):
    """A list on its way out: what, how many, what for, and who consented."""

    link = models.CharField(max_length=16, unique=True, default=new_link, editable=False)
    subject = models.CharField(max_length=16)
    condition = models.JSONField()
    condition_text = models.TextField()
    columns = models.JSONField(default=list)
    sort = models.CharField(max_length=48, blank=True)
    kind = models.CharField(max_length=4, choices=FileKind)
    rows = models.PositiveIntegerField(_("行数"))
    purpose = models.CharField(_("用途"), max_length=12, choices=Purpose)
    words = models.CharField(_("说明"), max_length=120)
    state = models.CharField(max_length=8, choices=ExportState)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    consent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    consent_at = models.DateTimeField(null=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("名单外带")
        ordering = ["-asked_at"]
