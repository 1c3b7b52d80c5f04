"""Names get the spelling by which they are compared; names with old codes their search words."""

from django.db import migrations, models

from linli.core.actions import writes_allowed
from linli.core.chinese.names import name_key
from linli.core.chinese.normalise import tidy
from linli.core.chinese.pinyin import name_pinyin
from linli.core.chinese.search import index_name


BATCH = 2000


def _fill(apps, schema_editor):
    person = apps.get_model("people", "Person")
    with writes_allowed("people: the spelling names are compared by"):
        last = 0
        while rows := list(
            person._base_manager.filter(pk__gt=last)
            .order_by("pk")
            .only("name", "name_pinyin", "name_initials", "search_text")[:BATCH]
        ):
            last = rows[-1].pk
            for row in rows:
                row.name_key = name_key(row.name)
                _search_words(row)
            person._base_manager.bulk_update(
                rows, ["name_key", "name_pinyin", "name_initials", "search_text"]
            )


def _search_words(row):
    if tidy(row.name) == row.name:
        return
    reading = name_pinyin(tidy(row.name))
    row.name_pinyin, row.name_initials = reading.full[:120], reading.initials[:20]
    row.search_text = index_name(row.name)


class Migration(migrations.Migration):
    dependencies = [("people", "0003_lease_until")]

    operations = [
        migrations.AddField(
            model_name="person",
            name="name_key",
            field=models.CharField(blank=True, db_index=True, editable=False, max_length=60),
        ),
        migrations.RunPython(_fill, migrations.RunPython.noop),
    ]
