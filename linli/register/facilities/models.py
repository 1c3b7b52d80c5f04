"""Things with dates and duties: lifts, fire equipment, charging piles."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.core.scope import ScopedForeignKey, ScopedModel
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
    next_inspection_on = models.DateField(_("下次检验"), null=True, blank=True, db_index=True)
    maintainer = ScopedForeignKey(
        Party,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="maintains",
        follows="free",
    )
    changed_at = models.DateTimeField(auto_now=True, db_index=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("设施")

    def __str__(self) -> str:
        return self.name
