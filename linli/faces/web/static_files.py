"""Static files carry a mark of their content in the address: a phone may keep them for a year."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage


class MarkedStorage(StaticFilesStorage):
    """Serves files from where they stand (nothing is collected) under marked addresses."""

    def url(self, name: str | None) -> str:
        """Return the address with the first characters of the content's hash."""
        address = super().url(name)
        mark = _mark(name) if name else ""
        return f"{address}?v={mark}" if mark else address


@functools.cache
def _mark(name: str) -> str:
    file = finders.find(name)
    if not isinstance(file, str):
        return ""
    return hashlib.sha256(Path(file).read_bytes()).hexdigest()[:10]
