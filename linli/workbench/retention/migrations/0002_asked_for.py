"""Deletion somebody asked for; certificates call tables by the names they have now."""

from typing import Any

from django.db import migrations, models

from linli.core.actions import writes_allowed

MOVED = {"journal.Photo": "attachments.Attachment", "canvasses.CanvassStop": "coverage.CoverageRow"}


def name_moved_tables(apps: Any, schema_editor: Any) -> None:
    """Count rows that were deleted from tables that moved under the tables' new names."""
    for name in ("Certificate", "DeletedKey"):
        for row in apps.get_model("retention", name).objects.all():
            rows = {MOVED.get(label, label): number for label, number in row.rows.items()}
            if rows != row.rows:
                row.rows = rows
                with writes_allowed("certificates follow the tables that moved"):
                    row.save(update_fields=["rows"])


class Migration(migrations.Migration):
    dependencies = [("retention", "0001_initial")]

    operations = [
        migrations.AddField(
            "dueperson",
            "asked_on",
            models.DateField(blank=True, null=True, verbose_name="本人要求删除的日期"),
        ),
        migrations.RunPython(name_moved_tables, migrations.RunPython.noop),
    ]
