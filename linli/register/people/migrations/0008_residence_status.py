from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0007_person_birth_precision")]

    operations = [
        migrations.AddField(
            model_name="person",
            name="residence_status",
            field=models.CharField(
                blank=True,
                choices=[
                    ("together", "人户一致"),
                    ("hukou_only", "户在人不在"),
                    ("living_only", "人在户不在"),
                    ("empty_hukou", "空挂户"),
                ],
                max_length=16,
                verbose_name="人户状态",
            ),
        )
    ]
