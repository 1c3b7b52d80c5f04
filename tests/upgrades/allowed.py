"""What an upgrade may do to stored data beside adding to it, each by name and with its reason."""

from __future__ import annotations

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
CHANGED_ON_PURPOSE: dict[str, str] = {
    "journal_photo.picture": "sealed where it lies; the test opens it and compares its hash",
    "retention_certificate.rows": "tables that moved are called by the names they have now",
    "retention_deletedkey.rows": "tables that moved are called by the names they have now",
    "journal_journalentry.before": "every entry is sealed anew, once",
    "journal_journalentry.seal": "every entry is sealed anew, once",
}

# table → why an upgrade adds rows to it
GROWS = {
    "auth_permission": "Django lists the permissions of every model",
    "django_content_type": "Django lists every model",
    "journal_journalentry": "one entry says that the chain was sealed anew",
}

# "app.migration: operation" → why nothing that is needed is lost
LOSES_ON_PURPOSE: dict[str, str] = {
    "journal.0006_emptied_is_empty: DeleteModel Photo": "attachments.0001 has copied every photo"
}

# Tables that nobody writes to, and those that an archive leaves out.
STAY_EMPTY = {
    "account_emailaddress": "people sign in by username",
    "account_emailconfirmation": "people sign in by username",
    "auth_group": "posts say who may, not groups",
    "auth_group_permissions": "posts say who may, not groups",
    "core_installationmark": "it would make this a demonstration",
    "posts_user_groups": "posts say who may, not groups",
    "posts_user_user_permissions": "posts say who may, not permissions of Django",
}
