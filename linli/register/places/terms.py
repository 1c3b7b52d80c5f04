"""The kinds of places, with their Chinese words."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PlaceKind(TextChoices):
    """A level of the place tree, or a common place."""

    PROVINCE = "province", _("省")
    CITY = "city", _("市")
    DISTRICT = "district", _("区县")
    SUBDISTRICT = "subdistrict", _("街道")
    COMMUNITY = "community", _("社区")
    GRID = "grid", _("网格")
    MICRO_GRID = "micro_grid", _("微网格")
    ESTATE = "estate", _("小区")
    BUILDING = "building", _("楼栋")
    ENTRANCE = "entrance", _("单元")
    DWELLING = "dwelling", _("户室")
    GATE = "gate", _("出入口")
    STATION = "station", _("站点")
    HALL = "hall", _("活动场所")


class DwellingUsage(TextChoices):
    """What a dwelling is used for."""

    SELF = "self", _("自住")
    RENTED = "rented", _("出租")
    VACANT = "vacant", _("空置")
    COMMERCIAL = "commercial", _("经营")
    COLLECTIVE = "collective", _("集体宿舍")


class BuildingUsage(TextChoices):
    """What a building is used for."""

    HOMES = "homes", _("住宅")
    APARTMENTS = "apartments", _("公寓")
    MIXED = "mixed", _("商住")
    SHOPS = "shops", _("商业")
    OFFICES = "offices", _("办公")
    PUBLIC = "public", _("公共")


class Structure(TextChoices):
    """How a building is built."""

    BRICK = "brick", _("砖混")
    FRAME = "frame", _("框架")
    SHEAR = "shear", _("剪力墙")
    OTHER = "other", _("其他")


class PlaceChange(TextChoices):
    """What happened to a place."""

    ADDED = "added", _("新增")
    RENAMED = "renamed", _("改名")
    MOVED = "moved", _("划转")
    MERGED = "merged", _("合并")
    SPLIT = "split", _("拆分")
    ENDED = "ended", _("撤销")
