"""Where it is written down when the last backup was made."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

LAST_BACKUP = "last_backup.json"  # beside the data: when and what


def note_file() -> Path:
    """Return where the note of the last backup lies."""
    return settings.DATA_DIR / LAST_BACKUP


def has_note() -> bool:
    """Was a backup ever made from here?"""
    return note_file().exists()
