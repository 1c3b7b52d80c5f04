"""How a form that was sent ended, and what its sender is told of it."""

from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class SubmissionState(models.TextChoices):
    """What is known of a form that was claimed."""

    CLAIMED = "claimed", _("在办")
    ACCEPTED = "accepted", _("已收下")
    PARTLY = "partly", _("只收下一部分")


class Outcome(StrEnum):
    """What the browser is told, so that it knows whether to let go of what was typed."""

    ACCEPTED = "accepted"  # stored: nothing need be kept
    PARTLY = "partly"  # some of it was stored: the rest is a form of its own
    REFUSED = "refused"  # nothing was stored
    MOVED = "moved"  # nothing was stored, and the next page goes on with it
    SHOWN = "shown"  # nothing was stored yet: a page asks something more
    SIGNED_OUT = "signed-out"
