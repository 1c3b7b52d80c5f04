"""What was there before a spreadsheet was applied, sealed until it is taken back or forgotten."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from linli.core.personal_data.crypto import decrypt, encrypt, open_json
from linli.register.people.models import FactStamp, Household, Person, Residence
from linli.register.people.provenance import Stamp

OF_A_MOVE = (
    "home_id",
    "household_id",
    "scope_path",
    "tenure",
    "lives_since",
    "lease_until",
    "relation_to_head",
    "status",
    "status_since",
)


@dataclass
class Memory:
    """Who was made and what was changed; ``households`` and ``dwellings`` are to be counted."""

    moment: datetime
    created: list[int] = field(default_factory=list)
    formed: list[int] = field(default_factory=list)
    before: dict[int, dict[str, Any]] = field(default_factory=dict)
    stamps: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    stays: dict[int, int | None] = field(default_factory=dict)
    heads: dict[int, dict[str, Any]] = field(default_factory=dict)
    households: set[int | None] = field(default_factory=set)
    dwellings: set[int] = field(default_factory=set)

    def remember(self, person: Person, columns: Sequence[str], stamps: Sequence[FactStamp]) -> None:
        """Keep the columns that may change, and where the facts came from."""
        self.before[person.pk] = {name: getattr(person, name) for name in columns}
        self.stamps[person.pk] = [
            {"field": row.field, **vars(Stamp(row.source, row.confirmed_on, row.confirmed_by_id))}
            for row in stamps
        ]

    def remember_move(self, person: Person, closed: Residence | None) -> None:
        """Keep where somebody lived, and the stay that was closed."""
        # The row's facts have been set since: what was remembered before that wins.
        earlier = {name: getattr(person, name) for name in OF_A_MOVE}
        self.before[person.pk] = {**earlier, **self.before[person.pk]}
        self.stays[person.pk] = closed.pk if closed else None

    def remember_head(self, household: Household | None) -> None:
        """Keep who headed a household that somebody leaves, and what the members were to them."""
        if household is None or household.pk in self.heads:
            return
        members = Person.objects.filter(household=household).values_list("pk", "relation_to_head")
        self.heads[household.pk] = {"head": household.head_id, "relations": dict(members)}

    def sealed(self) -> str:
        """Return it all as sealed text: it holds numbers and addresses."""
        content = {
            "moment": self.moment.isoformat(),
            "created": self.created,
            "formed": self.formed,
            "before": self.before,
            "stamps": self.stamps,
            "stays": self.stays,
            "heads": self.heads,
        }
        return encrypt(json.dumps(content, cls=DjangoJSONEncoder, ensure_ascii=False))


def read_memory(text: str) -> Memory:
    """Read sealed text back; keys of JSON are texts and become numbers again."""
    content = open_json(decrypt(text))
    return Memory(
        moment=datetime.fromisoformat(content["moment"]),
        created=content["created"],
        formed=content["formed"],
        before={int(key): _columns(value) for key, value in content["before"].items()},
        stamps={int(key): value for key, value in content["stamps"].items()},
        stays={int(key): value for key, value in content["stays"].items()},
        heads={int(key): value for key, value in content.get("heads", {}).items()},
    )


def _columns(value: dict[str, Any]) -> dict[str, Any]:
    columns = {}
    for name, stored in value.items():
        column: Any = Person._meta.get_field(name.removesuffix("_id"))
        columns[name] = stored if name.endswith("_id") else column.to_python(stored)
    return columns
