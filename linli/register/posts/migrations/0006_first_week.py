"""What somebody has opened of the first week's steps; nobody from before is led through them."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("posts", "0005_session_marks")]

    operations = [
        migrations.AddField(
            model_name="user", name="first_week", field=models.JSONField(editable=False, null=True)
        )
    ]
