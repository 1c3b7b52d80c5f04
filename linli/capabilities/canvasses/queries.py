"""The board of a canvass: a building from the front, each door with where it stands."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.commons.coverage.models import Coverage, CoverageRow
from linli.commons.coverage.queries import rows_of
from linli.commons.coverage.terms import OPEN, ContactResult
from linli.core.interface.view_models import DwellingTile, Elevation, Legend
from linli.register.places.elevation import Flat, entrances_of, flats_of, floors_of
from linli.register.places.models import Place

TONES: dict[str, str] = {
    ContactResult.WAITING: "off",
    ContactResult.REACHED: "on",
    ContactResult.REFUSED: "vacant",
    ContactResult.ABSENT: "alert",
    ContactResult.MOVED: "unknown",
}
# Of several households behind one door the one that needs somebody most is shown.
WORST = (
    ContactResult.ABSENT,
    ContactResult.WAITING,
    ContactResult.REFUSED,
    ContactResult.REACHED,
    ContactResult.MOVED,
)


def board(coverage: Coverage, building: Place) -> Elevation:
    """Return the building from the front, each door with where it stands."""
    rows = rows_of(coverage).filter(scope_path__startswith=building.path)
    at: dict[int, list[CoverageRow]] = {}
    for row in rows:
        at.setdefault(row.place_id, []).append(row)
    flats = [flat for flat in flats_of(building) if flat.pk in at]
    now = timezone.now()

    def door_of(flat: Flat) -> DwellingTile:
        row = min(at[flat.pk], key=lambda one: WORST.index(ContactResult(one.result)))
        text = _door_text(row, now)
        says = str(ContactResult(row.result).label)
        href = reverse("canvasses:stop", args=[coverage.pk, row.pk])
        return DwellingTile(flat.door, TONES[row.result], f"{says} {text}".strip(), text, href)

    counted = Counter(row.result for row in rows)
    legend = [Legend(TONES[one], one.label, counted[one]) for one in ContactResult if counted[one]]
    caption = _("%(place)s的走访进度") % {"place": building}
    return Elevation(caption, floors_of(flats, door_of), legend, entrances_of(flats))


def _door_text(row: CoverageRow, now: datetime) -> str:
    if row.held_until is not None and row.held_until > now and row.result in OPEN:
        return row.held_by.name[:3] if row.held_by else ""
    if row.result == ContactResult.ABSENT and row.try_on is not None:
        return f"{row.try_on:%m-%d}"
    return ""
