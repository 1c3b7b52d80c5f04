"""Choosing a place: from a list when there are few, by search otherwise; never from a cut list."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.register.places.models import Place
from linli.register.places.queries import FoundPlaces, find_place, places_found

FEW = 30
LONGEST_WORDS = 60


@dataclass(frozen=True)
class PlaceAnswer:
    """What came back: a chosen key, the words, the words the key was offered for, a mere search."""

    key: str = ""
    words: str = ""
    offered_for: str | None = None
    only_search: bool = False


def label_of(place: Place) -> str:
    """Say a place so that one of the same name elsewhere is not taken for it."""
    return f"{place.get_kind_display()} · {place.address or place}"


class PlaceSearch(forms.Widget):
    """One search field; what it finds stands below it to be chosen, with or without script."""

    template_name = "places/place_search.html"
    found = FoundPlaces()

    def __init__(self, *, key_name: str = "", words_name: str = "") -> None:
        super().__init__()
        self.key_name, self.words_name = key_name, words_name

    def use_required_attribute(self, initial: Any) -> bool:
        """Say no: a place that was chosen below needs no words."""
        return False

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Is there neither a choice nor a word?"""
        return not any(one in data for one in self._names(name))

    def _names(self, name: str) -> tuple[str, str]:
        return self.key_name or name, self.words_name or f"{name}_words"

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> PlaceAnswer:
        """Read the choice and the words; a name without a search field is words too."""
        key, words = (str(data.get(one, "")).strip() for one in self._names(name))
        if key and not key.isdecimal():
            key, words = "", key
        only_search = bool(data.get(f"{name}_find"))
        return PlaceAnswer(key, words[:LONGEST_WORDS], data.get(f"{name}_for"), only_search)

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Lay the words and what they found side by side."""
        context: dict[str, Any] = super().get_context(name, None, attrs)
        answer = value if isinstance(value, PlaceAnswer) else PlaceAnswer(key=str(value or ""))
        return context | {
            "key_name": self._names(name)[0],
            "words_name": self._names(name)[1],
            "words": answer.words,
            "more": self.found.more,
            "found": [
                (str(place.pk), label_of(place), str(place.pk) == answer.key)
                for place in self.found.places
            ],
        }


class PlaceField(forms.Field):
    """One place of ``rows``; ``offer(rows)`` says which there are, when the form is made."""

    default_error_messages = {"required": gettext_lazy("请选一处")}
    rows: QuerySet[Place]

    def __init__(
        self, *, search: PlaceSearch | None = None, says_kind: bool = False, **more: Any
    ) -> None:
        super().__init__(**more)
        self.search = search
        # In a short list the kind of a place is said only where several kinds stand together.
        self.label_of = label_of if says_kind else str

    def offer(self, rows: QuerySet[Place]) -> None:
        """Take the places that can be chosen: a few as a list, many by search."""
        self.rows = rows
        some = list(rows.order_by("path")[: FEW + 1])
        if len(some) <= FEW and self.search is None:
            listed = [("", "—"), *((str(place.pk), self.label_of(place)) for place in some)]
            self.widget = forms.Select(choices=listed)
        else:
            self.widget = deepcopy(self.search) if self.search else PlaceSearch()
            if isinstance(self.initial, Place):
                self.widget.found = FoundPlaces([self.initial])

    def prepare_value(self, value: Any) -> Any:
        """Show a place by its key."""
        return value.pk if isinstance(value, Place) else value

    def clean(self, value: Any) -> Place | None:
        """Return the place that was chosen, or the one that the words mean without doubt."""
        answer = value if isinstance(value, PlaceAnswer) else self._listed(str(value or ""))
        chosen = self._by_key(answer)
        if chosen is None and answer.words:
            chosen = self._by_words(answer)
        if chosen is None and self.required:
            raise forms.ValidationError(self.error_messages["required"], "required")
        return chosen

    def _listed(self, value: str) -> PlaceAnswer:
        return PlaceAnswer(key=value) if value.isdecimal() else PlaceAnswer(words=value)

    def _by_key(self, answer: PlaceAnswer) -> Place | None:
        """Return the chosen place, unless other words were typed after it was offered."""
        if not answer.key or answer.only_search:
            return None
        if answer.offered_for is not None and answer.words != answer.offered_for:
            return None
        place: Place | None = None
        # More digits would overflow the database's integer.
        if len(answer.key) < 19:
            place = self.rows.filter(pk=int(answer.key)).first()
        if place is None:
            raise forms.ValidationError(_("没有这个地方，请另选"), "place")
        self._show(FoundPlaces([place]))
        return place

    def _by_words(self, answer: PlaceAnswer) -> Place:
        found = places_found(answer.words, self.rows)
        self._show(found)
        if not found.places:
            raise forms.ValidationError(_("没有找到“%(words)s”") % {"words": answer.words}, "place")
        exact = [one for one in found.places if answer.words in (one.name, one.address, str(one))]
        if not exact:
            meant = {one.pk for one in find_place(answer.words)}
            exact = [one for one in found.places if one.pk in meant]
        if len(exact) == 1 and not answer.only_search:
            return exact[0]
        raise forms.ValidationError(_("有几处可能是，请选一处"), "place")

    def _show(self, found: FoundPlaces) -> None:
        if isinstance(self.widget, PlaceSearch):
            self.widget.found = found
