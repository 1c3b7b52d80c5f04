"""The table of toys."""

from __future__ import annotations

from django.db import models
from linli.capabilities.toys.terms import ToyState

from linli.core.scope import ScopedForeignKey, ScopedModel
from linli.register.places.models import Place


class Toy(ScopedModel):
    """A toy at a place."""

    name = models.CharField(max_length=40)
    place = ScopedForeignKey(Place, on_delete=models.PROTECT, related_name="toys", follows="equal")
    state = models.CharField(max_length=8, choices=ToyState, default=ToyState.HERE)

    class Meta(ScopedModel.Meta):
        verbose_name = "玩具"
