"""Things with dates and duties: lifts, fire equipment, charging piles, reserves."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.core.personal_data.crypto import EncryptedText
from linli.core.scope import ScopedForeignKey, ScopedModel
from linli.register.facilities.terms import DutyKind
from linli.register.parties.models import Party
from linli.register.places.models import Place


class Facility(ScopedModel):
    """A thing at a place that somebody must look after (设施)."""

    kind = models.CharField(_("类别"), max_length=40)
    name = models.CharField(_("名称"), max_length=80)
    code = models.CharField(_("编号"), max_length=40, blank=True)
    place = ScopedForeignKey(
        Place, on_delete=models.PROTECT, related_name="facilities", follows="equal"
    )
    installed_on = models.DateField(_("启用日期"), null=True, blank=True)
    # The earliest day of the inspections among its duties, or a day written by hand.
    next_inspection_on = models.DateField(_("下次检验"), null=True, blank=True, db_index=True)
    # The earliest day of all its duties.
    next_duty_on = models.DateField(_("下次要办"), null=True, blank=True, db_index=True)
    expires_on = models.DateField(_("有效期至"), null=True, blank=True, db_index=True)
    contract_until = models.DateField(_("合同到期"), null=True, blank=True, db_index=True)
    # The earliest day of its papers.
    papers_until = models.DateField(_("证件有效期"), null=True, blank=True, db_index=True)
    quantity = models.PositiveIntegerField(_("数量"), null=True, blank=True)
    minimum = models.PositiveIntegerField(_("最低数量"), null=True, blank=True)
    is_short = models.BooleanField(_("低于最低数量"), default=False)
    maintainer = ScopedForeignKey(
        Party,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="maintains",
        follows="free",
    )
    confirmed_on = models.DateField(_("核实日期"), null=True, blank=True)
    ended_on = models.DateField(_("停用日期"), null=True, blank=True)
    changed_at = models.DateTimeField(auto_now=True, db_index=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("设施")

    def __str__(self) -> str:
        return self.name


class Duty(ScopedModel):
    """What must be done for a facility in a cycle (设施周期事项)."""

    facility = ScopedForeignKey(
        Facility, on_delete=models.CASCADE, related_name="duties", follows="equal"
    )
    kind = models.CharField(_("事项类别"), max_length=12, choices=DutyKind)
    name = models.CharField(_("名称"), max_length=40)
    months = models.PositiveSmallIntegerField(_("每几个月"), default=0)
    days = models.PositiveSmallIntegerField(_("每几天"), default=0)
    # Counting starts here, so that 29 February comes back every fourth year.
    anchor_on = models.DateField(_("起算日"))
    due_on = models.DateField(_("期限"), db_index=True)
    done_on = models.DateField(_("上次办结"), null=True, blank=True)
    ended = models.BooleanField(default=False)
    changed_at = models.DateTimeField(auto_now=True, db_index=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("设施周期事项")
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(months__gt=0, days=0) | Q(months=0, days__gt=0), name="duty_has_a_cycle"
            ),
            models.UniqueConstraint(
                fields=["facility", "name"], condition=Q(ended=False), name="duty_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def cycle_words(self) -> str:
        """Say how often."""
        if self.days:
            return _("每%(n)s天") % {"n": self.days}
        if self.months % 12 == 0:
            return _("每%(n)s年") % {"n": self.months // 12}
        return _("每%(n)s个月") % {"n": self.months}


class DutyDone(ScopedModel):
    """A duty was done: for which day, on which day, by whom."""

    duty = ScopedForeignKey(Duty, on_delete=models.CASCADE, related_name="done", follows="equal")
    due_on = models.DateField(_("期限"))
    done_on = models.DateField(_("办结日期"))
    result = models.CharField(_("结果"), max_length=500, blank=True)
    # What was written down by mistake stays, and says so.
    taken_back_on = models.DateField(_("更正日期"), null=True, blank=True)
    why = models.CharField(_("哪里记错了"), max_length=500, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta(ScopedModel.Meta):
        verbose_name = _("周期事项办结")
        ordering = ["-done_on", "-id"]


class FacilityPaper(ScopedModel):
    """A certificate or contract of a facility: its number, its day, the file sealed or a link."""

    facility = ScopedForeignKey(
        Facility, on_delete=models.CASCADE, related_name="papers", follows="equal"
    )
    name = models.CharField(_("证件名称"), max_length=40)
    number = models.CharField(_("证件编号"), max_length=60, blank=True)
    valid_until = models.DateField(_("有效期至"), null=True, blank=True, db_index=True)
    link = models.CharField(_("网址"), max_length=300, blank=True)
    file_name = models.CharField(max_length=80, blank=True)
    file_kind = models.CharField(max_length=40, blank=True)
    file = EncryptedText(_("文件"), blank=True)
    ended = models.BooleanField(default=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    kept_at = models.DateTimeField(auto_now_add=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("设施证件")
        ordering = ["ended", "valid_until", "id"]

    def __str__(self) -> str:
        return self.name
