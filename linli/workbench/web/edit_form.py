"""A form that begins with what a record says and writes only what was changed in it.

Somebody else may have written meanwhile: what only one side changed is merged, and of what both
changed both sides are shown, to be chosen field by field (decision 0031).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext as _

from linli.core.edit_versions import ChangedMeanwhile, Shown, under_lock
from linli.core.errors import Refused

THEIRS = "theirs"
Read = Callable[[Any], Mapping[str, Any]]


@dataclass(frozen=True)
class Conflict:
    """A field that both sides changed: what each says, in words, and how the choice is sent."""

    name: str
    label: str
    theirs: str
    mine: str
    mark: str
    input_name: str


class EditForm(forms.Form):
    """A form that carries what it was shown; without ``begin_with`` it is a form like any other.

    Its values are the record's again after ``locked``: what was left alone has the value of now,
    so whoever takes the whole form writes over nothing. ``changed`` names what was changed,
    ``news`` what the record did not say when it was shown.
    """

    record: models.Model | None = None
    conflicts: tuple[Conflict, ...] = ()
    changed: tuple[str, ...] = ()
    merged: tuple[str, ...] = ()
    news: frozenset[str] = frozenset()

    def begin_with(
        self,
        record: models.Model,
        read: Read,
        covered: Mapping[str, Callable[[], str]] | None = None,
    ) -> None:
        """Begin with what ``read`` finds in the record.

        A ``covered`` field begins empty and left empty stays as it is; what is given for it says
        what of its value may be shown.
        """
        self.record, self._read, self._covered = record, read, covered or {}
        shown = Shown(record)
        for name, value in self._values().items():
            if name in self._covered:
                # A browser keeps what is typed here no longer than its tab (decision 0034).
                self.fields[name].widget.attrs["data-covered"] = "1"
            else:
                self.fields[name].initial = value
            shown.note(name, self._text(name, value))
        self._token = str(shown)

    def _values(self) -> dict[str, Any]:
        return {key: now for key, now in self._read(self.record).items() if key in self.fields}

    @property
    def merged_words(self) -> str:
        """Return the sentence about what only somebody else changed, or nothing."""
        labels = "、".join(str(self[name].label) for name in self.merged)
        words = _("您打开这一页以后，别人改了“%(labels)s”，已一并保留")
        return words % {"labels": labels} if labels else ""

    @property
    def token_name(self) -> str:
        """Return the name of the hidden input that says what was shown."""
        return self.add_prefix("shown")

    @property
    def token(self) -> str:
        """Return what was shown: by the page that was sent, or by this one."""
        return str(self.data.get(self.token_name, "")) if self.is_bound else self._token

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the record while it is written; refuse what somebody else changed meanwhile."""
        if self.record is None or self.record.pk is None:
            yield
            return
        with under_lock(self.record):
            self._merge()
            yield

    def _merge(self) -> None:
        record: Any = self.record
        shown = Shown.read(record, self.token)
        data, fresh = cast("Any", self.data).copy(), Shown.read(record, str(shown))
        changed, merged, conflicts, news = [], [], [], []
        for name, value in self._values().items():
            theirs = self._text(name, value)
            if not shown.is_as_shown(name, theirs):
                news.append(name)
            side = self._side(name, theirs, shown)
            if side == "both":
                conflicts.append(self._conflict(name, value, shown.mark(name, theirs)))
                continue
            fresh.note(name, theirs)
            if side == "mine":
                changed.append(name)
                continue
            if name in news and name in shown.marks:
                merged.append(name)
            self._put(data, name, "" if name in self._covered else value)
        data[self.token_name] = str(fresh)
        self.changed, self.merged, self.conflicts = tuple(changed), tuple(merged), tuple(conflicts)
        self.news = frozenset(news)
        self.data = data
        self.full_clean()
        if conflicts:
            raise ChangedMeanwhile([_as_data(one) for one in conflicts])
        if self.errors:
            raise Refused(
                "edit.not_together", _("和别人刚才的改动合在一起不对，请看下面标出的地方")
            )

    def _side(self, name: str, theirs: str, shown: Shown) -> str:
        """Say whose word counts: "theirs", which is also what nobody changed, "mine", or "both"."""
        mine = self._text(name, self[name].data, typed=True)
        is_covered = name in self._covered
        if self._was_left_out(name) or (is_covered and not mine):
            return "theirs"
        # Of a covered value nobody is told whether they guessed it.
        if not is_covered and (mine == theirs or shown.is_as_shown(name, mine)):
            return "theirs"
        if shown.is_as_shown(name, theirs):
            return "mine"
        kept = self.data.get(self._choice_name(name), "")
        if kept == THEIRS:
            return "theirs"
        # The choice counts against the value that it was made against, and no other.
        return "mine" if kept == shown.mark(name, theirs) else "both"

    def _was_left_out(self, name: str) -> bool:
        """Was nothing sent of a field, not even that it is empty?"""
        widget, key = self.fields[name].widget, self.add_prefix(name)
        return bool(widget.value_omitted_from_data(self.data, self.files, key))

    def _choice_name(self, name: str) -> str:
        return f"keep_{self.add_prefix(name)}"

    def _conflict(self, name: str, value: Any, mark: str) -> Conflict:
        covered = self._covered.get(name)
        return Conflict(
            name=name,
            label=str(self[name].label),
            theirs=covered() if covered else self._words(name, value),
            mine=self._words(name, self[name].data, typed=True),
            mark=mark,
            input_name=self._choice_name(name),
        )

    def _sent(self, name: str, value: Any) -> Any:
        """Return a value as a browser would send it back untouched."""
        field = self.fields[name]
        if isinstance(field.widget, forms.CheckboxInput):
            return bool(value)
        ready = field.prepare_value(value)
        if getattr(field.widget, "allow_multiple_selected", False):
            return [str(one) for one in ready or ()]
        if isinstance(field.widget, forms.Select | forms.RadioSelect):
            return "" if ready is None else str(ready)
        return field.widget.format_value(ready) or ""

    def _text(self, name: str, value: Any, *, typed: bool = False) -> str:
        """Return a value as the one text that stands for it, however it was written."""
        sent = value if typed else self._sent(name, value)
        if isinstance(sent, str):
            sent = sent.replace("\r\n", "\n")
        try:
            meant = self.fields[name].to_python(sent)
        except forms.ValidationError:
            meant = sent
        return canonical(meant)

    def _put(self, data: Any, name: str, value: Any) -> None:
        """Put a value into what was sent, as if it had been sent."""
        key, sent = self.add_prefix(name), self._sent(name, value)
        if isinstance(sent, bool):
            data.pop(key, None)
            if sent:
                data[key] = "on"
        elif isinstance(sent, list):
            data.setlist(key, sent)
        else:
            data[key] = sent

    def _words(self, name: str, value: Any, *, typed: bool = False) -> str:
        sent = value if typed else self._sent(name, value)
        if isinstance(sent, bool):
            return _("是") if sent else _("否")
        labels = dict(_flat(getattr(self.fields[name], "choices", ())))
        several = sent if isinstance(sent, list) else [sent]
        words = [str(labels.get(str(one), one)) for one in several if one not in ("", None)]
        return "、".join(words) or _("空着")


def canonical(value: Any) -> str:
    """Return one text for equal values: an empty one is empty, 3.0 is 3, a day is its number."""
    if value is None or value is False:
        return ""
    if isinstance(value, models.Model):
        return str(value.pk)
    if isinstance(value, list | tuple | set):
        return "\n".join(sorted(canonical(one) for one in value))
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return str(value).strip()


def _flat(choices: Any) -> Iterator[tuple[str, Any]]:
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from _flat(label)
        else:
            yield str(value), label


def _as_data(one: Conflict) -> dict[str, str]:
    return {"field": one.name, "label": one.label, "theirs": one.theirs, "mine": one.mine}


@contextmanager
def editing(request: HttpRequest, form: forms.Form) -> Iterator[None]:
    """Write what a form says while its record is held, and say what was merged.

    A form that began with no record is written as it is.
    """
    if not isinstance(form, EditForm):
        yield
        return
    with form.locked():
        yield
    if form.merged_words:
        messages.info(request, form.merged_words)


def status_of(form: forms.Form) -> int:
    """Return the status of a page with this form: refused, in conflict, or as it should be."""
    if getattr(form, "conflicts", ()):
        return ChangedMeanwhile.status
    return 422 if form.errors else 200
