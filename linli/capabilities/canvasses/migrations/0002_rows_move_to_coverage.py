"""The tables of canvasses become those of coverage, every row as it is."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("canvasses", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            # Constraints and index name the column that is renamed: coverage makes them anew.
            database_operations=[
                migrations.RemoveConstraint("CanvassStop", "stop_household_once"),
                migrations.RemoveConstraint("CanvassStop", "stop_empty_door_once"),
                migrations.RemoveIndex("CanvassStop", "stop_canvass_result"),
                migrations.RenameField("CanvassStop", "canvass", "coverage"),
                migrations.AlterModelTable("Canvass", "coverage_coverage"),
                migrations.AlterModelTable("CanvassStop", "coverage_coveragerow"),
            ]
        )
    ]
