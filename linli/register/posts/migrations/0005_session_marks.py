"""A mark of its own for the sessions of each user: the password's hash is read only to check it."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

import linli.core.database.withheld_columns
import linli.register.posts.models


def one_mark_for_each(apps: Any, schema_editor: Any) -> None:
    """A column that is added gets one default for all rows."""
    for user in apps.get_model("posts", "User").objects.only("pk"):
        user.session_mark = linli.register.posts.models.new_session_mark()
        user.save(update_fields=["session_mark"])


class Migration(migrations.Migration):
    dependencies = [("posts", "0004_second_factor_resets")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="session_mark",
            field=models.CharField(
                default=linli.register.posts.models.new_session_mark, editable=False, max_length=32
            ),
        ),
        migrations.RunPython(one_mark_for_each, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="user",
            name="password",
            field=linli.core.database.withheld_columns.WithheldCharField(
                max_length=128, verbose_name="密码"
            ),
        ),
    ]
