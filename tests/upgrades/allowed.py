"""What an upgrade may do to stored data beside adding to it, each by name and with its reason."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.test import override_settings

from linli.core.personal_data.crypto import open_file


@dataclass(frozen=True)
class Change:
    """Why a value differs, and whether the row as it is now still holds what the value was."""

    why: str
    fits: Callable[[Any, dict[str, Any]], bool] = lambda was, row: True


def opened(value: dict[str, str]) -> dict[str, str]:
    """Open what is sealed by now; every stored installation has the same key."""
    keys = json.loads(next(Path(__file__).parent.glob("stored/*/*/keys.json")).read_text())
    with override_settings(LINLI_FIELD_KEYS=[keys["FIELD_KEYS"]]):
        data = open_file(base64.b64decode(value["base64"]))
    return {"base64": base64.b64encode(data).decode()}


def same_figures(was: dict[str, int], row: dict[str, Any]) -> bool:
    """Are there as many rows, whatever their tables are called?"""
    return sorted(was.values()) == sorted(row["rows"].values())


def kept_or_redacted(column: str) -> Callable[[Any, dict[str, Any]], bool]:
    """Say whether the value is what it was, or gone with an act that says so."""
    return lambda was, row: row[column] == (was if row["redacted_by"] is None else type(was)())


# table as it was → table where its rows are now, under the same keys
MOVED: dict[str, str] = {
    "journal_photo": "attachments_attachment",
    "canvasses_canvass": "coverage_coverage",
    "canvasses_canvassstop": "coverage_coveragerow",
}

# table.column as it was → its column now, in the table where its rows are now
RENAMED: dict[str, str] = {
    "canvasses_canvassstop.canvass_id": "coverage_id",
    "journal_photo.picture": "content",
}

# table.column as it was → why its values differ now, or why it is gone
CHANGED_ON_PURPOSE: dict[str, Change] = {
    "journal_photo.picture": Change(
        "sealed where it lies", lambda was, row: opened(row["content"]) == was
    ),
    "retention_certificate.rows": Change("moved tables have new names", same_figures),
    "retention_deletedkey.rows": Change("moved tables have new names", same_figures),
    "journal_journalentry.before": Change("every entry is sealed anew, once"),
    "journal_journalentry.seal": Change("every entry is sealed anew, once"),
    **{
        f"journal_journalentry.{name}": Change(
            "what was said about deleted people is emptied after a restore", kept_or_redacted(name)
        )
        for name in ("text", "data", "purpose")
    },
}

# table → why an upgrade adds rows to it
GROWS = {
    "auth_permission": "Django lists the permissions of every model",
    "django_content_type": "Django lists every model",
    "core_installationmark": "whose database it is, and by which keys",
    "journal_journalentry": "one entry says that the chain was sealed anew",
}

# "app.migration: operation" → why nothing that is needed is lost
LOSES_ON_PURPOSE: dict[str, str] = {
    "journal.0006_redacted_is_empty: DeleteModel Photo": "attachments.0001 has copied every photo"
}

# Tables that nobody writes to, and those that an archive leaves out.
STAY_EMPTY = {
    "account_emailaddress": "people sign in by username",
    "account_emailconfirmation": "people sign in by username",
    "auth_group": "posts say who may, not groups",
    "auth_group_permissions": "posts say who may, not groups",
    "core_installationmark": "until 0.2 only a demonstration had a mark",
    "posts_user_groups": "posts say who may, not groups",
    "posts_user_user_permissions": "posts say who may, not permissions of Django",
}
