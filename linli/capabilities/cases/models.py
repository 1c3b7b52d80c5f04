"""Cases, who reported them, who handles them, what was answered: stored facts."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.capabilities.cases import terms
from linli.core.personal_data.crypto import EncryptedText
from linli.core.scope import ScopedForeignKey, ScopedModel, ScopedOneToOneField
from linli.core.time import to_china
from linli.core.words import WordField
from linli.register.parties.models import Party
from linli.register.people.models import Person
from linli.register.places.models import Place
from linli.register.posts.terms import Role
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.terms import Danger


def _user(label: Any) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=label,
    )


class Category(ScopedModel):
    """What kind of case, in three levels that the subdistrict edits."""

    # The taxonomy belongs to the subdistrict and every post below it reads it.
    scope_reach = "above"

    code = models.CharField(_("编码"), max_length=24)
    name = WordField(_("名称"), max_length=40)
    place = ScopedForeignKey(Place, on_delete=models.PROTECT, related_name="+", follows="equal")
    parent = ScopedForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        follows="equal",
        verbose_name=_("上级"),
    )
    level = models.PositiveSmallIntegerField(_("层级"))
    role = models.CharField(_("先由谁办"), max_length=24, choices=Role, blank=True)
    working_days = models.PositiveSmallIntegerField(_("几个工作日"), default=5)
    needs_review = models.BooleanField(_("须复核"), default=False)
    confidential = models.BooleanField(_("保密"), default=False)
    danger = models.CharField(_("危险"), max_length=8, choices=Danger, blank=True)
    is_active = models.BooleanField(_("在用"), default=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("事项分类")
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["place", "code"], name="category_code_once")]

    def __str__(self) -> str:
        name: str = self.name  # still a word: a page translates it
        return name

    @property
    def full_name(self) -> str:
        """Return its name with those above it: 小区与物业 · 电梯 · 电梯困人."""
        return f"{self.parent.full_name} · {self.name}" if self.parent else self.name

    @property
    def pk_text(self) -> str:
        """Return the key as it stands in an address."""
        return str(self.pk)


class Case(ScopedModel):
    """A case somebody brought (办件). How many people reported it stands in its reports."""

    title = models.CharField(_("标题"), max_length=80)
    text = models.TextField(_("内容"))
    place = ScopedForeignKey(
        Place,
        on_delete=models.PROTECT,
        related_name="cases",
        follows="equal",
        verbose_name=_("地方"),
    )
    spot = models.CharField(_("具体位置"), max_length=120, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    category = ScopedForeignKey(
        Category,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="cases",
        verbose_name=_("分类"),
    )
    category_by = _user(_("分类的人"))
    suggested = models.JSONField(_("建议"), default=dict, blank=True)
    channel = models.CharField(_("来源"), max_length=12, choices=terms.CaseChannel)
    state = models.CharField(
        _("状态"), max_length=12, choices=terms.CaseState, default=terms.CaseState.RECEIVED
    )
    outcome = models.CharField(_("结果"), max_length=12, choices=terms.CaseOutcome, blank=True)
    confidential = models.BooleanField(_("保密"), default=False)
    danger = models.CharField(_("危险"), max_length=8, choices=Danger, blank=True)
    # Once somebody has said whether it is one, no word and no category says otherwise.
    danger_by = _user(_("说是不是危险的人"))
    received_at = models.DateTimeField(_("收到"), db_index=True)
    due_on = models.DateField(_("期限"), null=True, blank=True)
    assigned_at = models.DateTimeField(_("分派"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("接办"), null=True, blank=True)
    handled_at = models.DateTimeField(_("办好"), null=True, blank=True)
    answered_at = models.DateTimeField(_("答复"), null=True, blank=True)
    closed_at = models.DateTimeField(_("结案"), null=True, blank=True)
    refused_times = models.PositiveSmallIntegerField(_("退回次数"), default=0)
    reopened_times = models.PositiveSmallIntegerField(_("重开次数"), default=0)
    merged_into = ScopedForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="absorbed",
        follows="free",
    )
    registered_by = _user(_("登记人"))
    handled_by = _user(_("办理人"))
    reviewed_by = _user(_("复核人"))
    # `update` does not touch `auto_now`: conditional updates write it themselves.
    changed_at = models.DateTimeField(auto_now=True, db_index=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("办件")
        indexes = [models.Index(fields=["state", "scope_path"], name="case_state_path")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="closed") | Q(outcome=""), name="case_outcome_when_closed"
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | ~Q(outcome=""), name="case_closed_has_outcome"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def number(self) -> str:
        """Return the number by which workers speak of it."""
        return f"{to_china(self.received_at):%y%m%d}-{self.pk}"

    @property
    def is_danger(self) -> bool:
        """Does it threaten somebody's life now: until it is dealt with?"""
        return bool(self.danger) and self.state in terms.IN_DANGER


class Report(ScopedModel):
    """One person's report of a case; merging moves it to the case that goes on."""

    case = ScopedForeignKey(Case, on_delete=models.PROTECT, related_name="reports", follows="equal")
    first_case = ScopedForeignKey(
        Case, on_delete=models.PROTECT, null=True, blank=True, related_name="+", follows="free"
    )
    name = models.CharField(_("称呼"), max_length=40, blank=True)
    phone = EncryptedText(_("电话"), blank=True)
    phone_tail = models.CharField(_("电话尾号"), max_length=4, blank=True)
    person = ScopedForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        follows="free",
        verbose_name=_("居民"),
    )
    text = models.TextField(_("原话"))
    channel = models.CharField(_("来源"), max_length=12, choices=terms.CaseChannel)
    outside_number = models.CharField(_("原编号"), max_length=40, blank=True, db_index=True)
    batch = models.CharField(_("批量来件"), max_length=32, blank=True, db_index=True)
    received_at = models.DateTimeField(_("收到"))
    wants_answer = models.CharField(
        _("怎样答复"), max_length=8, choices=terms.WantsAnswer, default=terms.WantsAnswer.PAGE
    )
    on_behalf_of = models.CharField(_("替谁反映"), max_length=60, blank=True)
    consent = models.CharField(_("同意"), max_length=12, choices=terms.ReporterConsent, blank=True)
    consent_note = models.CharField(_("同意的说明"), max_length=120, blank=True)
    tracking = models.CharField(_("查询编号"), max_length=12, unique=True)
    secret_hash = models.CharField(max_length=64)
    # The constraint, not a look beforehand, keeps a doubled submission out.
    client_id = models.CharField(max_length=64, null=True, blank=True, unique=True)
    body_hash = models.CharField(max_length=64, blank=True)
    verdict = models.CharField(_("表态"), max_length=12, choices=terms.Verdict, blank=True)
    verdict_words = models.TextField(_("说的话"), blank=True)
    verdict_at = models.DateTimeField(_("表态时间"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("来件")
        constraints = [
            models.CheckConstraint(
                condition=Q(on_behalf_of="") | ~Q(consent=""), name="report_for_other_has_consent"
            )
        ]

    def __str__(self) -> str:
        return self.name or str(_("未留姓名"))


class Handling(ScopedModel):
    """One party's share of a case, with its own task, clock and result."""

    case = ScopedForeignKey(
        Case, on_delete=models.PROTECT, related_name="handlings", follows="equal"
    )
    task = ScopedOneToOneField(
        Task, on_delete=models.PROTECT, related_name="handling", follows="equal"
    )
    party = ScopedForeignKey(
        Party,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        follows="free",
        verbose_name=_("单位"),
    )
    is_lead = models.BooleanField(_("牵头"), default=False)
    state = models.CharField(
        _("状态"), max_length=12, choices=terms.HandlingState, default=terms.HandlingState.ASSIGNED
    )
    result = models.TextField(_("结果"), blank=True)
    due_on = models.DateField(_("期限"))
    assigned_at = models.DateTimeField(_("分派"))
    accepted_at = models.DateTimeField(_("接办"), null=True, blank=True)
    ended_at = models.DateTimeField(_("办好"), null=True, blank=True)
    ended_by = _user(_("经办人"))

    class Meta(ScopedModel.Meta):
        verbose_name = _("承办")
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                # Ended leads stay as history, so only active ones are unique.
                condition=Q(is_lead=True, state__in=["assigned", "accepted"]),
                name="handling_one_lead",
            )
        ]


class Answer(ScopedModel):
    """What the reporters were told."""

    case = ScopedForeignKey(Case, on_delete=models.PROTECT, related_name="answers", follows="equal")
    kind = models.CharField(_("答复"), max_length=12, choices=terms.AnswerKind)
    text = models.TextField(_("内容"))
    passed_to = models.CharField(_("转交给"), max_length=60, blank=True)
    by = _user(_("答复人"))
    at = models.DateTimeField(_("时间"))

    class Meta(ScopedModel.Meta):
        verbose_name = _("答复")
        ordering = ["at"]
