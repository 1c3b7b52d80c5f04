"""Many people at once: the demonstration and the import of spreadsheets.

All are actions with one journal entry each. They keep everything that the single actions keep:
checked and sealed numbers, pinyin and search text, households with size and birth dates, counts of
dwellings, provenance of each fact.
"""

from linli.register.people.bulk.rows import BulkResult, ChangedRow, NewRow, apply_rows
from linli.register.people.bulk.settle import Facts, NewHousehold, SettledCount, settle_in_bulk
from linli.register.people.bulk.undo import Undone, UndoOutlook, blocked, undo_outlook, undo_rows

__all__ = [
    "BulkResult",
    "ChangedRow",
    "Facts",
    "NewHousehold",
    "NewRow",
    "SettledCount",
    "UndoOutlook",
    "Undone",
    "apply_rows",
    "blocked",
    "settle_in_bulk",
    "undo_outlook",
    "undo_rows",
]
