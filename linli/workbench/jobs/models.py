"""When each job is due, who does them, how large the data is; of no place, so without a scope."""

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


class Worker(models.Model):
    """A worker and when it last gave a sign of life; gone when it ends as it should."""

    writes_are_actions = False

    key = models.CharField(_("进程"), max_length=32, primary_key=True)
    host = models.CharField(_("机器"), max_length=64)
    pid = models.PositiveIntegerField(_("进程号"))
    began_at = models.DateTimeField(_("启动"))
    seen_at = models.DateTimeField(_("最近一次"), db_index=True)
    job = models.CharField(_("正在做"), max_length=60, blank=True)
    # Of the job, or of the rest between two rounds.
    since = models.DateTimeField(_("从何时"))

    class Meta:
        verbose_name = _("后台进程")

    def __str__(self) -> str:
        return self.key


class DatabaseSize(models.Model):
    """How large the database was on a day: by it is told for how long there is room."""

    writes_are_actions = False

    day = models.DateField(_("日期"), primary_key=True)
    bytes = models.BigIntegerField(_("字节"))

    class Meta:
        verbose_name = _("数据库大小")

    def __str__(self) -> str:
        return f"{self.day} {self.bytes}"
