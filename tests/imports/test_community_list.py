"""A whole community's list comes in at the first try, and nothing wrong with it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from linli.register.people.models import Person
from linli.register.places.bulk import Spec, create_tree, floors_of_doors
from tests.imports.community import ESTATE, MadeList, a_community_list
from tests.imports.town import Town, a_town, brought, fates, imported, said
from tests.scope.world import by_the_system

pytestmark = [pytest.mark.django_db]
ENOUGH = 0.97


@pytest.fixture
def town() -> Iterator[Town]:
    made = a_town()
    with by_the_system():
        doors = floors_of_doors(17, 4)
        buildings = [
            Spec("building", f"{n}幢", [Spec("entrance", f"{u}单元", doors) for u in (1, 2)])
            for n in (1, 2, 3)
        ]
        create_tree(parent=made.community, specs=[Spec("estate", ESTATE, buildings)], by=None)
    with made.at_work():
        yield made


def measured(town: Town, listed: MadeList) -> tuple[float, list[str]]:
    """Import the list with nothing ticked; return the part that came in, and every wrong fact."""
    # As the page has it when nobody touches it.
    batch = brought(town, listed.data, fill_down=True)
    came = fates(batch)
    not_in = {row: said(batch, row) for row in listed.right if came.get(row) != "new"}
    assert not set(came) - set(listed.right) - listed.wrong, "sums and headings are nobody"
    assert all(came[row] == "refused" for row in listed.wrong)
    imported(town, batch)
    people = {person.identity_number: person for person in Person.objects.select_related("home")}
    faults = []
    for row, right in listed.right.items():
        person = people.pop(right["identity_number"], None)
        if person is None:
            continue
        for key, value in right.items():
            known = getattr(person, key)
            known = known.isoformat() if hasattr(known, "isoformat") else known
            if (known or "") != (value or "") and not (key == "low_income" and known is value):
                faults.append(f"{row} {key}: {known!r} instead of {value!r}")
        if person.home.address != listed.homes[row]:
            faults.append(f"{row} home: {person.home.address}")
    faults += [f"nobody of the list: {person.name}" for person in people.values()]
    print(f"{len(listed.right) - len(not_in)} of {len(listed.right)}", not_in)
    return 1 - len(not_in) / len(listed.right), faults


@pytest.mark.parametrize(
    "people", [150, pytest.param(800, marks=pytest.mark.nightly, id="nightly-800")]
)
def test_a_list_of_a_community_comes_in_whole(town: Town, people: int) -> None:
    part, faults = measured(town, a_community_list(people))
    assert faults == []
    assert part >= ENOUGH


def test_the_measure_sees_a_wrong_fact(town: Town) -> None:
    """The negative control."""
    listed = a_community_list(30)
    row = min(listed.right)
    listed.right[row]["education"] = "doctor"
    assert [fault for fault in measured(town, listed)[1] if "education" in fault]
