"""The two tables, taken over from canvasses as they are."""

import django.db.models.deletion
import linli.core.paths
import linli.core.scope
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("canvasses", "0002_rows_move_to_coverage"),
        ("people", "0002_initial"),
        ("places", "0003_changed_at"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Coverage",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "scope_path",
                            linli.core.paths.PathField(
                                db_index=True, editable=False, max_length=160, verbose_name="范围"
                            ),
                        ),
                        ("title", models.CharField(max_length=60, verbose_name="做什么")),
                        ("why", models.CharField(max_length=200, verbose_name="依据和用途")),
                        (
                            "condition",
                            models.JSONField(blank=True, default=dict, verbose_name="哪些户"),
                        ),
                        ("opened_on", models.DateField(verbose_name="开始")),
                        ("until_on", models.DateField(verbose_name="到哪天")),
                        ("closed_on", models.DateField(blank=True, null=True, verbose_name="结束")),
                        ("topped_up_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "place",
                            linli.core.scope.ScopedForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="places.place",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "走访排查",
                        "ordering": ["-opened_on", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "default_manager_name": "objects",
                    },
                ),
                migrations.CreateModel(
                    name="CoverageRow",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "scope_path",
                            linli.core.paths.PathField(
                                db_index=True, editable=False, max_length=160, verbose_name="范围"
                            ),
                        ),
                        (
                            "result",
                            models.CharField(
                                choices=[
                                    ("waiting", "还没去"),
                                    ("reached", "已联系上"),
                                    ("refused", "不愿意"),
                                    ("absent", "没人在家"),
                                    ("moved", "已搬走"),
                                ],
                                default="waiting",
                                max_length=8,
                            ),
                        ),
                        (
                            "way",
                            models.CharField(
                                blank=True,
                                choices=[("door", "上门"), ("phone", "打电话")],
                                max_length=8,
                            ),
                        ),
                        (
                            "tries",
                            models.PositiveSmallIntegerField(default=0, verbose_name="去过几次"),
                        ),
                        (
                            "try_on",
                            models.DateField(blank=True, null=True, verbose_name="哪天再去"),
                        ),
                        (
                            "words",
                            models.CharField(blank=True, max_length=500, verbose_name="说了什么"),
                        ),
                        ("form_token", models.CharField(blank=True, max_length=40)),
                        ("changed_at", models.DateTimeField(auto_now=True, db_index=True)),
                        ("held_until", models.DateTimeField(blank=True, null=True)),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "coverage",
                            linli.core.scope.ScopedForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="rows",
                                to="coverage.coverage",
                            ),
                        ),
                        (
                            "held_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "household",
                            linli.core.scope.ScopedForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="people.household",
                            ),
                        ),
                        (
                            "place",
                            linli.core.scope.ScopedForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="places.place",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "走访的户",
                        "abstract": False,
                        "base_manager_name": "objects",
                        "default_manager_name": "objects",
                    },
                ),
            ]
        )
    ]
