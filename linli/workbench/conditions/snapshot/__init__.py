"""The snapshot: one flat Parquet file per subject, for cross-tabs and for other machines.

Made from nothing or from what changed, put in place as a whole: readers see the old one or the new.
"""

from linli.workbench.conditions.snapshot.files import (
    Snapshot,
    current,
    forget_deleted,
    refresh,
    refresh_if_behind,
    snapshot_folder,
)

__all__ = [
    "Snapshot",
    "current",
    "forget_deleted",
    "refresh",
    "refresh_if_behind",
    "snapshot_folder",
]
