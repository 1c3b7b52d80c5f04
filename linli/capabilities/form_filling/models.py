"""The catalogue of forms, a form being filled, its open questions, and what was handed in."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.capabilities.form_filling.terms import Cadence, FormState, QuestionState
from linli.core.personal_data.crypto import EncryptedText
from linli.core.scope import ScopedForeignKey, ScopedModel
from linli.register.people.models import Person
from linli.register.places.models import Place
from linli.workbench.tasks.models import Task


def new_link() -> str:
    """Return a link that cannot be guessed."""
    return secrets.token_urlsafe(9)


def _user(label: Any, **more: Any) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=label,
        **more,
    )


class FormTemplate(ScopedModel):
    """A form the subdistrict knows by its shape (表样): what each heading stands for.

    ``headings`` is what a worker confirmed, one entry a heading: ``{"text", "use", "fields"}``.
    """

    scope_reach = "above"

    fingerprint = models.CharField(max_length=64, db_index=True)
    title = models.CharField(_("表名"), max_length=120)
    also_called = models.JSONField(_("也叫"), default=list)
    subject = models.CharField(_("对象"), max_length=16, blank=True)
    condition = models.JSONField(_("范围"), null=True)
    headings = models.JSONField(default=list)
    # Who asked last time and why: proposed again, and worth nothing until somebody confirms it.
    asked_by = models.CharField(_("要表单位"), max_length=80, blank=True)
    basis = models.CharField(_("依据"), max_length=200, blank=True)
    cadence = models.CharField(_("周期"), max_length=10, choices=Cadence, default=Cadence.ONCE)
    confirmed_by = _user(_("确认人"))
    confirmed_at = models.DateTimeField(_("确认时间"), auto_now=True)
    used_times = models.PositiveIntegerField(_("用过次数"), default=0)

    class Meta(ScopedModel.Meta):
        verbose_name = _("表样")
        ordering = ["-confirmed_at"]
        constraints = [
            models.UniqueConstraint(fields=["fingerprint", "scope_path"], name="form_template_once")
        ]

    def __str__(self) -> str:
        return self.title


class Distribution(ScopedModel):
    """A form given out to communities: who asks, on what basis, until when, at what price."""

    scope_reach = "above"

    link = models.CharField(max_length=16, unique=True, default=new_link, editable=False)
    title = models.CharField(_("表名"), max_length=120)
    asked_by = models.CharField(_("要表单位"), max_length=80)
    basis = models.CharField(_("依据"), max_length=200)
    due_on = models.DateField(_("期限"))
    price = models.JSONField(_("价签"), default=dict)
    by = _user(_("下发人"))
    distributed_at = models.DateTimeField(_("下发时间"), auto_now_add=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("下发的表")
        ordering = ["-distributed_at"]

    def __str__(self) -> str:
        return self.title


class FormInstance(ScopedModel):
    """One form being filled for one place: the department's file, and how it is understood."""

    link = models.CharField(max_length=16, unique=True, default=new_link, editable=False)
    place = ScopedForeignKey(
        Place,
        on_delete=models.PROTECT,
        related_name="form_instances",
        follows="equal",
        verbose_name=_("地方"),
    )
    form_template = ScopedForeignKey(
        FormTemplate,
        on_delete=models.PROTECT,
        null=True,
        related_name="form_instances",
        verbose_name=_("表样"),
    )
    distribution = ScopedForeignKey(
        Distribution,
        on_delete=models.PROTECT,
        null=True,
        related_name="form_instances",
        verbose_name=_("下发"),
    )
    person = ScopedForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        related_name="form_instances",
        follows="free",
        verbose_name=_("本人"),
    )
    title = models.CharField(_("表名"), max_length=120)
    file_name = models.CharField(_("文件"), max_length=200)
    file = models.BinaryField(editable=False)
    # The department's file as it came, when an old format had to be made new.
    original = models.BinaryField(default=bytes, editable=False)
    form = models.JSONField(editable=False)
    subject = models.CharField(_("对象"), max_length=16, blank=True)
    condition = models.JSONField(_("范围"), null=True)
    headings = models.JSONField(default=list)
    asked_by = models.CharField(_("要表单位"), max_length=80, blank=True)
    basis = models.CharField(_("依据"), max_length=200, blank=True)
    due_on = models.DateField(_("期限"), null=True)
    state = models.CharField(_("状态"), max_length=10, choices=FormState, default=FormState.READ)
    answers_itself = models.BooleanField(_("由底册直接答复"), default=False)
    sent_back_words = models.CharField(_("退回原因"), max_length=300, blank=True)
    by = _user(_("填表人"))
    uploaded_at = models.DateTimeField(_("时间"), auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("填表")
        ordering = ["-uploaded_at"]

    def __str__(self) -> str:
        return self.title


class OpenQuestion(ScopedModel):
    """One value nobody knows yet, of one person, for one heading of one form (缺项).

    It says itself what is asked: a grid worker sees the door, not the whole community's form.
    """

    form_instance = ScopedForeignKey(
        FormInstance, on_delete=models.CASCADE, related_name="open_questions", follows="free"
    )
    person = ScopedForeignKey(
        Person,
        on_delete=models.PROTECT,
        related_name="open_questions",
        follows="free",
        verbose_name=_("本人"),
    )
    place = ScopedForeignKey(
        Place,
        on_delete=models.PROTECT,
        related_name="open_questions",
        follows="equal",
        verbose_name=_("户室"),
    )
    heading = models.PositiveSmallIntegerField(_("栏目"))
    question = models.CharField(_("问什么"), max_length=120)
    title = models.CharField(_("表名"), max_length=120)
    field = models.CharField(_("底册信息"), max_length=48, blank=True)
    state = models.CharField(
        _("状态"), max_length=8, choices=QuestionState, default=QuestionState.OPEN
    )
    value = EncryptedText(_("只为这张表填的"), blank=True)
    task = ScopedForeignKey(
        Task, on_delete=models.PROTECT, null=True, related_name="+", follows="free"
    )
    answered_by = _user(_("谁填的"), null=True)
    answered_on = models.DateField(_("哪天填的"), null=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("缺项")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["form_instance", "person", "heading", "field"], name="open_question_once"
            )
        ]
        indexes = [
            models.Index(fields=["place", "state"], name="open_question_place_state"),
            models.Index(fields=["person", "field"], name="open_question_person_field"),
        ]


class FormReturn(ScopedModel):
    """What was handed in: the filled file as it was, sealed, and what the rows said."""

    form_instance = ScopedForeignKey(
        FormInstance, on_delete=models.PROTECT, related_name="form_returns", follows="free"
    )
    file_name = models.CharField(_("文件"), max_length=200)
    file = models.BinaryField(editable=False)
    rows = EncryptedText(editable=False)
    counts = models.JSONField(default=dict)
    by_hand = models.BooleanField(_("手工补完的文件"), default=False)
    by = _user(_("上交人"))
    at = models.DateTimeField(_("上交时间"), auto_now_add=True)
    opened_at = models.DateTimeField(_("收表方打开"), null=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("上交件")
        ordering = ["-at"]
