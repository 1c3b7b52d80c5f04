"""The register without its keys: what two registers must agree in to be the same."""

from __future__ import annotations

from typing import Any

from linli.core.scope import system_scope
from linli.register.people.models import FactStamp, Household, Person, Residence
from linli.register.places.models import Dwelling, Place
from linli.workbench.conditions.models import OwnFieldValue

KEYS = ("id", "changed_at", "home_id", "household_id", "search_text")
FACTS = [str(c.attname) for c in Person._meta.concrete_fields if c.attname not in KEYS]


def register_rows() -> dict[str, list[tuple[Any, ...]]]:
    """Every fact, stamp, stay, household, dwelling and place, named and in order."""
    with system_scope("compare two registers"):
        members: dict[int, list[str]] = {}
        for name, household in Person.objects.values_list("name", "household"):
            members.setdefault(household, []).append(name)
        households = Household.objects.values_list(
            "pk",
            "dwelling__address",
            "head__name",
            "size",
            "oldest_birth_date",
            "youngest_birth_date",
            "ended_on",
            "number",
            "source",
            "confirmed_on",
            "scope_path",
        )
        rows = {
            "people": Person.objects.values_list(*FACTS, "home__address", "household__head__name"),
            "stamps": FactStamp.objects.values_list(
                "person__name", "field", "source", "confirmed_on", "scope_path"
            ),
            "stays": Residence.objects.values_list(
                "person__name",
                "dwelling__address",
                "tenure",
                "registered",
                "is_home",
                "from_date",
                "to_date",
                "scope_path",
            ),
            "households": [
                (*row[1:], tuple(sorted(members.get(row[0], ())))) for row in households
            ],
            "dwellings": Dwelling.objects.values_list(
                "place__address", "resident_count", "household_count", "area", "usage"
            ),
            "places": Place.objects.values_list("path", "name", "source", "confirmed_on"),
            "own": OwnFieldValue.objects.values_list("person__name", "text", "confirmed_on"),
        }
        return {name: sorted(map(tuple, found), key=repr) for name, found in rows.items()}
