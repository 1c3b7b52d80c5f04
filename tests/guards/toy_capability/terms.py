"""Words for toys."""

from __future__ import annotations

from django.db.models import TextChoices


class ToyState(TextChoices):
    """Is the toy here?"""

    HERE = "here", "在库"
    LENT = "lent", "借出"
