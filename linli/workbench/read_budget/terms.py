"""Words of the budget."""

from __future__ import annotations

# Journal kinds: they stand on the log alone.
LIST_READ = "list.read"
UNUSUAL_DAY = "read.unusual_day"
LIMIT_CHANGED = "read.limit_changed"
