"""All real blanks, filled for forty people three times: no value stands with somebody else's."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from docx import Document

from linli.capabilities.form_filling import actions
from linli.capabilities.form_filling.reading.blocks import TABLE, W, blocks, words_of
from linli.capabilities.form_filling.tests.builders import confirmed_as_read
from linli.capabilities.form_filling.tests.judged import KEY, REAL
from linli.core.errors import Refused
from linli.core.personal_data.identity import make_identity_number
from linli.workbench.conditions import queries
from tests.people import Subdistrict, a_person, a_subdistrict, a_user, working_as

pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason="not part of the source")
GROUPS = ("残疾人", "退役军人", "志愿者")
FACTS = ({"disability_kind": "4"}, {"veteran": True}, {"volunteer": True})
SURNAMES, GIVEN = "赵钱孙李周吴郑王冯陈", "安邦昌达恩丰光浩吉康乐明"
# The register's own words in a filled file: a name by itself, a number of somebody.
NUMBERS = re.compile(r"\d{17}[\dX]|1[3-9]\d{9}")


class Neighbourhood:
    """A hundred and twenty people, ten to a door; each third of them answers to one question."""

    def __init__(self, town: Subdistrict, each: int) -> None:
        self.town, self.whose, self.group = town, dict[str, str](), dict[str, int]()
        self.worker = a_user("worker", "community_worker", town.community)
        doors = [town.home(building, door) for building in "12" for door in ("101", "102", "201")]
        for number in range(3 * each):
            name = SURNAMES[number % 10] + GIVEN[number // 10] + "福"
            birth = date(1930 + number % 60, 1 + number % 12, 1 + number % 28)
            identity, phone = make_identity_number("999001", birth, number), f"139{number:08d}"
            a_person(
                doors[number % len(doors)],
                name,
                birth_date=birth,
                identity_number=identity,
                phone=phone,
                sex=str(1 + number % 2),
                ethnicity="汉族",
                education="senior",
                workplace=f"单位{number}",
                **FACTS[number % 3],
            )
            self.group[name] = number % 3
            self.whose |= {name: name, identity: name, phone: name}

    def people_in(self, text: str) -> set[str]:
        """Return who is named or numbered in a text."""
        words = {*re.split(r"[\s：:，,。_（）()、]+", text), *NUMBERS.findall(text)}
        return {self.whose[word] for word in words if word in self.whose}


def pieces(data: bytes) -> Iterator[list[str]]:
    """Yield the texts of each row and of each paragraph of a filled file."""
    for block in blocks(Document(io.BytesIO(data)).element.body):
        if block.tag == TABLE:
            for row in block.tr_lst:
                yield ["".join(one.text or "" for one in cell.iter(f"{W}t")) for cell in row.tc_lst]
        else:
            yield [words_of(block)]


def filled(here: Neighbourhood, path: Path, asks: str) -> tuple[list[bytes], bool]:
    """Return the files a form makes for a question, and whether each is one person's."""
    form_instance = actions.upload_form(
        data=path.read_bytes(), name=path.name, place=here.town.community, by=here.worker
    )
    condition = queries.condition_json(queries.ask(asks).condition)
    if form_instance.subject != "person":
        condition = None
    said = confirmed_as_read(form_instance, condition=condition)
    actions.confirm_form(form_instance=form_instance, by=here.worker, **said)
    made = actions.take_filled(form_instance=form_instance, by=here.worker)
    if not made.name.endswith(".zip"):
        return [made.data], False
    with zipfile.ZipFile(io.BytesIO(made.data)) as bundle:
        return [bundle.read(name) for name in bundle.namelist()], True


def look_at(here: Neighbourhood, path: Path, number: int) -> int:
    """Fill one blank for one group; return how many rows and cards named somebody."""
    try:
        files, is_card = filled(here, path, GROUPS[number])
    except Refused as refused:
        if refused.code != "form_filling.no_heading":  # a picture only
            raise
        return 0
    found = 0
    for data in files:
        rows = [here.people_in(" ".join(texts)) for texts in pieces(data)]
        assert all(len(people) <= 1 for people in rows), path.name
        everybody = set().union(*rows)
        assert all(here.group[name] == number for name in everybody), path.name
        assert not is_card or len(everybody) <= 1, path.name
        found += sum(map(bool, rows))
    return found


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("each", "names"),
    [
        (4, ["warningnetworker", "cjrmd", "sqgzzmd", "abroadstudent"]),
        pytest.param(40, sorted(KEY), marks=pytest.mark.nightly),
    ],
    ids=["a few", "all"],
)
def test_no_real_blank_carries_another_resident(each: int, names: list[str]) -> None:
    here = Neighbourhood(a_subdistrict(), each)
    found = 0
    with working_as("community_worker", here.town.community.path):
        for name in names:
            for number in range(3):
                found += look_at(here, REAL / f"{name}.docx", number)
    assert found >= 3 * each  # it would be easy to carry nobody by filling nothing
