"""Attachments; the photos of the journal are the first."""

from typing import Any

import django.db.models.deletion
import linli.core.paths
from django.conf import settings
from django.core.management.color import no_style
from django.db import migrations, models

from linli.core.actions import writes_allowed
from linli.core.database import raw_sql
from linli.core.personal_data.crypto import keyring, open_file


AT_ONCE = 50  # photos, of some 250 kB each


def take_photos_over(apps: Any, schema_editor: Any) -> None:
    """Seal every photo of the journal as an attachment of the same key: entries name them by it."""
    photos = apps.get_model("journal", "Photo").objects.order_by("pk")
    attachments, last = apps.get_model("attachments", "Attachment"), 0
    while rows := list(photos.filter(pk__gt=last)[:AT_ONCE]):
        with writes_allowed("photos become attachments"):
            attachments.objects.bulk_create([_taken_over(attachments, row) for row in rows])
        last = rows[-1].pk
    for sql in schema_editor.connection.ops.sequence_reset_sql(no_style(), [attachments]):
        raw_sql.run(sql, reason="count on after the photos taken over")


def _taken_over(attachments: Any, photo: Any) -> Any:
    same = {name: getattr(photo, name) for name in SAME}
    return attachments(kind="image", content=keyring().encrypt(bytes(photo.picture)), **same)


def give_photos_back(apps: Any, schema_editor: Any) -> None:
    """Open the pictures again for the table of photos, which an older version has."""
    photos = apps.get_model("journal", "Photo")
    for row in apps.get_model("attachments", "Attachment").objects.filter(kind="image").iterator():
        same = {name: getattr(row, name) for name in SAME}
        with writes_allowed("attachments become photos again"):
            photos.objects.create(picture=open_file(row.content), **same)


SAME = (
    "id",
    "scope_path",
    "subject_kind",
    "subject_id",
    "sha256",
    "width",
    "height",
    "latitude",
    "longitude",
    "by_id",
    "at",
)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("journal", "0003_mentions_and_photos"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Attachment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "scope_path",
                    linli.core.paths.PathField(
                        db_index=True, editable=False, max_length=160, verbose_name="范围"
                    ),
                ),
                ("subject_kind", models.CharField(max_length=40, verbose_name="对象类别")),
                ("subject_id", models.BigIntegerField(verbose_name="对象")),
                (
                    "kind",
                    models.CharField(
                        choices=[("image", "照片"), ("pdf", "PDF"), ("ofd", "OFD"), ("xml", "XML")],
                        default="image",
                        max_length=8,
                        verbose_name="类别",
                    ),
                ),
                ("content", models.BinaryField(verbose_name="内容")),
                ("sha256", models.CharField(db_index=True, max_length=64)),
                ("width", models.PositiveIntegerField(blank=True, null=True, verbose_name="宽")),
                ("height", models.PositiveIntegerField(blank=True, null=True, verbose_name="高")),
                ("latitude", models.FloatField(blank=True, null=True)),
                ("longitude", models.FloatField(blank=True, null=True)),
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="谁",
                    ),
                ),
            ],
            options={
                "verbose_name": "照片和附件",
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["subject_kind", "subject_id"], name="attachment_subject")
                ],
            },
        ),
        migrations.RunPython(take_photos_over, give_photos_back),
    ]
