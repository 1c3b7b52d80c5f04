"""What people do with organisations."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.core.actions import action, write_journal
from linli.core.errors import Refused
from linli.register.parties.models import Party
from linli.register.places.models import Place
from linli.register.posts.models import User
from linli.register.posts.permits import role_in
from linli.register.posts.rules import MAY_EDIT_PLACES


@action(
    "party.add", term=gettext_noop("新增单位"), may=role_in(MAY_EDIT_PLACES), journal="party.added"
)
def add_party(
    *, place: Place, name: str, kind: str, by: User | None, helps_with: str = "", hours: str = "",
    phone: str = "", contact: str = "",
) -> Party:  # fmt: skip
    """Add an organisation that serves a place."""
    if not name.strip():
        raise Refused("party.no_name", _("请填写名称"), "name")
    party = Party(
        name=name.strip()[:80], kind=kind, place=place, helps_with=helps_with, hours=hours,
        phone=phone, contact=contact, scope_path=place.path,
    )  # fmt: skip
    party.save()
    write_journal("party.added", about=party, text=party.name, by=by)
    return party
