"""A task says whether it is a danger, and since when."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tasks", "0003_chosen_and_excluded")]

    operations = [
        migrations.AddField(
            model_name="task",
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
            model_name="task",
            name="danger_since",
            field=models.DateTimeField(blank=True, null=True, verbose_name="危险从何时起"),
        ),
    ]
