"""The register as matching sees it: blind indexes for equality, numbers opened only when asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from linli.capabilities.record_linkage.matching import LinkageEntry
from linli.capabilities.record_linkage.matching.entries import born_or_part, sound_of
from linli.core.batches import in_batches
from linli.core.chinese.names import name_key
from linli.core.personal_data.unreadable import opened_only
from linli.core.time import with_precision
from linli.register.people.models import Person
from linli.register.people.terms import PersonStatus
from linli.register.places.terms import PlaceKind
from linli.workbench.imports.addresses import Tree

COLUMNS = (
    "pk",
    "name",
    "name_key",
    "name_pinyin",
    "birth_date",
    "birth_precision",
    "sex",
    "identity_index",
    "phone_index",
    "phone_tail_index",
    "home_id",
)


def everybody(tree: Tree) -> Iterator[LinkageEntry]:
    """Yield the people of the active scope; who lives here comes last and wins an equal number."""
    current = Person.objects.filter(status=PersonStatus.CURRENT)
    gone = Person.objects.exclude(status=PersonStatus.CURRENT)
    # Those who are gone are matched too: a row about one is set aside, not added as somebody new.
    for rows in (gone, current):
        for row in rows.values_list(*COLUMNS).iterator(chunk_size=5000):
            pk, name, key, pinyin, born, precision, sex, number, phone, tail, home = row
            building, estate = around(tree, home)
            yield LinkageEntry(
                pk,
                key or name_key(name),
                sound_of(name, pinyin),
                *born_or_part(with_precision(born, precision)),
                sex,
                number,
                phone,
                tail,
                home or 0,
                building,
                estate,
            )


def around(tree: Tree, door: int | None) -> tuple[int, int]:
    """Return building and estate of a door."""
    above = tree.above(door) if door else {}
    estate = above.get(PlaceKind.ESTATE) or above.get(PlaceKind.COMMUNITY)
    return above.get(PlaceKind.BUILDING, 0), estate or 0


def decrypt_entries(keys: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Open number and phone of a few people, to see whether a digit was copied wrong."""
    opened: dict[int, tuple[str, str]] = {}
    for batch in in_batches(keys):
        rows = Person.objects.filter(pk__in=batch).values_list("pk", "identity_number", "phone")
        opened |= {pk: (opened_only(number), opened_only(phone)) for pk, number, phone in rows}
    return opened


Progress = Callable[[int, int], None]
