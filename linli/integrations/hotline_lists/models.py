"""Lists of a hotline that were brought, and how far they have been taken in."""

from __future__ import annotations

import secrets
from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from linli.core.personal_data.crypto import EncryptedText
from linli.core.scope import ScopedForeignKey, ScopedModel
from linli.core.time import today
from linli.integrations.hotline_lists import terms
from linli.register.places.models import Place

KEPT_DAYS = 30


def new_link() -> str:
    """Return a link that cannot be guessed."""
    return secrets.token_urlsafe(9)


def purge_day() -> date:
    """Return the day on which a list brought today is forgotten; its cases stay."""
    return today() + timedelta(days=KEPT_DAYS)


class HotlineList(ScopedModel):
    """A list on its way in. What is sealed of it leaves on ``purge_on``.

    ``plan`` says for every row what was previewed, so that what was looked at is what is taken.
    """

    link = models.CharField(max_length=16, unique=True, default=new_link, editable=False)
    place = ScopedForeignKey(
        Place,
        on_delete=models.PROTECT,
        related_name="+",
        follows="equal",
        verbose_name=_("没有写明地方的，记在"),
    )
    state = models.CharField(
        _("状态"), max_length=8, choices=terms.ListState, default=terms.ListState.LOOKED_AT
    )
    file_name = models.CharField(_("文件"), max_length=200)
    file = models.BinaryField(default=bytes, editable=False)
    sheet = models.IntegerField(default=-1)
    dispatch = models.CharField(
        _("分派"), max_length=8, choices=terms.Dispatch, default=terms.Dispatch.NONE
    )
    merge = models.BooleanField(_("合并相同的"), default=False)
    plan = EncryptedText(blank=True)
    rejected_rows = EncryptedText(blank=True)
    counts = models.JSONField(default=dict)
    rows = models.PositiveIntegerField(_("行数"), default=0)
    done = models.PositiveIntegerField(_("已处理"), default=0)
    moved_at = models.DateTimeField(null=True, blank=True)
    error_text = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("谁"),
    )
    brought_at = models.DateTimeField(_("时间"), auto_now_add=True)
    taken_at = models.DateTimeField(null=True, blank=True)
    purge_on = models.DateField(_("删除日期"), default=purge_day)

    class Meta(ScopedModel.Meta):
        verbose_name = _("批量来件")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.file_name

    @property
    def batch(self) -> str:
        """Return the word by which the reports that came with it are found."""
        return f"hotline:{self.link}"

    def count(self, what: str) -> int:
        """Return how many of something there are in it."""
        return int(self.counts.get(what, 0))

    @property
    def note(self) -> str:
        """Say who brought it, when, and how many rows it had."""
        day = timezone.localtime(self.brought_at).strftime("%Y-%m-%d %H:%M")
        n = self.count("rows")
        rows = ngettext("%(n)s行", "%(n)s行", n) % {"n": n}
        who = str(self.by) if self.by else ""
        return " · ".join(filter(None, (who, day, rows)))
