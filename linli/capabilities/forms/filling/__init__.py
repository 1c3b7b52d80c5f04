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
from linli.capabilities.forms.filling.lines import kind_of

__all__ = [
    "CellContent", "Change", "Content", "Filled", "LineContent", "ListContent", "Value",
    "fill_form", "kind_of",
]  # fmt: skip
