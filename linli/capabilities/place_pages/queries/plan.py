"""An estate from above: its buildings on their plan, coloured by any condition."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Count
from django.db.models.functions import Substr
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linli.capabilities.place_pages.queries.counts import told_below
from linli.capabilities.place_pages.queries.elevation import within
from linli.core.errors import Refused
from linli.core.fields import Condition
from linli.core.interface.registry import record_address
from linli.core.interface.view_models import Legend, Plan, PlanHouse
from linli.register.places.models import Place
from linli.register.places.plan_layout import PlanCell, in_rows
from linli.register.places.plans import Cells, cells_of, standing_buildings
from linli.register.places.terms import PlaceKind
from linli.workbench.conditions import queries
from linli.workbench.conditions.own_fields import dictionary
from linli.workbench.conditions.subjects import model_of

HAVE_PLANS = (PlaceKind.ESTATE, PlaceKind.GRID)
FEWEST = 2  # one building alone is no plan
TONES = ("low", "mid", "high")


@dataclass(frozen=True)
class PlanRow:
    """A building as the table behind the plan says it."""

    place: Place
    href: str
    number: str
    is_placed: bool


@dataclass(frozen=True)
class PlanFound:
    """The plan with what was found: the numbers of the buildings and what lies in none."""

    view: Plan
    rows: Sequence[PlanRow]
    heading: str
    is_drawn: bool
    matching: int = 0
    with_some: int = 0
    outside: int = 0
    counter: str = ""


@dataclass(frozen=True)
class Numbers:
    """What is written on the buildings, and which colour each has."""

    text: Mapping[int, str]
    tone: Mapping[int, str]
    says: Mapping[str, str] = field(default_factory=dict)
    heading: str = ""


def plan_of(place: Place, condition: Condition | None = None) -> PlanFound | None:
    """Return the plan of an estate or a grid; None where hardly anything is built."""
    houses = standing_buildings(place) if place.kind in HAVE_PLANS else []
    if len(houses) < FEWEST:
        return None
    placed = cells_of(place)
    cells = _everywhere(houses, placed)
    if condition is None:
        found, outside, counter = Counter[int](), 0, ""
        numbers = _lived_in(place, houses)
    else:
        found, outside = _counted(condition, place, houses)
        counter = dictionary().subject(condition.subject).counter
        numbers = _coloured(found, houses, str(counter))
    # Without any plan the rows are all there is: a broken line would say nothing.
    rows = [_row(one, numbers, is_placed=one.pk in placed or not placed) for one in houses]
    return PlanFound(
        view=_view(place, rows, cells, numbers),
        rows=rows,
        heading=numbers.heading,
        is_drawn=bool(placed),
        matching=found.total() + outside,
        with_some=sum(1 for n in found.values() if n),
        outside=outside,
        counter=str(counter),
    )


def _everywhere(houses: Sequence[Place], placed: Cells) -> Cells:
    """Return where each building is shown, from 0; what is not on the plan stands below it."""
    known = {one.pk: placed[one.pk] for one in houses if one.pk in placed}
    loose = in_rows([one.pk for one in houses if one.pk not in placed], known.values())
    cells = {**known, **loose}
    left = min(cell.x for cell in cells.values())
    top = min(cell.y for cell in cells.values())
    return {
        key: PlanCell(cell.x - left, cell.y - top, cell.width, cell.height)
        for key, cell in cells.items()
    }


def _lived_in(place: Place, houses: Sequence[Place]) -> Numbers:
    """Write on each building how many live there, as far as this post may be told."""
    _whole, each = told_below(place, houses)
    text = {pk: _people(told.people) for pk, told in each.items()}
    return Numbers(text, dict.fromkeys(text, "plain"), heading=_("居民"))


def _counted(
    condition: Condition, place: Place, houses: Sequence[Place]
) -> tuple[Counter[int], int]:
    """Count the answer by building, and what of it lies in none of them."""
    if not queries.may_list(condition.subject):
        raise Refused(
            "place_pages.no_list",
            _("您的岗位不能按住户上色"),
            "q",
            _("可以按楼栋的情况上色，例如：没有电梯的楼栋"),
        )
    paths = {one.path: one.pk for one in houses}
    lengths = sorted({len(path) for path in paths})
    rows = model_of(dictionary().subject(condition.subject)).objects
    matching = rows.filter(pk__in=queries.ids(within(condition, place))).order_by()
    beginnings = matching.annotate(beginning=Substr("scope_path", 1, lengths[-1]))
    found, outside = Counter[int](), 0
    for beginning, n in beginnings.values_list("beginning").annotate(n=Count("pk")):
        house = next((paths[beginning[:cut]] for cut in lengths if beginning[:cut] in paths), None)
        if house is None:
            outside += n
        else:
            found[house] += n
    return found, outside


def _coloured(found: Counter[int], houses: Sequence[Place], counter: str) -> Numbers:
    bands = _bands(max(found.values(), default=0))
    tone = {
        one.pk: next((t for t, low, high in bands if low <= found[one.pk] <= high), "none")
        for one in houses
    }
    text = {one.pk: f"{found[one.pk]}{counter}" for one in houses}
    says = {"none": _("没有"), **{t: _said(low, high, counter) for t, low, high in bands}}
    return Numbers(text, tone, says, _("符合"))


def _bands(most: int) -> list[tuple[str, int, int]]:
    """Cut 1 to the largest number into up to three bands as wide as each other."""
    count = min(3, most)
    ends = [-(-most * (n + 1) // count) for n in range(count)]
    tones = TONES[3 - count :]
    return [(tones[n], (ends[n - 1] if n else 0) + 1, ends[n]) for n in range(count)]


def _said(low: int, high: int, counter: str) -> str:
    return f"{low}{counter}" if low == high else f"{low}–{high}{counter}"


def _row(place: Place, numbers: Numbers, *, is_placed: bool) -> PlanRow:
    href = record_address("places.place", place.pk)
    return PlanRow(place, href, numbers.text[place.pk], is_placed)


def _view(place: Place, rows: Sequence[PlanRow], cells: Cells, numbers: Numbers) -> Plan:
    houses = [
        PlanHouse(
            key=row.place.pk,
            label=row.place.name,
            x=cells[row.place.pk].x,
            y=cells[row.place.pk].y,
            width=cells[row.place.pk].width,
            height=cells[row.place.pk].height,
            tone=numbers.tone[row.place.pk],
            text=row.number,
            says=numbers.says.get(numbers.tone[row.place.pk], ""),
            href=row.href,
            is_placed=row.is_placed,
        )
        for row in rows
    ]
    counted = Counter(house.tone for house in houses)
    legend = [
        Legend(tone, words, counted[tone]) for tone, words in numbers.says.items() if counted[tone]
    ]
    loose = sum(not row.is_placed for row in rows)
    if loose:
        legend.append(Legend("loose", _("还没放到图上"), loose))
    return Plan(
        caption=_("%(place)s平面图") % {"place": place.name},
        says=_("%(n)d幢楼从上面看，方向键在楼之间走，数字在下面的表里") % {"n": len(rows)},
        houses=sorted(houses, key=lambda house: (house.y, house.x)),
        legend=legend,
    )


def _people(told: str) -> str:
    return ngettext("%(n)s人", "%(n)s人", 1 if told == "1" else 2) % {"n": told}
