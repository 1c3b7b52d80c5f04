"""When a task was last reminded of: once a day is enough."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tasks", "0004_dangers")]

    operations = [
        migrations.AddField(
            model_name="task",
            name="reminded_on",
            field=models.DateField(blank=True, null=True, verbose_name="上次催办"),
        )
    ]
