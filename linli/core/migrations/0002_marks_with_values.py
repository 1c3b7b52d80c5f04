"""A mark has a value: the fingerprint of a key, the identity of the installation."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0001_limits_and_marks")]

    operations = [
        migrations.AddField(
            model_name="installationmark",
            name="value",
            field=models.CharField(blank=True, default="", max_length=64),
        )
    ]
