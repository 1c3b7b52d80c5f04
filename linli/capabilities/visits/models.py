"""Plans of care, visits, promises, and what residents said of them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.capabilities.visits import terms
from linli.core.scope import ScopedForeignKey, ScopedModel
from linli.register.people.models import Person
from linli.register.places.models import Place
from linli.workbench.tasks.models import Task


def _user() -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )


def _person() -> Any:
    # Who moves away takes the register along; what was done at the door stays where it was.
    return ScopedForeignKey(Person, on_delete=models.PROTECT, related_name="+", follows="free")


def _door() -> Any:
    return ScopedForeignKey(Place, on_delete=models.PROTECT, related_name="+", follows="equal")


def _task() -> Any:
    return ScopedForeignKey(
        Task, on_delete=models.PROTECT, null=True, related_name="+", follows="free"
    )


class CarePlan(ScopedModel):
    """Who is visited every so many days (看望安排): a condition within a place."""

    scope_reach = "above"

    key = models.CharField(max_length=40, blank=True)  # of the library, "" for one's own
    name = models.CharField(_("名称"), max_length=40)
    place = ScopedForeignKey(Place, on_delete=models.PROTECT, related_name="+", follows="equal")
    condition = models.JSONField(_("看望谁"), default=dict)
    every = models.PositiveSmallIntegerField(_("每几天一次"))
    in_person = models.BooleanField(_("要见到本人"), default=False)
    is_on = models.BooleanField(_("启用"), default=False)
    by = _user()
    error_text = models.CharField(_("上次没排成"), max_length=200, blank=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("看望安排")
        ordering = ["every", "name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["place", "key"], condition=~Q(key=""), name="care_plan_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Visit(ScopedModel):
    """A visit to somebody, planned or held (看望)."""

    person = _person()
    place = _door()
    plan = ScopedForeignKey(
        CarePlan, on_delete=models.SET_NULL, null=True, related_name="+", follows="free"
    )
    change = models.CharField(_("急事"), max_length=8, choices=terms.LossOfAbility, blank=True)
    occasion = models.CharField(max_length=60, blank=True)
    why = models.CharField(_("为什么去"), max_length=200, blank=True)
    every = models.PositiveSmallIntegerField(_("每几天一次"), default=0)
    in_person = models.BooleanField(_("要见到本人"), default=False)
    day = models.DateField(_("哪天去"))
    until = models.DateField(_("最晚哪天"))
    by_phone = models.BooleanField(_("打电话即可"), default=False)
    state = models.CharField(max_length=8, choices=terms.VisitState, default="planned")
    task = _task()
    way = models.CharField(_("怎么看望的"), max_length=12, choices=terms.VisitWay, blank=True)
    done_on = models.DateField(_("看望日期"), null=True, blank=True)
    evening = models.BooleanField(_("晚上"), default=False)
    floors = models.PositiveSmallIntegerField(_("爬了几层楼"), default=0)
    by = _user()
    form_token = models.CharField(max_length=40, blank=True)  # of the page that was saved

    class Meta(ScopedModel.Meta):
        verbose_name = _("看望")
        ordering = ["day", "id"]
        indexes = [
            models.Index(fields=["state", "day"], name="visit_state_day"),
            models.Index(fields=["person", "state"], name="visit_person_state"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(state="planned", change=""), name="visit_next_once"
            ),
            models.UniqueConstraint(
                fields=["person", "occasion"], condition=~Q(occasion=""), name="visit_occasion_once"
            ),
            models.UniqueConstraint(
                fields=["person", "form_token"],
                condition=~Q(form_token=""),
                name="visit_saved_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.done_on or self.day}"


class CareLevelSeen(ScopedModel):
    """Who is known to have lost their abilities, so that only a change is heard (已知失能).

    A list that is imported again confirms what is known with a new day and changes nobody.
    """

    person = ScopedForeignKey(Person, on_delete=models.CASCADE, related_name="+", follows="equal")
    level = models.CharField(max_length=12)
    day = models.DateField(_("哪天"))
    waits = models.BooleanField(_("等确认"), default=False)  # of very many at once

    class Meta(ScopedModel.Meta):
        verbose_name = _("已知失能")
        ordering = ["scope_path", "id"]
        constraints = [models.UniqueConstraint(fields=["person"], name="care_level_seen_once")]

    def __str__(self) -> str:
        return str(self.person)


class Promise(ScopedModel):
    """What was promised to whom, by when (承诺)."""

    person = _person()
    place = _door()
    what = models.CharField(_("答应了什么"), max_length=120)
    due_on = models.DateField(_("哪天之前"))
    made_on = models.DateField(_("哪天答应的"))
    state = models.CharField(max_length=10, choices=terms.PromiseState, default="open")
    task = _task()
    kept_on = models.DateField(null=True, blank=True)
    words = models.CharField(_("结果"), max_length=2000, blank=True)
    resident_verdict = models.CharField(
        _("居民说做到了吗"), max_length=4, blank=True
    )  # "", "yes", "no"
    by = _user()
    form_token = models.CharField(max_length=40, blank=True)  # of the page that was saved

    class Meta(ScopedModel.Meta):
        verbose_name = _("承诺")
        ordering = ["due_on", "id"]
        indexes = [models.Index(fields=["state", "due_on"], name="promise_state_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "form_token"],
                condition=~Q(form_token=""),
                name="promise_made_once",
            )
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def is_overdue(self) -> bool:
        """Has its day passed without it being kept?"""
        from linli.core.time import today

        due: date = self.due_on
        return self.state == terms.PromiseState.OPEN and due < today()


class FeedbackRequest(ScopedModel):
    """The resident, or who helps them, is asked how a visit or a promise was (回访)."""

    person = _person()
    place = _door()
    visit = ScopedForeignKey(
        Visit, on_delete=models.PROTECT, null=True, related_name="feedback_requests", follows="free"
    )
    promise = ScopedForeignKey(
        Promise,
        on_delete=models.PROTECT,
        null=True,
        related_name="feedback_requests",
        follows="free",
    )
    about_on = models.DateField(_("哪天的事"))
    token_index = models.CharField(max_length=64, blank=True, db_index=True)
    ends_on = models.DateField(_("问到哪天"))
    state = models.CharField(max_length=10, choices=terms.FeedbackState, default="open")
    task = _task()
    visited = models.BooleanField(_("来过吗"), null=True)
    kept = models.BooleanField(_("做到了吗"), null=True)
    rating = models.CharField(_("感觉"), max_length=8, choices=terms.Rating, blank=True)
    words = models.CharField(_("想说的话"), max_length=2000, blank=True)
    answered_by = models.CharField(
        _("谁回答的"), max_length=8, choices=terms.AnsweredBy, blank=True
    )
    answered_on = models.DateField(null=True, blank=True)
    on_own_page = models.BooleanField(_("居民自己在网页上说的"), default=False)
    dispute = _task()
    finding = models.CharField(_("查明"), max_length=8, choices=terms.Finding, blank=True)
    finding_words = models.CharField(_("查明的经过"), max_length=2000, blank=True)
    found_on = models.DateField(_("查明日期"), null=True, blank=True)
    found_by = _user()

    class Meta(ScopedModel.Meta):
        verbose_name = _("回访")
        ordering = ["about_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["visit"], condition=Q(visit__isnull=False), name="feedback_visit_once"
            ),
            models.UniqueConstraint(
                fields=["promise"], condition=Q(promise__isnull=False), name="feedback_promise_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.about_on}"

    @property
    def is_disputed(self) -> bool:
        """Did the resident say something that somebody must still look into?"""
        return self.dispute_id is not None and not self.finding
