"""What threatens somebody's life is said of cases and categories; two shipped ones are dangers."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from linli.core.actions import writes_allowed
from linli.core.scope import system_scope

SHIPPED = {"010302": "trapped", "030401": "gas"}


def mark(apps: Any, schema_editor: Any) -> None:
    """Mark the shipped categories; cases that are there keep what they were."""
    category = apps.get_model("cases", "Category")
    with writes_allowed("two shipped categories are dangers"), system_scope("every subdistrict"):
        for code, danger in SHIPPED.items():
            category.objects.filter(code=code).update(danger=danger)


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0002_batches"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="danger",
            field=models.CharField(
                blank=True,
                choices=[
                    ("trapped", "困人"),
                    ("gas", "燃气"),
                    ("fire", "火情"),
                    ("life", "人身危险"),
                ],
                max_length=8,
                verbose_name="危险",
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="danger_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="说是不是危险的人",
            ),
        ),
        migrations.AddField(
            model_name="category",
            name="danger",
            field=models.CharField(
                blank=True,
                choices=[
                    ("trapped", "困人"),
                    ("gas", "燃气"),
                    ("fire", "火情"),
                    ("life", "人身危险"),
                ],
                max_length=8,
                verbose_name="危险",
            ),
        ),
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]
