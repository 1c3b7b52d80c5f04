"""``{% load linli %}``: every component (they live in ``linli/faces/web/tags/``)."""

from __future__ import annotations

from linli.faces.web.tags import (
    forms,
    layout,
    lists,
    pictures,
    plans,
    refusals,
    states,
    tables,
    values,
)
from linli.faces.web.tags.library import register

__all__ = [
    "forms",
    "layout",
    "lists",
    "pictures",
    "plans",
    "refusals",
    "register",
    "states",
    "tables",
    "values",
]
