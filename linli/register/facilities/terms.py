"""What a facility is and what must be done for it, with the Chinese words."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DutyKind(TextChoices):
    """What has to be done again and again."""

    INSPECTION = "inspection", _("检验")
    CHECK = "check", _("检查")
    MAINTENANCE = "maintenance", _("维保")
    RENEWAL = "renewal", _("更换")


# What subdistricts keep; any other word may be written.
USUAL_KINDS = ("电梯", "消防设备", "充电桩", "出入口", "储备物资", "公共场地", "健身器材", "监控")
