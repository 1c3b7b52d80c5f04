"""Saving a door: every part at once, the same page never twice."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop

from linli.core.actions import action, write_journal
from linli.core.time import today
from linli.register.places.models import Place
from linli.register.posts.models import User
from linli.register.posts.permits import role_in
from linli.workbench.rounds import rules
from linli.workbench.rounds.models import DoorSave
from linli.workbench.rounds.parts import DoorPart, SavedDoor

may_go_round = role_in(rules.MAY_GO_ROUND)


@action("door.save", term=gettext_noop("走户"), may=may_go_round, journal="door.saved")
def save_door(
    *, place: Place, parts: Iterable[DoorPart], form_token: str, by: User | None
) -> SavedDoor | None:
    """Save what was filled in at a door; None when this very page was saved before.

    A part that refuses tells it at its field; what the others saved stays.
    """
    row = DoorSave(place=place, scope_path=place.path, form_token=form_token, on=today(), by=by)
    try:
        # A savepoint: PostgreSQL accepts nothing more in a transaction whose insert failed.
        with transaction.atomic():
            row.save()
    except IntegrityError:
        write_journal("door.saved", about=place, data={"again": True}, by=by)
        return None
    saved = SavedDoor()
    for part in parts:
        part.save(saved, form_token)
    row.things = saved.things
    if saved.things:
        row.save(update_fields=["things"])
    else:
        # Nothing was filled in, so the same page may still be sent with something in it.
        row.delete()
    write_journal("door.saved", about=place, data={"things": saved.things}, by=by)
    return saved
