from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="report",
            name="batch",
            field=models.CharField(
                blank=True, db_index=True, max_length=32, verbose_name="批量来件"
            ),
        )
    ]
