"""Tasks, and the plan of working days an operator adds: stored facts and constraints."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.core.scope import ScopedForeignKey, ScopedModel
from linli.register.parties.models import Party
from linli.register.people.models import Person
from linli.register.places.models import Place
from linli.register.posts.terms import Role
from linli.workbench.tasks.terms import Danger, TaskState


def _user(label: Any) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=label,
    )


class Task(ScopedModel):
    """Something a post must do by a day, about a subject (待办).

    It belongs to a seat, ``seat_role`` at ``seat_place``, not to whoever sits there: another
    holder finds it unchanged. Without a seat nobody in the installation could be found.
    """

    kind = models.CharField(_("事项"), max_length=60, db_index=True)
    title = models.CharField(_("标题"), max_length=120)
    note = models.TextField(_("说明"), blank=True)
    subject_kind = models.CharField(_("对象类别"), max_length=40)
    subject_id = models.BigIntegerField(_("对象"))
    place = ScopedForeignKey(
        Place,
        on_delete=models.PROTECT,
        related_name="tasks",
        follows="equal",
        verbose_name=_("地方"),
    )
    person = ScopedForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="tasks",
        follows="free",
        verbose_name=_("当事人"),
    )
    party = ScopedForeignKey(
        Party,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="tasks",
        follows="free",
        verbose_name=_("承办单位"),
    )
    seat_role = models.CharField(_("负责岗位"), max_length=24, choices=Role, blank=True)
    seat_place = ScopedForeignKey(
        Place,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="seats",
        # A place may move out of the grid whose post has its tasks; they follow right after, and
        # what was done there stays said of it.
        follows="free",
        verbose_name=_("岗位所在"),
    )
    # Set when it was given by hand to another post of the role than the nearest.
    chosen_place = ScopedForeignKey(
        Place,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        # A branch that moves leaves it behind: then it no longer counts.
        follows="free",
        verbose_name=_("指定的岗位所在"),
    )
    # Users who must not do it: their own visit is asked about, their own work is looked over.
    excluded_users = models.JSONField(_("不能办的人"), default=list, blank=True)
    is_gap = models.BooleanField(_("本级无人负责"), default=False)
    missing_role = models.CharField(_("空着的岗位"), max_length=24, choices=Role, blank=True)
    state = models.CharField(_("状态"), max_length=12, choices=TaskState, default=TaskState.OPEN)
    due_on = models.DateField(_("期限"), null=True, blank=True)
    opened_at = models.DateTimeField(_("开出时间"), auto_now_add=True)
    opened_by = _user(_("开出人"))
    taken_by = _user(_("接办人"))
    taken_at = models.DateTimeField(_("接办时间"), null=True, blank=True)
    ended_by = _user(_("办结人"))
    ended_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    result = models.TextField(_("结果"), blank=True)
    refused_times = models.PositiveSmallIntegerField(_("退回次数"), default=0)
    level = models.PositiveSmallIntegerField(_("上报级数"), default=0)
    raised_role = models.CharField(_("上报岗位"), max_length=24, blank=True)
    raised_place = ScopedForeignKey(
        Place,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        follows="free",
        verbose_name=_("上报到"),
    )
    occasion = models.CharField(_("起因"), max_length=120, blank=True)
    # Seen by the seat and by who leads here; set from the case it is about.
    confidential = models.BooleanField(_("保密"), default=False)
    # A danger is counted in minutes since it came, beside the day.
    danger = models.CharField(_("危险"), max_length=8, choices=Danger, blank=True)
    danger_since = models.DateTimeField(_("危险从何时起"), null=True, blank=True)
    # How many working days its day was counted by; nobody set it by hand, so it may be recounted.
    counted_days = models.PositiveSmallIntegerField(_("按几个工作日算"), null=True, blank=True)
    reminded_on = models.DateField(_("上次催办"), null=True, blank=True)
    changed_at = models.DateTimeField(auto_now=True, db_index=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("待办")
        indexes = [
            models.Index(fields=["state", "scope_path"], name="task_state_path"),
            models.Index(fields=["subject_kind", "subject_id"], name="task_subject"),
        ]
        constraints = [
            # One task for one occasion, however often somebody asks for it.
            models.UniqueConstraint(
                fields=["kind", "occasion"], condition=~Q(occasion=""), name="task_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted") | Q(taken_by__isnull=False),
                name="task_accepted_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_late(self) -> bool:
        """Is its day over and it is not done?"""
        from linli.core.time import today

        return self.state in ("open", "accepted") and bool(self.due_on and self.due_on < today())


class YearPlan(models.Model):
    """The days off and the weekends worked of one year, as the State Council announced them."""

    year = models.PositiveSmallIntegerField(_("年份"), primary_key=True)
    holidays = models.JSONField(_("放假"), default=list)
    worked = models.JSONField(_("调休上班"), default=list)
    source = models.CharField(_("文号"), max_length=80)
    entered_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("工作日安排")

    def __str__(self) -> str:
        return str(self.year)
