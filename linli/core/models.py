"""What floor 0 keeps: tries, what the whole database is, what the end of a record closed."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.core.scope import ScopedModel


class Limit(models.Model):
    """How often somebody did something since a window began; who it was cannot be read from it."""

    # Counted while somebody knocks: nobody does anything.
    writes_are_actions = False

    key = models.CharField(max_length=32, primary_key=True)
    number = models.IntegerField(_("次数"))
    ends_at = models.BigIntegerField(_("到何时（秒）"), db_index=True)

    class Meta:
        verbose_name = _("次数限制")

    def __str__(self) -> str:
        return self.key


class InstallationMark(models.Model):
    """What this database as a whole is: whose, of which keys, whether it was made up."""

    writes_are_actions = False

    name = models.CharField(max_length=20, primary_key=True)
    value = models.CharField(max_length=64, blank=True, default="")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("数据的标记")

    def __str__(self) -> str:
        return self.name


class EndingMemory(ScopedModel):
    """What was open about a record and ended with it, sealed, so that it can be put back."""

    subject_kind = models.CharField(_("对象类别"), max_length=40)
    subject_id = models.BigIntegerField(_("对象"))
    memory = models.TextField(editable=False)
    ended_at = models.DateTimeField(_("时间"), auto_now_add=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("随之结束的事")
        constraints = [
            models.UniqueConstraint(fields=["subject_kind", "subject_id"], name="ending_once")
        ]
