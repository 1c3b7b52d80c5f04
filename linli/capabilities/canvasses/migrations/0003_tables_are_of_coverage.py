"""The models are coverage's now; no table is touched."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("canvasses", "0002_rows_move_to_coverage"), ("coverage", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.DeleteModel("CanvassStop"),
                migrations.DeleteModel("Canvass"),
            ]
        )
    ]
