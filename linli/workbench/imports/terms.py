"""Named choices of imports, with their Chinese words."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ImportSubject(TextChoices):
    """What a list is about."""

    PERSON = "person", _("居民")
    DWELLING = "dwelling", _("房屋")


class ImportState(TextChoices):
    """How far an import has come."""

    READ = "read", _("已读入，待核对列")
    PREVIEWING = "previewing", _("正在核对")
    PREVIEWED = "previewed", _("已预览，待导入")
    APPLYING = "applying", _("正在导入")
    APPLIED = "applied", _("已导入")
    UNDONE = "undone", _("已撤销")
    DROPPED = "dropped", _("已放弃")


class RowFate(TextChoices):
    """What happens to one row."""

    NEW = "new", _("新增")
    CHANGED = "changed", _("修改")
    UNCHANGED = "unchanged", _("无变化")
    REFUSED = "refused", _("不能导入")
