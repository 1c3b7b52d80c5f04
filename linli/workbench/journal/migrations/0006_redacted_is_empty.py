"""What the database decides about emptied entries; photos are attachments by now."""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [
        ("attachments", "0001_initial"),
        ("coverage", "0002_names_of_its_own"),
        ("journal", "0005_sealed_anew"),
    ]

    operations = [
        migrations.AddIndex(
            "journalentry",
            models.Index(
                fields=["redacted_by"],
                condition=Q(redacted_by__isnull=False),
                name="journal_redacted",
            ),
        ),
        migrations.AddConstraint(
            "journalentry",
            models.CheckConstraint(
                condition=Q(redacted_by__isnull=True)
                | Q(text="", purpose="", salt="", data={}, redacted_by__gt=F("seq")),
                name="journal_redacted_is_empty",
            ),
        ),
        migrations.DeleteModel("Photo"),
    ]
