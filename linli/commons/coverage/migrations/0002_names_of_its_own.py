"""Index and constraints, under names of coverage's own; what points at a canvass follows."""

from typing import Any

from django.db import migrations, models
from django.db.models import Q

from linli.core.actions import writes_allowed


def point_at_coverage(apps: Any, schema_editor: Any) -> None:
    """Let every pointer to any record say where the record is now."""
    _point(apps, "canvasses.canvass", "coverage.coverage")


def point_at_canvasses(apps: Any, schema_editor: Any) -> None:
    """Take that back."""
    _point(apps, "coverage.coverage", "canvasses.canvass")


def _point(apps: Any, then: str, now: str) -> None:
    with writes_allowed("pointers follow the table that moved"):
        # Only the journal ever pointed at a canvass.
        for name in ("JournalEntry", "Mention"):
            rows = apps.get_model("journal", name).objects.filter(subject_kind=then)
            rows.update(subject_kind=now)


class Migration(migrations.Migration):
    dependencies = [
        ("coverage", "0001_initial"),
        # Entries of the journal are sealed by keys of their own by then.
        ("journal", "0005_sealed_anew"),
        ("attachments", "0001_initial"),
    ]

    operations = [
        migrations.AddIndex(
            "coveragerow", models.Index(fields=["coverage", "result"], name="coverage_row_result")
        ),
        migrations.AddConstraint(
            "coveragerow",
            models.UniqueConstraint(
                fields=["coverage", "household"],
                condition=Q(household__isnull=False),
                name="coverage_household_once",
            ),
        ),
        migrations.AddConstraint(
            "coveragerow",
            models.UniqueConstraint(
                fields=["coverage", "place"],
                condition=Q(household__isnull=True),
                name="coverage_empty_door_once",
            ),
        ),
        migrations.RunPython(point_at_coverage, point_at_canvasses),
    ]
