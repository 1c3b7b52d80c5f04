"""A community whose home 殷家花苑1幢1单元101室 the lists of people who met a fault speak of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from linli.register.places.bulk import Spec, create_tree, floors_of_doors
from linli.register.places.models import Place
from linli.register.posts.models import User
from linli.workbench.imports.models import Batch
from tests.imports import files
from tests.imports.town import Town, brought, doubted, said, told
from tests.scope.world import OURS, TOWN, a_place, by_the_system

FOUND = Path(__file__).resolve().parents[3] / "shared" / "data" / "found"
HOME = "殷家花苑1幢1单元101室"


def a_found_town() -> Town:
    """殷家社区 with one estate of two buildings of one entrance each."""
    with by_the_system():
        user = User.objects.create(username="wang", name="王书记")
        town = a_place("subdistrict", "潘火街道", TOWN, None)
        ours = a_place("community", "殷家社区", OURS, town)
        doors = floors_of_doors(3, 4)
        buildings = [Spec("building", f"{n}幢", [Spec("entrance", "1单元", doors)]) for n in (1, 2)]
        made = create_tree(parent=ours, specs=[Spec("estate", "殷家花苑", buildings)], by=None)
        places: list[Place] = [place for _spec, place in made.places]
    return Town(user, ours, places[0], {place.address: place for place in places})


def found(town: Town, name: str, **options: Any) -> Batch:
    """Bring one of the files that failed, as it is."""
    return brought(town, (FOUND / name).read_bytes(), name, **options)


def made(town: Town, rows: list[list[Any]], **options: Any) -> Batch:
    """Bring a list of our own of the same shape."""
    return brought(town, files.xlsx(rows), **options)


def outcome(batch: Batch) -> dict[str, dict[str, Any]]:
    """What becomes of every row, by the name it bears."""
    outcomes = {}
    for row in batch.rows.order_by("number"):
        kept = told(batch, row.number)
        outcomes[kept["name"]] = {
            "fate": row.fate,
            "facts": kept["facts"],
            "place_id": kept["place_id"],
            "doubts": doubted(batch, row.number),
            "why": said(batch, row.number),
        }
    return outcomes


__all__ = ["FOUND", "HOME", "a_found_town", "found", "made", "outcome"]
