"""What people do with facilities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.core.actions import action, write_journal
from linli.core.errors import Refused
from linli.register.facilities.models import Facility
from linli.register.parties.models import Party
from linli.register.places.models import Place
from linli.register.posts.models import User
from linli.register.posts.permits import role_in
from linli.register.posts.rules import MAY_EDIT_PLACES


@dataclass(frozen=True)
class NewFacility:
    """A thing at a place, with its dates and who maintains it."""

    place: Place
    kind: str
    name: str
    code: str = ""
    installed_on: date | None = None
    next_inspection_on: date | None = None
    maintainer: Party | None = None


@action(
    "facility.add", term=gettext_noop("新增设施"), may=role_in(MAY_EDIT_PLACES),
    journal="facility.added",
)  # fmt: skip
def add_facilities(*, facilities: Sequence[NewFacility], by: User | None) -> list[Facility]:
    """Add things that somebody must look after."""
    if not facilities:
        raise Refused("facility.none", _("没有要新增的设施"))
    made = [
        Facility(
            kind=one.kind, name=one.name, code=one.code, place=one.place,
            installed_on=one.installed_on, next_inspection_on=one.next_inspection_on,
            maintainer=one.maintainer, scope_path=one.place.path,
        )
        for one in facilities
    ]  # fmt: skip
    kept = Facility.objects.bulk_create(made, batch_size=500)
    write_journal("facility.added", about=facilities[0].place, data={"count": len(made)}, by=by)
    return list(kept)
