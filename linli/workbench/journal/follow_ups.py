"""A day to come back, asked for in a note: whoever keeps tasks makes one of it, and empties it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import models

from linli.core.dotted_paths import function_at
from linli.register.people.models import Person
from linli.register.places.models import Place
from linli.register.posts.models import User


@dataclass(frozen=True)
class FollowUp:
    """Whom to see again, where and when; a confidential one stays with who knows of it."""

    about: models.Model
    place: Place
    person: Person | None
    on: date
    title: str
    note: str
    is_confidential: bool
    by: User | None


Opener = Callable[[FollowUp], object]
_openers: list[Opener] = []
Forgetter = Callable[[str, int, str], Sequence[models.Model]]
_forgetters: list[Forgetter] = []


def on_follow_up(opener: Opener | str) -> None:
    """Have an app of a higher room open what a note asks for."""
    _openers.append(function_at(opener))


def open_follow_up(follow_up: FollowUp) -> None:
    """Open it, inside the action that writes the note."""
    for opener in _openers:
        opener(follow_up)


def on_forget(forgetter: Forgetter | str) -> None:
    """Have an app of a higher room forget what a note asked for: label, key, the note's words."""
    _forgetters.append(function_at(forgetter))


def forget_follow_up(label: str, pk: int, note: str) -> list[models.Model]:
    """Empty what repeats a note, inside the action that empties it; return these records."""
    return [record for forgetter in _forgetters for record in forgetter(label, pk, note)]
