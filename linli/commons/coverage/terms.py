"""What becomes of a household in a coverage, with the words."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ContactResult(TextChoices):
    """Where a household stands."""

    WAITING = "waiting", _("还没去")
    REACHED = "reached", _("已联系上")
    REFUSED = "refused", _("不愿意")
    ABSENT = "absent", _("没人在家")
    MOVED = "moved", _("已搬走")


MOVED_TASK = "coverage.moved"  # the kind of task: somebody at the door said they moved
# Somebody was spoken with.
TALKED = (ContactResult.REACHED, ContactResult.REFUSED)
# What the next one who comes to the door should know.
STAYS_WITH_DOOR = (ContactResult.REFUSED, ContactResult.ABSENT, ContactResult.MOVED)
OVER = (ContactResult.REACHED, ContactResult.REFUSED, ContactResult.MOVED)
OPEN = (ContactResult.WAITING, ContactResult.ABSENT)


class ContactWay(TextChoices):
    """How it was tried."""

    DOOR = "door", _("上门")
    PHONE = "phone", _("打电话")
