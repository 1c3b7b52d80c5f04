"""When each job is due and how it went; of no place, and so without a scope."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class JobRun(models.Model):
    """One job: when it is due next, and its last run."""

    # The installation keeps its own time here; nobody does anything.
    writes_are_actions = False

    key = models.CharField(_("任务"), max_length=60, primary_key=True)
    due_at = models.DateTimeField(_("下次"))
    started_at = models.DateTimeField(_("开始"), null=True, blank=True)
    done_at = models.DateTimeField(_("完成"), null=True, blank=True)
    done = models.PositiveIntegerField(_("做了几件"), default=0)
    error = models.CharField(_("错误"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("后台任务")

    def __str__(self) -> str:
        return self.key
