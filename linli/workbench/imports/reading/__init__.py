"""Reading somebody's spreadsheet: in a child process with limits, into plain typed cells."""

from linli.core.documents.limits import Limits
from linli.workbench.imports.reading.parsed_file import (
    BadCell,
    SheetAsRead,
    SheetName,
    SheetRow,
    UnreadableFile,
    address,
)
from linli.workbench.imports.reading.read import read_file

__all__ = [
    "BadCell",
    "Limits",
    "SheetAsRead",
    "SheetName",
    "SheetRow",
    "UnreadableFile",
    "address",
    "read_file",
]
