import django.db.models.deletion
from django.db import migrations, models

import linli.core.paths
import linli.core.scope


class Migration(migrations.Migration):
    initial = True
    dependencies = [("places", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Toy",
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
                ("name", models.CharField(max_length=40)),
                (
                    "state",
                    models.CharField(
                        choices=[("here", "在库"), ("lent", "借出")], default="here", max_length=8
                    ),
                ),
                (
                    "place",
                    linli.core.scope.ScopedForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="toys",
                        to="places.place",
                    ),
                ),
            ],
            options={
                "verbose_name": "玩具",
                "abstract": False,
                "base_manager_name": "objects",
                "default_manager_name": "objects",
            },
        )
    ]
