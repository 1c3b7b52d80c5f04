"""A coverage (households to be reached, nobody missed) and each household of it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.commons.coverage.terms import ContactResult, ContactWay
from linli.core.scope import ScopedForeignKey, ScopedModel
from linli.core.time import to_china
from linli.register.people.models import Household
from linli.register.places.models import Place


def _user() -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )


class Coverage(ScopedModel):
    """Every household of a place, or those a condition means, is to be reached (排查走访).

    ``condition`` is empty for every door of the place, also those where nobody is registered.
    """

    scope_reach = "above"
    record_name = "canvass"  # as entries of the journal were sealed with

    title = models.CharField(_("做什么"), max_length=60)
    why = models.CharField(_("依据和用途"), max_length=200)
    place = ScopedForeignKey(Place, on_delete=models.PROTECT, related_name="+", follows="equal")
    condition = models.JSONField(_("哪些户"), default=dict, blank=True)
    opened_on = models.DateField(_("开始"))
    until_on = models.DateField(_("到哪天"))
    closed_on = models.DateField(_("结束"), null=True, blank=True)
    # It goes on with exactly those whom this one did not reach.
    carries_on = ScopedForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="carried_on_by",
        follows="free",
        verbose_name=_("接着哪一次"),
    )
    topped_up_at = models.DateTimeField(null=True, blank=True)
    by = _user()

    class Meta(ScopedModel.Meta):
        verbose_name = _("走访排查")
        ordering = ["-opened_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["carries_on"],
                condition=Q(carries_on__isnull=False),
                name="coverage_carried_on_once",
            )
        ]

    def __str__(self) -> str:
        return self.title


class CoverageRow(ScopedModel):
    """One household of a coverage; without a household it is a door where nobody is registered."""

    coverage = ScopedForeignKey(
        Coverage, on_delete=models.CASCADE, related_name="rows", follows="free"
    )
    place = ScopedForeignKey(Place, on_delete=models.PROTECT, related_name="+", follows="equal")
    household = ScopedForeignKey(
        Household, on_delete=models.SET_NULL, null=True, related_name="+", follows="free"
    )
    result = models.CharField(max_length=8, choices=ContactResult, default=ContactResult.WAITING)
    way = models.CharField(max_length=8, choices=ContactWay, blank=True)
    tries = models.PositiveSmallIntegerField(_("去过几次"), default=0)
    tried_on = models.DateField(_("哪天去的"), null=True, blank=True)
    try_on = models.DateField(_("哪天再去"), null=True, blank=True)
    words = models.CharField(_("说了什么"), max_length=500, blank=True)
    form_token = models.CharField(max_length=40, blank=True)
    by = _user()
    changed_at = models.DateTimeField(auto_now=True, db_index=True)
    held_by = _user()
    held_until = models.DateTimeField(null=True, blank=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("走访的户")
        indexes = [models.Index(fields=["coverage", "result"], name="coverage_row_result")]
        constraints = [
            models.UniqueConstraint(
                fields=["coverage", "household"],
                condition=Q(household__isnull=False),
                name="coverage_household_once",
            ),
            models.UniqueConstraint(
                fields=["coverage", "place"],
                condition=Q(household__isnull=True),
                name="coverage_empty_door_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.place)

    @property
    def day(self) -> date:
        """Return when somebody was there last; of old rows, when they were last changed."""
        return self.tried_on or to_china(self.changed_at)
