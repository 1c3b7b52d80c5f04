"""Organisations, their contacts and what they can help with."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.core.scope import ScopedForeignKey, ScopedModel
from linli.register.places.models import Place


class Party(ScopedModel):
    """An organisation that serves a place (单位)."""

    scope_reach = "above"

    name = models.CharField(_("名称"), max_length=80)
    kind = models.CharField(_("类别"), max_length=40, blank=True)
    place = ScopedForeignKey(
        Place, on_delete=models.PROTECT, related_name="parties", follows="equal"
    )
    helps_with = models.CharField(_("能帮什么"), max_length=200, blank=True)
    hours = models.CharField(_("时间"), max_length=80, blank=True)
    phone = models.CharField(_("电话"), max_length=40, blank=True)
    contact = models.CharField(_("联系人"), max_length=40, blank=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("单位")

    def __str__(self) -> str:
        return self.name
