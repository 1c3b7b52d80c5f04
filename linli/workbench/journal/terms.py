"""Why the words of an entry go."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RedactionReason(TextChoices):
    """A choice and no free text: the reason stays in the journal for good."""

    ASKED = "asked", _("本人要求删除")
    WRONG = "wrong", _("写错了人，或写了不实的内容")
    TOO_MUCH = "too_much", _("写了不该写的内容（证件号、病情等）")
    LAW = "law", _("法律规定或有关机关要求")
