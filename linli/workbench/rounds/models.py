"""Doors that were saved: once for each page, whatever the phone sends."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.core.scope import ScopedForeignKey, ScopedModel
from linli.register.places.models import Place


class DoorSave(ScopedModel):
    """A door's screen that was saved; ``sent`` is the key of the page (走户)."""

    place = ScopedForeignKey(Place, on_delete=models.PROTECT, related_name="+", follows="equal")
    form_token = models.CharField(max_length=40, unique=True)
    on = models.DateField(_("哪天"))
    things = models.PositiveSmallIntegerField(_("几件"), default=0)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta(ScopedModel.Meta):
        verbose_name = _("走户")
        indexes = [models.Index(fields=["place", "on"], name="door_save_place_on")]
