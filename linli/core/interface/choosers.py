"""Choosing one of many: what is likely stands there to be tapped, the rest is found by words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

LONGEST_WORDS = 60
MORE = ngettext_lazy(
    "还有%(n)d个没有列出，请写得细一点再找", "还有%(n)d个没有列出，请写得细一点再找", "n"
)
LARGEST_KEY = 18  # digits: more would overflow the database's integer


@dataclass(frozen=True)
class Offered:
    """One thing that can be chosen: its key, its whole name, and why it stands here."""

    key: str
    label: str
    note: str = ""


@dataclass(frozen=True)
class ChooserAnswer:
    """What came back: a chosen key, the words, the words the key was offered for, a mere search."""

    key: str = ""
    words: str = ""
    offered_for: str | None = None
    only_search: bool = False


class Chooser(forms.Widget):
    """A few likely ones and a search field; what it finds stands below, with or without script."""

    template_name = "components/chooser.html"

    def __init__(
        self,
        *,
        find_words: Any = "",
        none_words: Any = "",
        more_words: Any = MORE,
        takes_words: bool = False,
    ) -> None:
        super().__init__()
        self.find_words, self.none_words = find_words, none_words
        self.more_words, self.takes_words = more_words, takes_words
        self.likely: Sequence[Offered] = ()
        self.found: Sequence[Offered] = ()
        self.chosen: Offered | None = None
        self.more = 0

    def use_required_attribute(self, initial: Any) -> bool:
        """Say no: what was chosen below needs no words."""
        return False

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Is there neither a choice nor a word?"""
        return name not in data and f"{name}_words" not in data

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> ChooserAnswer:
        """Read the choice and the words; what names no key is words too."""
        key, words = (str(data.get(one, "")).strip() for one in (name, f"{name}_words"))
        if self.takes_words and key and not key.isdecimal():
            key, words = "", key
        searches = bool(data.get(f"{name}_find"))
        return ChooserAnswer(key, words[:LONGEST_WORDS], data.get(f"{name}_for"), searches)

    def format_value(self, value: Any) -> str:
        """Return the key that stands for a value."""
        return value.key if isinstance(value, ChooserAnswer) else str(value or "")

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Lay what is chosen, what is likely and what was found side by side, each once."""
        context: dict[str, Any] = super().get_context(name, None, attrs)
        key = self.format_value(value)
        listed = {one.key: one for one in (*self.likely, *self.found)}
        if self.chosen is not None and self.chosen.key == key:
            listed = {key: self.chosen} | listed
        return context | {
            "words": value.words if isinstance(value, ChooserAnswer) else "",
            "listed": [(one, one.key == key) for one in listed.values()],
            "is_found": bool(self.found),
            "more": self.more_words % {"n": self.more} if self.more else "",
            "find_words": self.find_words,
            "none_words": self.none_words,
            "is_none": key not in listed,
        }


class ChooserField(forms.Field):
    """One of many things; a subclass says how they are called, found and looked up."""

    widget: Any = Chooser
    default_error_messages = {
        "gone": gettext_lazy("没有这一项，请另选"),
        "several": gettext_lazy("请在下面选一个"),
    }

    def offered(self, thing: Any) -> Offered:
        """Return a thing as it is offered."""
        raise NotImplementedError

    def by_key(self, key: int) -> Any:
        """Return the thing of a key, None where there is none that may be chosen."""
        raise NotImplementedError

    def by_words(self, words: str) -> tuple[Sequence[Any], int]:
        """Return the things that words mean, and how many more there are."""
        raise NotImplementedError

    def meant(self, words: str, things: Sequence[Any]) -> Sequence[Any]:
        """Return those of the things found that the words mean without doubt."""
        return things if len(things) == 1 else ()

    def offer(self, likely: Sequence[Offered] = (), chosen: Any = None) -> None:
        """Show what is likely, and what stands chosen already."""
        self.widget.likely = likely
        self.widget.chosen = self.offered(chosen) if chosen is not None else None

    def prepare_value(self, value: Any) -> Any:
        """Show a thing by its key."""
        return str(value.pk) if hasattr(value, "pk") else value

    def to_python(self, value: Any) -> Any:
        """Return the key that was chosen: two values are the same when their keys are."""
        return value.key if isinstance(value, ChooserAnswer) else value

    def clean(self, value: Any) -> Any:
        """Return the thing that was chosen, or the one that the words mean without doubt."""
        answer = value if isinstance(value, ChooserAnswer) else ChooserAnswer(str(value or ""))
        chosen = self._by_key(answer)
        if chosen is None and answer.words and (not answer.key or self._is_new_search(answer)):
            chosen = self._by_words(answer)
        if chosen is None and self.required:
            raise forms.ValidationError(self.error_messages["required"], "required")
        return chosen

    @staticmethod
    def _is_new_search(answer: ChooserAnswer) -> bool:
        is_other = answer.offered_for is not None and answer.words != answer.offered_for
        return answer.only_search or is_other

    def _by_key(self, answer: ChooserAnswer) -> Any:
        if not answer.key or self._is_new_search(answer):
            return None
        thing = None
        if answer.key.isascii() and answer.key.isdecimal() and len(answer.key) <= LARGEST_KEY:
            thing = self.by_key(int(answer.key))
        if thing is None:
            raise forms.ValidationError(self.error_messages["gone"], "gone")
        self.widget.chosen = self.offered(thing)
        return thing

    def _by_words(self, answer: ChooserAnswer) -> Any:
        things, more = self.by_words(answer.words)
        self.widget.found, self.widget.more = [self.offered(one) for one in things], more
        if not things:
            raise forms.ValidationError(_("没有找到“%(words)s”") % {"words": answer.words}, "none")
        meant = self.meant(answer.words, things)
        if len(meant) == 1 and not answer.only_search:
            self.widget.chosen = self.offered(meant[0])
            return meant[0]
        raise forms.ValidationError(self.error_messages["several"], "several")
