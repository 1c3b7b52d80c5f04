"""A form as understood, put into a JSON column and taken out again."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from linli.capabilities.form_filling.reading.understand import (
    FieldMatch,
    FillerLine,
    Form,
    Spot,
    TableLayout,
)
from linli.core.personal_data.crypto import CannotOpen


def to_json(form: Form) -> dict[str, Any]:
    """Return the form as plain values."""
    return asdict(form)


def from_json(data: dict[str, Any]) -> Form:
    """Return the form that was kept; one that is damaged raises CannotOpen."""
    try:
        return _from_json(data)
    except (KeyError, TypeError, ValueError, AttributeError) as wrong:
        raise CannotOpen from wrong


def is_intact(heading: Any) -> bool:
    """Does it say what a heading stands for?"""
    return isinstance(heading, dict) and {"use", "fields"} <= heading.keys()


def intact(headings: list[Any]) -> list[dict[str, Any]]:
    """Return what the headings of a form stand for; damaged ones raise CannotOpen."""
    if not all(is_intact(one) for one in headings):
        raise CannotOpen
    return headings


def _from_json(data: dict[str, Any]) -> Form:
    fields = dict(data)
    fields["headings"] = tuple(
        FieldMatch(
            **{
                **one,
                "fields": tuple(one["fields"]),
                "at": Spot(**one["at"]),
                "above": tuple(one.get("above", ())),
            }
        )
        for one in data["headings"]
    )
    fields["tables"] = tuple(_table(one) for one in data["tables"])
    fields["lines"] = tuple(FillerLine(**one) for one in data["lines"])
    return Form(**fields)


def _table(data: dict[str, Any]) -> TableLayout:
    pairs = {key: tuple(map(tuple, data[key])) for key in ("columns", "cells")}
    rows = tuple((row, text, tuple(above)) for row, text, above in data.get("row_conditions", ()))
    return TableLayout(**{**data, **pairs, "row_conditions": rows})
