"""What goes into the department's own file; no database and no Django here."""

from linli.capabilities.form_filling.filling.content import (
    CellChange,
    CellContent,
    Content,
    FillResult,
    LineContent,
    ListContent,
    Value,
)
from linli.capabilities.form_filling.filling.lines import kind_of

__all__ = [
    "CellChange",
    "CellContent",
    "Content",
    "FillResult",
    "LineContent",
    "ListContent",
    "Value",
    "kind_of",
]
