"""What apps put on the screen of a door: each a part, with its own questions and its own saving."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from linli.core.dotted_paths import Dotted
from linli.core.errors import Refused
from linli.core.interface.registry import AlreadyRegistered
from linli.register.people.models import Household, Person
from linli.register.places.models import Place
from linli.register.posts.models import User
from linli.workbench.web.action_page import in_words


@dataclass(frozen=True)
class RoundDoor:
    """A door and who lives behind it."""

    place: Place
    households: list[Household]
    people: list[Person]
    day: date


@dataclass(frozen=True)
class FieldGroup:
    """Some fields of a part under one heading; ``href`` leads to the page about it.

    A ``folded`` group opens with a tap: what is seldom needed does not lengthen the screen.
    """

    title: str
    fields: Sequence[Any]
    note: str = ""
    href: str = ""
    tone: str = ""
    folded: bool = False
    call: str = ""  # the form beside the page that calls whom the group is about


@dataclass
class SavedDoor:
    """What was saved at a door: how many things, and what to tell."""

    things: int = 0
    words: list[str] = field(default_factory=list)


class DoorPart(forms.Form):
    """A part of a door's screen. Nothing filled in means nothing is saved.

    ``kinds`` are the kinds of tasks that are done here and not in the list of other tasks.
    """

    title: Any = ""
    kinds: tuple[str, ...] = ()

    def __init__(self, *args: Any, door: RoundDoor, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.door, self.user = door, user
        self.build()

    def build(self) -> None:
        """Add the fields for this door."""

    def groups(self) -> list[FieldGroup]:
        """Return what is shown; nothing leaves the part out."""
        return []

    def save(self, saved: SavedDoor, form_token: str) -> None:
        """Save what was filled in; a refusal is told at its field and stops nothing else."""

    def names(self) -> set[str]:
        """Return under which names this part is sent."""
        return {self.add_prefix(name) for name in self.fields}

    def refuse_what_is_gone(self) -> bool:
        """Refuse what was sent about something that has ended since the page was opened."""
        mine, known = f"{self.prefix}-", self.names()
        gone = [one for one, value in self.data.items() if one.startswith(mine) and value]
        if any(one not in known for one in gone):
            words = _("“%(title)s”里有的事刚才已经结束或有人办了，没有记；其余的还在，可以再交")
            self.add_error(None, words % {"title": self.title})
        return bool(self.non_field_errors())

    def is_saved(self, *names: str) -> None:
        """Empty what was saved: a page that comes back with a refusal does not save it twice."""
        # What a request sent cannot be changed in place.
        emptied: Any = self.data.copy()  # type: ignore[attr-defined]
        for name in names:
            emptied[self.add_prefix(name)] = ""
        self.data = emptied

    def refuse(self, name: str, refused: Refused) -> None:
        """Lay a refusal out at the field."""
        self.add_error(name if name in self.fields else None, in_words(refused))


_parts: dict[str, tuple[int, Dotted[type[DoorPart]]]] = {}


def register_door_part(key: str, *, part: type[DoorPart] | str, order: int) -> None:
    """Put a part on the screen of every door."""
    if key in _parts:
        raise AlreadyRegistered(f"door part {key}")
    _parts[key] = (order, Dotted(part))


def door_parts() -> list[tuple[str, type[DoorPart]]]:
    """Return the parts in their order."""
    found = sorted(_parts.items(), key=lambda one: (one[1][0], one[0]))
    return [(key, part.target) for key, (_order, part) in found]
