"""What is typed about a place: a name, a whole building, where it goes and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from linli.core.chinese.normalise import for_matching
from linli.register.places import signs
from linli.register.places.forms import PlaceField
from linli.register.places.models import Building, Place
from linli.register.places.plan_layout import LARGEST_GRID, PlanCell
from linli.register.places.plans import Cells, cells_of, plan_field
from linli.register.places.rules import MAY_HOLD
from linli.register.places.terms import BuildingUsage, PlaceKind, Structure
from linli.workbench.web.edit_form import EditForm
from linli.workbench.web.forms import ReasonForm

YES_NO = (("", _("不详")), ("1", _("有")), ("0", _("没有")))
FLAGS = ("has_lift", "property_managed", "gatekeeper")


def a_number(label: Any, most: int, **given: Any) -> forms.IntegerField:
    """Return an input for a small number; the action says what is too much."""
    widget = forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    return forms.IntegerField(label=label, min_value=1, max_value=most, widget=widget, **given)


def a_line(label: Any, longest: int = 80, **given: Any) -> forms.CharField:
    """Return an input for one line."""
    widget = forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(label=label, max_length=longest, widget=widget, **given)


def kinds_below(place: Place) -> list[tuple[str, Any]]:
    """Return what may be added below a place by hand; communities come from the national list."""
    kinds = [kind for kind in MAY_HOLD.get(place.kind, ()) if kind != PlaceKind.COMMUNITY]
    return [(kind, PlaceKind(kind).label) for kind in kinds]


class AddPlaceForm(forms.Form):
    """One place below another."""

    kind = forms.ChoiceField(label=_("类别"), widget=forms.RadioSelect)
    name = a_line(_("名称"), help_text=_("例如：第3网格、5幢、2单元、1802室"))

    def __init__(self, *args: Any, parent: Place, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = kinds_below(parent)
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            self.fields["kind"].initial = choices[0][0]

    def given(self) -> dict[str, Any]:
        """Return what the action takes; a bare number becomes a room, else it is as on its sign."""
        kind, name = self.cleaned_data["kind"], self.cleaned_data["name"]
        if kind != PlaceKind.DWELLING:
            return {"kind": kind, "name": name}
        door = name.removesuffix("室")
        facts: dict[str, Any] = {"door": door}
        # The last two digits number the doors of a floor: 1802 is on the 18th, 12 on no floor we
        # know.
        if door.isdecimal() and 3 <= len(door) <= 5:
            facts["floor"] = int(door[:-2])
        return {"kind": kind, "name": signs.named(kind, name), "facts": facts}


class BuildingForm(forms.Form):
    """A whole building: how high, how wide, how many entrances."""

    name = a_line(_("楼名"), 40, help_text=_("例如：3幢"))
    floors = a_number(_("层数"), 120)
    doors_a_floor = a_number(_("每层几户"), 40, help_text=_("一个单元一层的户数"))
    entrances = a_number(_("几个单元"), 20, initial=1)
    numbering = forms.ChoiceField(
        label=_("室号怎么编"),
        widget=forms.RadioSelect,
        initial="floor",
        choices=(("floor", _("层数加两位：101…1804")), ("running", _("从1顺着编：1…72"))),
    )
    built_year = a_number(_("建成年份"), 2200, required=False)
    has_lift = forms.ChoiceField(
        label=_("电梯"), choices=YES_NO, required=False, widget=forms.RadioSelect, initial=""
    )

    def given(self) -> dict[str, Any]:
        """Return what the action takes."""
        typed = dict(self.cleaned_data)
        year, lift = typed.pop("built_year"), typed.pop("has_lift")
        facts: dict[str, Any] = {"built_year": year} if year else {}
        if lift:
            facts["has_lift"] = lift == "1"
        return {**typed, "facts": facts}


class BuildingFactsForm(EditForm):
    """What is known of a building; an empty answer means that nobody knows."""

    built_year = a_number(_("建成年份"), 2200, required=False)
    floors = a_number(_("层数"), 200, required=False)
    doors_a_floor = a_number(_("每层户数"), 200, required=False)
    has_lift = forms.ChoiceField(
        label=_("电梯"), choices=YES_NO, required=False, widget=forms.RadioSelect
    )
    lift_count = a_number(_("电梯台数"), 100, required=False)
    structure = forms.ChoiceField(label=_("结构"), required=False)
    usage = forms.ChoiceField(label=_("用途"), required=False)
    property_managed = forms.ChoiceField(
        label=_("物业"), choices=YES_NO, required=False, widget=forms.RadioSelect
    )
    gatekeeper = forms.ChoiceField(
        label=_("门岗"), choices=YES_NO, required=False, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, building: Building, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.building = building
        for name, choices in (("structure", Structure), ("usage", BuildingUsage)):
            self.fields[name].choices = [("", _("不详")), *choices.choices]  # type: ignore[attr-defined]
        self.begin_with(building, self._known)

    def _known(self, building: Building) -> dict[str, Any]:
        flags = {name: {True: "1", False: "0"}.get(getattr(building, name), "") for name in FLAGS}
        return {name: getattr(building, name) for name in self.fields} | flags

    def changes(self) -> dict[str, Any]:
        """Return only what is different now."""
        changed = {}
        for name, value in self.cleaned_data.items():
            if name in FLAGS:
                value = {"1": True, "0": False}.get(value)
            if value != getattr(self.building, name):
                changed[name] = value
        return changed


class NameForm(EditForm):
    """Another name."""

    name = a_line(_("新名称"))

    def __init__(self, *args: Any, place: Place, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.begin_with(place, lambda one: {"name": one.name})


class RestructureForm(ReasonForm):
    """Why the tree changes."""

    help_text = _("例如：网格调整方案第3号。写进沿革，以后查得到")
    longest = 200
    rows = 1


class MovePlaceForm(RestructureForm):
    """Where to, and why."""

    field_order = ("to", "reason")
    to = PlaceField(says_kind=True, label=_("到哪里"))

    def __init__(self, *args: Any, ends: QuerySet[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].offer_of(ends)  # type: ignore[attr-defined]

    def end(self) -> Place:
        """Return the place that was chosen."""
        place: Place = self.cleaned_data["to"]
        return place


class SplitForm(RestructureForm):
    """The new grid's name and what goes into it."""

    field_order = ("name", "children", "reason")
    name = a_line(_("新网格的名称"))
    children = forms.MultipleChoiceField(
        label=_("划出去的部分"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, parts: Sequence[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parts = {str(place.pk): place for place in parts}
        self.fields["children"].choices = [  # type: ignore[attr-defined]
            (key, one.name) for key, one in self.parts.items()
        ]

    def chosen(self) -> list[Place]:
        """Return the parts that go."""
        return [self.parts[key] for key in self.cleaned_data["children"]]


PARTS = (("x", _("列")), ("y", _("行")), ("width", _("宽")), ("height", _("高")))


class CellWidget(forms.TextInput):
    """Four small numbers: column, row, width, height; sent one by one, or as one text."""

    def __init__(self, label: str) -> None:
        super().__init__()
        self.label = label

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Write the four boxes, each with its label for those who hear it."""
        sent = self.format_value(value) or ""
        values = [*sent.split(","), "", "", "", ""]
        boxes = [
            forms.NumberInput().render(
                f"{name}_{part}",
                values[n],
                {
                    "class": "form-control",
                    "aria-label": f"{self.label} {label}",
                    "inputmode": "numeric",
                    "autocomplete": "off",
                    "min": 1,
                    "max": LARGEST_GRID,
                },
                renderer,
            )
            for n, (part, label) in enumerate(PARTS)
        ]
        return format_html_join("", "<td>{}</td>", ((box,) for box in boxes))

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        """Return the four as one text; nothing where all are empty."""
        if name in data:
            return str(data[name])
        values = [str(data.get(f"{name}_{part}", "")).strip() for part, _label in PARTS]
        return ",".join(values) if any(values) else ""

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Was nothing sent of it, not even that it is empty?"""
        return name not in data and all(f"{name}_{part}" not in data for part, _label in PARTS)


class CellField(forms.Field):
    """Where a building stands on the plan; empty: not on it yet."""

    def __init__(self, label: str) -> None:
        super().__init__(label=label, required=False, widget=CellWidget(label))

    def to_python(self, value: Any) -> PlanCell | None:
        """Read the four numbers."""
        text = for_matching(str(value or "")).replace(" ", "")
        if not text:
            return None
        numbers = text.split(",")
        if len(numbers) != len(PARTS) or not all(numbers):
            raise forms.ValidationError(_("列、行、宽、高都要填，不放图上就都空着"))
        if not all(one.isdecimal() and len(one) < 4 for one in numbers):
            raise forms.ValidationError(_("请填从1到%(most)d的数字") % {"most": LARGEST_GRID})
        return PlanCell(*(int(one) for one in numbers))


class PlanForm(EditForm):
    """The whole plan of an estate: a line for each building."""

    def __init__(self, *args: Any, estate: Place, houses: Sequence[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys = {plan_field(one.pk): one.pk for one in houses}
        for one in houses:
            self.fields[plan_field(one.pk)] = CellField(one.name)
        self.begin_with(estate, self._standing)

    def _standing(self, estate: Place) -> dict[str, Any]:
        cells = cells_of(estate)
        return {name: cells.get(key) for name, key in self.keys.items()}

    def begin_as(self, draft: Cells) -> None:
        """Begin with a draft: like something typed, it is not kept before it is saved."""
        for name, key in self.keys.items():
            self.fields[name].initial = draft.get(key)

    def cells(self) -> Cells:
        """Return where each building stands; those left empty are not on the plan."""
        given = self.cleaned_data
        return {key: given[name] for name, key in self.keys.items() if given.get(name)}

    def shown_cells(self) -> Cells:
        """Return what the page draws: what was typed, as far as it can be read."""
        shown: Cells = {}
        for name, key in self.keys.items():
            try:
                cell = self.fields[name].to_python(self[name].value())
            except forms.ValidationError:
                continue
            if cell is not None and cell.fits:
                shown[key] = cell
        return shown

    def _words(self, name: str, value: Any, *, typed: bool = False) -> str:
        sent = str(value or "")
        numbers = sent.split(",")
        if len(numbers) != len(PARTS):
            return super()._words(name, value, typed=typed)
        said = dict(zip(("x", "y", "width", "height"), numbers, strict=True))
        return _("第%(x)s列第%(y)s行，宽%(width)s高%(height)s") % said


class OutlinesForm(forms.Form):
    """A GeoJSON file of the outlines of buildings."""

    file = forms.FileField(
        label=_("GeoJSON文件"),
        help_text=_("地图软件导出的.geojson，最大2MB；每个轮廓带楼号或名称"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".geojson,.json"}),
    )
