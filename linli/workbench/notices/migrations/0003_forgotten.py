from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notices", "0002_trials")]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="forgotten_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="清除时间"),
        )
    ]
