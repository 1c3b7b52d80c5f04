"""三号楼 and 3号商铺 are compared as 3幢 and 商铺3: the keys of such addresses are made anew."""

from typing import Any

from django.db import migrations
from django.db.models import Q

from linli.core.actions import writes_allowed
from linli.core.scope import system_scope
from linli.register.places.signs import SHOPS, address_key

SPELLED_ANEW = [*"零〇一二两三四五六七八九十百", *SHOPS.split("|")]


def spell(apps: Any, schema_editor: Any) -> None:
    """Write the key of every address that is compared otherwise now."""
    place = apps.get_model("places", "Place")
    asked = Q()
    for word in SPELLED_ANEW:
        asked |= Q(address__contains=word)
    with writes_allowed("keys of addresses are spelled anew"), system_scope("every address"):
        for row in place.objects.filter(asked).only("address", "address_key").iterator():
            key = address_key(row.address)[:200]
            if key != row.address_key:
                place.objects.filter(pk=row.pk).update(address_key=key)


class Migration(migrations.Migration):
    dependencies = [("places", "0003_changed_at")]

    # The way back keeps the new keys: the old ones could be found by nobody.
    operations = [migrations.RunPython(spell, migrations.RunPython.noop)]
