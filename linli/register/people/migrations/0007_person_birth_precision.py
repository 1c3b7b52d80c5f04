from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0006_household_awaits_head")]

    operations = [
        migrations.AddField(
            model_name="person",
            name="birth_precision",
            field=models.CharField(blank=True, default="", editable=False, max_length=5),
        )
    ]
