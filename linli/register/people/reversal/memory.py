"""What a change did, row by row: sealed until it is taken back or forgotten."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from linli.core.personal_data.crypto import encrypt

VERSION = 2
Row = dict[str, Any]  # columns of one row, as JSON keeps them
Change = dict[str, list[Any]]  # column: [before, after]
Stamps = dict[str, list[Row | None]]  # fact: [stamp before, stamp after]


@dataclass
class Memory:
    """Who was made and what was changed, each with what was there before and after.

    ``created`` keeps a digest of each new record over ``columns``: what the record says now can be
    compared with it without keeping the record twice.
    """

    moment: datetime
    columns: list[str] = field(default_factory=list)
    created: dict[int, str] = field(default_factory=dict)
    people: dict[int, Change] = field(default_factory=dict)
    stamps: dict[int, Stamps] = field(default_factory=dict)
    stays_made: dict[int, Row] = field(default_factory=dict)
    stays: dict[int, Change] = field(default_factory=dict)
    households_made: list[int] = field(default_factory=list)
    households: dict[int, Change] = field(default_factory=dict)
    dwellings: list[int] = field(default_factory=list)

    def written(self) -> dict[str, list[str]]:
        """Name what was written, by record: facts of people, and doors behind which they live."""
        names = {f"person:{key}": ["*"] for key in self.created}
        for key in self.people.keys() | self.stamps.keys():
            facts = self.people.get(key, {}).keys() | self.stamps.get(key, {}).keys()
            names[f"person:{key}"] = sorted(facts)
        return names | {f"door:{key}": ["*"] for key in self.dwellings}

    def rows_going(self) -> dict[str, set[int]]:
        """Return by model which rows go, or go elsewhere, when the change is taken back."""
        moved = {key for key, change in self.people.items() if "home_id" in change}
        return {
            "people.Person": {*self.created, *moved},
            "people.Household": set(self.households_made),
            "people.Residence": set(self.stays_made),
        }

    def sealed(self) -> str:
        """Return it all as sealed text: it holds numbers and addresses."""
        content = {**asdict(self), "version": VERSION}
        return encrypt(json.dumps(content, cls=DjangoJSONEncoder, ensure_ascii=False))
