from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tasks', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='task',
            name='confidential',
            field=models.BooleanField(default=False, verbose_name='保密'),
        ),
        migrations.AddField(
            model_name='task',
            name='counted_days',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='按几个工作日算'),
        ),
    ]
