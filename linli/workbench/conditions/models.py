"""Facts that an office adds itself: what they are called, and their values."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.core.scope import ScopedForeignKey, ScopedModel
from linli.register.people.models import Household, Person
from linli.register.places.models import Place
from linli.workbench.conditions.terms import AttributeKind, AttributeSensitivity, AttributeSubject


class OwnField(ScopedModel):
    """A fact that an office keeps beside the built-in ones, for its own place and below."""

    scope_reach = "above"

    label = models.CharField(_("名称"), max_length=20)
    subject = models.CharField(_("关于"), max_length=12, choices=AttributeSubject)
    kind = models.CharField(_("类型"), max_length=8, choices=AttributeKind)
    choices = models.JSONField(_("选项"), default=list, blank=True)
    synonyms = models.JSONField(_("别名"), default=list, blank=True)
    unit = models.CharField(_("单位"), max_length=8, blank=True)
    sensitivity = models.CharField(
        _("敏感程度"),
        max_length=8,
        choices=AttributeSensitivity,
        default=AttributeSensitivity.INTERNAL,
    )
    description = models.CharField(_("说明"), max_length=200, blank=True)
    place = ScopedForeignKey(
        Place, on_delete=models.PROTECT, related_name="attributes", follows="equal"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    defined_at = models.DateTimeField(auto_now_add=True)
    retired_on = models.DateField(_("停用日期"), null=True, blank=True)
    # A care group instead of a typed fact: "own", or the key of a built-in one whose rule is
    # changed. Its rules by the day they hold from stand here, so that no page asks for more rows.
    group = models.CharField(max_length=40, blank=True, editable=False)
    versions = models.JSONField(default=list, blank=True, editable=False)

    class Meta(ScopedModel.Meta):
        verbose_name = _("自定义字段")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["place", "subject", "label"],
                condition=Q(retired_on__isnull=True),
                name="attribute_label_once_per_place",
            ),
            models.UniqueConstraint(
                fields=["place", "group"],
                condition=Q(retired_on__isnull=True) & ~Q(group="") & ~Q(group="own"),
                name="one_rule_of_a_group_per_place",
            ),
        ]

    def __str__(self) -> str:
        return self.label


class OwnFieldValue(ScopedModel):
    """What is known of one subject for one attribute; only the column of its kind is filled."""

    # Somebody who moves away keeps what was noted; the office's field is not known there.
    attribute = ScopedForeignKey(
        OwnField, on_delete=models.PROTECT, related_name="values", follows="free"
    )
    person = ScopedForeignKey(
        Person,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="own_facts",
        follows="equal",
    )
    household = ScopedForeignKey(
        Household,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="own_facts",
        follows="equal",
    )
    # A dwelling or a building.
    place = ScopedForeignKey(
        Place,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="own_facts",
        follows="equal",
    )
    number = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    date = models.DateField(null=True, blank=True)
    text = models.CharField(max_length=200, blank=True)
    flag = models.BooleanField(null=True, blank=True)
    confirmed_on = models.DateField(_("核实日期"), null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    changed_at = models.DateTimeField(auto_now=True, db_index=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("自定义字段的值")
        constraints = [
            models.UniqueConstraint(
                fields=["attribute", "person"], name="attribute_once_per_person"
            ),
            models.UniqueConstraint(
                fields=["attribute", "household"], name="attribute_once_per_household"
            ),
            models.UniqueConstraint(fields=["attribute", "place"], name="attribute_once_per_place"),
        ]
