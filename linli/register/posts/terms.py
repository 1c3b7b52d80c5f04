"""The roles a post can have."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

# Where the session keeps which of their posts somebody works in.
POST_IN_SESSION = "linli_post"


class Role(TextChoices):
    """What somebody is for a place."""

    SUBDISTRICT_OFFICER = "subdistrict_officer", _("街道干部")
    SECRETARY = "secretary", _("社区书记")
    COMMUNITY_WORKER = "community_worker", _("社区工作者")
    GRID_WORKER = "grid_worker", _("网格员")
    MICRO_GRID_LEAD = "micro_grid_lead", _("微网格长")
    PROPERTY_MANAGER = "property_manager", _("物业经理")
    AUDITOR = "auditor", _("审计员")
