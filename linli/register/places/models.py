"""The tree of places: stored facts and constraints."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.core.paths import PathField, ancestors
from linli.core.scope import ScopedForeignKey, ScopedModel, ScopedOneToOneField
from linli.register.places.plan_layout import LARGEST_GRID
from linli.register.places.terms import (
    BuildingUsage,
    DwellingUsage,
    PlaceChange,
    PlaceKind,
    Structure,
)


class Place(ScopedModel):
    """A node of the one tree: a subdistrict, a community, a grid, a building, a dwelling …

    ``path`` equals ``scope_path``; ``address`` says it in words from the
    estate down ("东方丽都3幢1801室").
    """

    scope_reach = "above"

    kind = models.CharField(_("类别"), max_length=12, choices=PlaceKind)
    name = models.CharField(_("名称"), max_length=80)
    code = models.CharField(_("区划代码"), max_length=12, blank=True)
    parent = ScopedForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("上级"),
    )
    path = PathField(_("路径"), unique=True)
    ordinal = models.PositiveIntegerField(_("次序"), default=0)
    address = models.CharField(_("地址"), max_length=200, blank=True)
    address_key = models.CharField(max_length=200, blank=True, db_index=True)
    search_text = models.TextField(blank=True, editable=False)
    ended_on = models.DateField(_("撤销日期"), null=True, blank=True)
    merged_into = ScopedForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="absorbed",
        follows="free",
    )
    source = models.CharField(_("来源"), max_length=40, blank=True)
    confirmed_on = models.DateField(_("核实日期"), null=True, blank=True)
    changed_at = models.DateTimeField(auto_now=True, db_index=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("地方")
        ordering = ["path"]
        indexes = [models.Index(fields=["kind", "scope_path"], name="place_kind_path")]
        constraints = [
            models.UniqueConstraint(
                fields=["parent", "kind", "name"],
                condition=Q(ended_on__isnull=True),
                name="place_name_once_per_parent",
            ),
            models.CheckConstraint(
                condition=Q(path=models.F("scope_path")), name="place_path_is_scope_path"
            ),
        ]

    def __str__(self) -> str:
        return self.address or self.name

    @property
    def above(self) -> list[str]:
        """Return the paths of the places above, outermost first."""
        return ancestors(self.path)


class Building(ScopedModel):
    """What is known of a building beside its place in the tree.

    Who lives or works in it may read it: whether there is a lift is a fact of every flat.
    """

    scope_reach = "above"

    place = ScopedOneToOneField(
        Place,
        on_delete=models.CASCADE,
        related_name="building_facts",
        primary_key=True,
        follows="equal",
    )
    floors = models.PositiveSmallIntegerField(_("层数"), null=True, blank=True)
    doors_a_floor = models.PositiveSmallIntegerField(_("每层户数"), null=True, blank=True)
    built_year = models.PositiveSmallIntegerField(_("建成年份"), null=True, blank=True)
    has_lift = models.BooleanField(_("有电梯"), null=True, blank=True)
    lift_count = models.PositiveSmallIntegerField(_("电梯数"), null=True, blank=True)
    structure = models.CharField(_("结构"), max_length=8, choices=Structure, blank=True)
    usage = models.CharField(_("用途"), max_length=12, choices=BuildingUsage, blank=True)
    property_managed = models.BooleanField(_("有物业"), null=True, blank=True)
    gatekeeper = models.BooleanField(_("有门岗"), null=True, blank=True)
    changed_at = models.DateTimeField(auto_now=True, db_index=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("楼栋")


class EstateStatement(ScopedModel):
    """What somebody stated of a whole estate on a day: is it managed, is there a gatekeeper.

    Without one nobody has said anything: that is not "without".
    """

    place = ScopedOneToOneField(
        Place,
        on_delete=models.CASCADE,
        related_name="estate_statement",
        primary_key=True,
        follows="equal",
    )
    property_managed = models.BooleanField(_("有物业"), null=True, blank=True)
    gatekeeper = models.BooleanField(_("有门岗"), null=True, blank=True)
    stated_on = models.DateField(_("登记日期"))
    changed_at = models.DateTimeField(auto_now=True, db_index=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("小区物业登记")


class PlanPosition(ScopedModel):
    """Where a building stands on the plan of its estate: cells of a grid, and nothing else.

    No coordinate of the earth is kept; a building without a row is not on the plan yet.
    """

    place = ScopedOneToOneField(
        Place,
        on_delete=models.CASCADE,
        related_name="plan_position",
        primary_key=True,
        follows="equal",
    )
    estate = ScopedForeignKey(Place, on_delete=models.CASCADE, related_name="plan")
    x = models.PositiveSmallIntegerField(_("列"))
    y = models.PositiveSmallIntegerField(_("行"))
    width = models.PositiveSmallIntegerField(_("宽"))
    height = models.PositiveSmallIntegerField(_("高"))
    changed_at = models.DateTimeField(auto_now=True, db_index=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("平面图上的楼栋")
        constraints = [
            models.CheckConstraint(
                condition=Q(x__gte=1, y__gte=1, width__gte=1, height__gte=1),
                name="plan_position_from_one",
            ),
            models.CheckConstraint(
                condition=Q(
                    x__lte=LARGEST_GRID + 1 - models.F("width"),
                    y__lte=LARGEST_GRID + 1 - models.F("height"),
                ),
                name="plan_position_on_the_grid",
            ),
            models.UniqueConstraint(fields=["estate", "x", "y"], name="plan_position_one_a_cell"),
        ]


class Dwelling(ScopedModel):
    """What is known of a dwelling: floor, door, area, use; counts are kept by actions."""

    place = ScopedOneToOneField(
        Place,
        on_delete=models.CASCADE,
        related_name="dwelling_facts",
        primary_key=True,
        follows="equal",
    )
    building = ScopedForeignKey(
        Place, on_delete=models.PROTECT, related_name="dwellings_of_building"
    )
    floor = models.SmallIntegerField(_("楼层"), null=True, blank=True)
    door = models.CharField(_("室号"), max_length=12)
    area = models.DecimalField(_("建筑面积"), max_digits=8, decimal_places=2, null=True, blank=True)
    usage = models.CharField(_("使用情况"), max_length=12, choices=DwellingUsage, blank=True)
    household_count = models.PositiveSmallIntegerField(_("户数"), default=0)
    resident_count = models.PositiveSmallIntegerField(_("居住人数"), default=0)
    changed_at = models.DateTimeField(auto_now=True, db_index=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("户室")


class PlaceHistory(ScopedModel):
    """What happened to a place: moved, merged, split, renamed; never changed afterwards."""

    place = ScopedForeignKey(
        Place, on_delete=models.PROTECT, related_name="history", follows="equal"
    )
    change = models.CharField(_("变动"), max_length=8, choices=PlaceChange)
    before = models.CharField(_("原来"), max_length=240, blank=True)
    after = models.CharField(_("现在"), max_length=240, blank=True)
    reason = models.CharField(_("原因"), max_length=200, blank=True)
    on = models.DateField(_("日期"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta(ScopedModel.Meta):
        verbose_name = _("沿革")
        ordering = ["-on", "-id"]
