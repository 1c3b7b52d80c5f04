"""What an office's own fact can be, with its Chinese words."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AttributeSubject(TextChoices):
    """What the fact is about."""

    PERSON = "person", _("居民")
    HOUSEHOLD = "household", _("户")
    DWELLING = "dwelling", _("房屋")
    BUILDING = "building", _("楼栋")


class AttributeKind(TextChoices):
    """What its value can be."""

    NUMBER = "number", _("数字")
    DATE = "date", _("日期")
    CHOICE = "choice", _("选项")
    FLAG = "flag", _("是否")
    TEXT = "text", _("文字")


class AttributeSensitivity(TextChoices):
    """Who may see it (register/posts/rules.py)."""

    INTERNAL = "internal", _("工作信息")
    PERSONAL = "personal", _("个人信息")
    CARE = "care", _("照护信息")
