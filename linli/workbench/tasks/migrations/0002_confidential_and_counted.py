from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tasks", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="task",
            name="confidential",
            field=models.BooleanField(default=False, verbose_name="保密"),
        ),
        migrations.AddField(
            model_name="task",
            name="counted_days",
            field=models.PositiveSmallIntegerField(
                blank=True, null=True, verbose_name="按几个工作日算"
            ),
        ),
        migrations.AddField(
            model_name="task",
            name="missing_role",
            field=models.CharField(
                blank=True,
                choices=[
                    ("subdistrict_officer", "街道干部"),
                    ("secretary", "社区书记"),
                    ("community_worker", "社区工作者"),
                    ("grid_worker", "网格员"),
                    ("micro_grid_lead", "微网格长"),
                    ("property_manager", "物业经理"),
                    ("auditor", "审计员"),
                ],
                max_length=24,
                verbose_name="空着的岗位",
            ),
        ),
    ]
