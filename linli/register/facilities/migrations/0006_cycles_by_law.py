"""Lifts and the like that have a day of inspection and no cycle get the cycle of their kind."""

from django.db import migrations

from linli.core.actions import writes_allowed
from linli.register.facilities.rules import months_of_kind


def _fill(apps, schema_editor):
    facility, duty = (apps.get_model("facilities", name) for name in ("Facility", "Duty"))
    inspected = duty._base_manager.filter(ended=False, kind="inspection").values("facility")
    bare = facility._base_manager.filter(next_inspection_on__isnull=False, ended_on__isnull=True)
    with writes_allowed("facilities: the cycle that the law gives a kind"):
        for one in bare.exclude(pk__in=inspected).order_by("pk").iterator(chunk_size=500):
            if months := months_of_kind(kind=one.kind):
                day = one.next_inspection_on
                duty._base_manager.create(
                    facility=one,
                    kind="inspection",
                    name=_free_name(duty, one),
                    months=months,
                    anchor_on=day,
                    due_on=day,
                    scope_path=one.scope_path,
                )
                one.next_duty_on = min(day, one.next_duty_on or day)
                one.save()


def _free_name(duty, facility):
    taken = duty._base_manager.filter(facility=facility, name="检验", ended=False).exists()
    return "法定检验" if taken else "检验"


class Migration(migrations.Migration):
    dependencies = [("facilities", "0005_papers")]

    operations = [migrations.RunPython(_fill, migrations.RunPython.noop)]
