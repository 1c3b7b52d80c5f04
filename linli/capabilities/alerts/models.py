"""Rules that raise alerts, each alert of theirs, and warnings somebody gave."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.capabilities.alerts.terms import (
    TAKEN_BACK,
    AdvisoryKind,
    AlertState,
    ThresholdSide,
    Until,
    When,
)
from linli.core.scope import ScopedForeignKey, ScopedModel, current_scope
from linli.register.facilities.terms import DutyKind
from linli.register.places.models import Place
from linli.register.posts.terms import Role
from linli.workbench.tasks.models import Task


def _user() -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )


def thread_of(key: str) -> str:
    """Return the part of a key that tells apart what stands beside each other at one subject.

    Keys read "2027-05-10" or "duty-5:2027-05-10"; each warning stands for itself: "signal:3".
    """
    return key if key.startswith("signal:") else key.rpartition(":")[0]


class AlertRule(ScopedModel):
    """A condition, when it raises an alert, which post hears it and what it is told (吹哨规则).

    ``years`` are added to the date (a birth date and 80 years); ``months`` is the cycle in which
    the date comes back, 0 for once in a life. ``past`` also raises alerts for days long gone.
    ``duty`` is the kind of duty of facilities that is watched, "" for every kind.
    """

    scope_reach = "above"

    key = models.CharField(max_length=40, blank=True)  # of the library, "" for one's own
    name = models.CharField(_("名称"), max_length=40)
    place = ScopedForeignKey(Place, on_delete=models.PROTECT, related_name="+", follows="equal")
    subject = models.CharField(_("关于"), max_length=16, default="person")
    condition = models.JSONField(_("条件"), default=dict)
    when = models.CharField(_("何时"), max_length=12, choices=When)
    field = models.CharField(_("日期"), max_length=48, blank=True)
    other = models.CharField(_("另一处"), max_length=48, blank=True)
    years = models.PositiveSmallIntegerField(_("满几年"), default=0)
    lead = models.PositiveSmallIntegerField(_("提前几天"), default=0)
    months = models.PositiveSmallIntegerField(_("每几个月一次"), default=0)
    past = models.BooleanField(_("过期的也吹"), default=False)
    days = models.PositiveSmallIntegerField(_("多少天"), default=0)
    side = models.CharField(_("哪一边"), max_length=8, choices=ThresholdSide, blank=True)
    number = models.PositiveIntegerField(_("多少"), default=0)
    advisory = models.CharField(_("预警"), max_length=12, choices=AdvisoryKind, blank=True)
    source = models.CharField(max_length=40, blank=True)
    duty = models.CharField(_("哪种事项"), max_length=12, choices=DutyKind, blank=True)
    role = models.CharField(_("谁来办"), max_length=24, choices=Role)
    message = models.CharField(_("内容"), max_length=100)
    repeat = models.PositiveSmallIntegerField(_("几天提醒一次"), default=0)
    until = models.CharField(_("到什么时候"), max_length=8, choices=Until, default=Until.DONE)
    is_on = models.BooleanField(_("启用"), default=False)
    since = models.DateField(_("启用日期"), null=True, blank=True)
    by = _user()
    # Until when changes were looked at, and the last day that was looked at.
    seen_at = models.DateTimeField(null=True, blank=True)
    seen_on = models.DateField(null=True, blank=True)
    whole_on = models.DateField(null=True, blank=True)  # last looked at from nothing
    error_text = models.CharField(_("上次没跑成"), max_length=200, blank=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("吹哨规则")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                # Adopting a rule of the library twice must not alert twice.
                fields=["place", "key"],
                condition=~models.Q(key=""),
                name="alert_rule_once",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Alert(ScopedModel):
    """One alert: a rule, a subject and the occasion; however often it runs there is one."""

    rule = ScopedForeignKey(AlertRule, on_delete=models.CASCADE, related_name="alerts")
    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    key = models.CharField(max_length=48)
    name = models.CharField(_("对象"), max_length=120)
    place = ScopedForeignKey(Place, on_delete=models.PROTECT, related_name="+", follows="equal")
    day = models.DateField(_("日期"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=8, choices=AlertState, default=AlertState.OPEN)
    task = ScopedForeignKey(
        Task, on_delete=models.PROTECT, null=True, related_name="+", follows="free"
    )
    opened_on = models.DateField(_("吹哨日期"))
    times = models.PositiveSmallIntegerField(default=1)  # taken back and raised again
    told_on = models.DateField(null=True, blank=True)
    told_times = models.PositiveSmallIntegerField(default=0)
    cleared_on = models.DateField(null=True, blank=True)
    reason = models.CharField(_("原因"), max_length=300, blank=True)
    changed_at = models.DateTimeField(auto_now=True, db_index=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("吹哨")
        ordering = ["day", "id"]
        indexes = [
            models.Index(fields=["rule", "state"], name="alert_rule_state"),
            # Asked whenever a date of a record moves.
            models.Index(fields=["subject_kind", "subject_id"], name="alert_subject"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "subject_kind", "subject_id", "key"], name="alert_once"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def thread(self) -> str:
        """Return which of several things of one subject this is about: a duty, a post."""
        return thread_of(self.key)

    @property
    def is_taken_back(self) -> bool:
        """Was it ended by the run itself, so that it is raised again when it recurs?"""
        return self.cleared_on is not None and self.state in TAKEN_BACK

    @property
    def line(self) -> str:
        """Say the day, the rule and the place in one line."""
        day = [self.day.isoformat()] if self.day else []
        return " · ".join([*day, str(self.rule), str(self.place)])


class Advisory(ScopedModel):
    """A warning somebody gave for a place: a typhoon, a heat wave (预警).

    It is meant for everything below the place, so posts and rules there see it.
    """

    scope_reach = "above"

    kind = models.CharField(_("预警"), max_length=12, choices=AdvisoryKind)
    place = ScopedForeignKey(Place, on_delete=models.PROTECT, related_name="+", follows="equal")
    from_on = models.DateField(_("从"))
    until_on = models.DateField(_("到"))
    words = models.CharField(_("说明"), max_length=200, blank=True)
    by = _user()
    ended = models.BooleanField(default=False)

    class Meta(ScopedModel.Meta):
        verbose_name = _("预警")
        ordering = ["-from_on", "-id"]

    def __str__(self) -> str:
        return str(AdvisoryKind(self.kind).label)

    @property
    def line(self) -> str:
        """Say for which place, and what was said."""
        return " · ".join(filter(None, [str(self.place), self.words]))

    @property
    def is_ours(self) -> bool:
        """Was it given for a place of the active scope, so that it may be ended here?"""
        return current_scope().holds(self.scope_path)
