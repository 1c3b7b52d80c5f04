"""Columns for a seal that covers a salted hash of the words and the record's own key."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journal", "0003_mentions_and_photos")]

    operations = [
        migrations.AddField(
            "journalentry", "record", models.CharField(blank=True, default="", max_length=80), False
        ),
        migrations.AddField(
            "journalentry", "salt", models.CharField(blank=True, default="", max_length=32), False
        ),
        migrations.AddField(
            "journalentry", "content_hash", models.CharField(default="", max_length=64), False
        ),
        migrations.AddField(
            "journalentry",
            "redacted_by",
            models.BigIntegerField(blank=True, null=True, verbose_name="清空它的一条"),
        ),
    ]
