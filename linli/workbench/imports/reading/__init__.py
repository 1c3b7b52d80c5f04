"""Reading somebody's spreadsheet: in a child process with limits, into plain typed cells."""

from linli.core.documents.limits import Limits
from linli.workbench.imports.reading.read import read_file
from linli.workbench.imports.reading.shapes import (
    BadCell,
    SheetAsRead,
    SheetName,
    SheetRow,
    Unreadable,
    address,
)

__all__ = [
    "BadCell",
    "Limits",
    "SheetAsRead",
    "SheetName",
    "SheetRow",
    "Unreadable",
    "address",
    "read_file",
]
