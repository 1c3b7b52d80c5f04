"""Who was read by whom in the last two days, which lists, and the limits a subdistrict set."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.core.scope import ScopedForeignKey, ScopedModel
from linli.register.places.models import Place
from linli.register.posts.terms import Role


class ReaderAccount(models.Model):
    """One row for each user: who counts for them locks it; how many people on which days."""

    # The installation keeps account here; nobody does anything.
    writes_are_actions = False

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    days = models.JSONField(default=dict)
    alerted_on = models.DateField(null=True)

    class Meta:
        verbose_name = _("看过多少人")

    def __str__(self) -> str:
        return str(self.user_id)


class ReadPerson(models.Model):
    """Somebody read somebody: when it began to count, when it was part of a task, when it left.

    ``person`` is no foreign key: whoever is deleted from the register is not held by it.
    """

    writes_are_actions = False

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    person = models.BigIntegerField()
    counted_at = models.DateTimeField(null=True)
    noted_at = models.DateTimeField(db_index=True)
    taken_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("看过谁")
        constraints = [models.UniqueConstraint(fields=["user", "person"], name="read_person_once")]

    def __str__(self) -> str:
        return f"{self.user_id} → {self.person}"


class ListRead(models.Model):
    """A list that somebody read on a day: turning its pages is the same list."""

    writes_are_actions = False

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    on = models.DateField(db_index=True)
    key = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("看过的名单")
        constraints = [
            models.UniqueConstraint(fields=["user", "on", "key"], name="list_read_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.on}"


class ReadLimit(ScopedModel):
    """How many people a role may read in a day at a place and below, from a day on (阅读上限)."""

    scope_reach = "above"

    place = ScopedForeignKey(
        Place, on_delete=models.PROTECT, related_name="+", follows="equal", verbose_name=_("地方")
    )
    role = models.CharField(_("角色"), max_length=24, choices=Role)
    most = models.PositiveIntegerField(_("24小时内最多看多少人"))
    since = models.DateField(_("从哪天起"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("谁定的"),
    )

    class Meta(ScopedModel.Meta):
        verbose_name = _("阅读上限")
        ordering = ["since", "id"]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.most}"
