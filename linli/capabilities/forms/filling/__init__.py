"""Writing into the department's own file; no database here."""

from linli.capabilities.forms.filling.content import (
    CellContent,
    Change,
    Content,
    Filled,
    LineContent,
    ListContent,
    Value,
)
from linli.capabilities.forms.filling.fill import fill_form

__all__ = [
    "CellContent", "Change", "Content", "Filled", "LineContent", "ListContent", "Value",
    "fill_form",
]  # fmt: skip
