"""Named choices of reports."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

CONSENT = "reports.consent"  # the kind of task of whoever may agree to a list leaving


class Purpose(TextChoices):
    """What a list is taken away for."""

    VISIT = "visit", _("走访慰问")
    SERVICE = "service", _("发放服务或补贴")
    EMERGENCY = "emergency", _("应急处置")
    REPORT = "report", _("上级报表")
    PLANNING = "planning", _("工作安排")
    OTHER = "other", _("其他")


class ExportState(TextChoices):
    """Where a list stands on its way out."""

    WAITING = "waiting", _("等待第二人同意")
    READY = "ready", _("可以下载")
    REFUSED = "refused", _("未同意")
    TAKEN = "taken", _("已下载")


class FileKind(TextChoices):
    """What the list is taken away as."""

    EXCEL = "xlsx", _("Excel 表格")
    PAPER = "pdf", _("大字 PDF")
