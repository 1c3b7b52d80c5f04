"""Choosing a place: from a list when there are few, by search otherwise; never from a cut list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy, ngettext_lazy

from linli.core.interface.choosers import Chooser, ChooserAnswer, ChooserField, Offered
from linli.register.places.models import Place
from linli.register.places.queries import find_place, places_found

FEW = 30
MORE = ngettext_lazy(
    "还有%(n)d处没有列出，请写得细一点再找", "还有%(n)d处没有列出，请写得细一点再找", "n"
)


def label_of(place: Place) -> str:
    """Say a place so that one of the same name elsewhere is not taken for it."""
    return f"{place.get_kind_display()} · {place.address or place}"


class PlaceField(ChooserField):
    """One place of ``rows``; ``offer_of(rows)`` says which there are, when the form is made.

    With ``always_search`` the search stands there for a few places too.
    """

    default_error_messages = {
        "required": gettext_lazy("请选一处"),
        "gone": gettext_lazy("没有这个地方，请另选"),
        "several": gettext_lazy("有几处可能是，请选一处"),
    }
    rows: QuerySet[Place]

    def __init__(
        self, *, always_search: bool = False, says_kind: bool = False, **more: Any
    ) -> None:
        super().__init__(**more)
        self.always_search = always_search
        # In a short list the kind of a place is said only where several kinds stand together.
        self.label_of = label_of if says_kind else str

    def offer_of(self, rows: QuerySet[Place]) -> None:
        """Take the places that can be chosen: a few as a list, many by search."""
        self.rows = rows
        some = list(rows.order_by("path")[: FEW + 1])
        if len(some) <= FEW and not self.always_search:
            listed = [("", "—"), *((str(place.pk), self.label_of(place)) for place in some)]
            self.widget = forms.Select(choices=listed)
        else:
            self.widget = Chooser(
                find_words=gettext_lazy("找地方"), more_words=MORE, takes_words=True
            )
            self.offer(chosen=self.initial if isinstance(self.initial, Place) else None)

    def prepare_value(self, value: Any) -> Any:
        """Show a place by its key."""
        return value.pk if isinstance(value, Place) else value

    def offered(self, thing: Place) -> Offered:
        """Return a place as it is offered."""
        return Offered(str(thing.pk), label_of(thing))

    def by_key(self, key: int) -> Place | None:
        """Return a place that can be chosen."""
        return self.rows.filter(pk=key).first()

    def by_words(self, words: str) -> tuple[Sequence[Place], int]:
        """Return the places that words mean, and how many more there are."""
        found = places_found(words, self.rows)
        return found.places, found.more

    def meant(self, words: str, things: Sequence[Place]) -> Sequence[Place]:
        """Return those whose name or address it is; else those that it means as an address."""
        exact = [one for one in things if words in (one.name, one.address, str(one))]
        if exact:
            return exact
        keys = {one.pk for one in find_place(words)}
        return [one for one in things if one.pk in keys]

    def clean(self, value: Any) -> Place | None:
        """Return the place that was chosen from the list, by search, or named without doubt."""
        if isinstance(value, str) and value and not value.isdecimal():
            value = ChooserAnswer(words=value)
        place: Place | None = super().clean(value)
        return place
