"""What a row of a list says, with the remarks, marks and damage that lists have."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client

from linli.capabilities.record_linkage.list_entries import ListEntry, listed
from linli.capabilities.record_linkage.tests.builders import (
    NUMBER,
    OLD_PHONE,
    Here,
    a_neighbourhood,
    matched,
    row,
)
from linli.core.chinese.names import name_key
from linli.core.fields import PERSON
from linli.core.scope import use_scope
from linli.register.people.normalise import phone_index
from linli.workbench.imports.addresses import Tree
from linli.workbench.imports.column_recognition import words_of
from linli.workbench.imports.encrypted_rows import decode_row
from linli.workbench.imports.parsed_row import FactColumns
from linli.workbench.imports.reading import SheetRow

pytestmark = pytest.mark.django_db
COLUMNS = ("name", "sex", "identity_number", "birth_date", "phone", "address")


@pytest.fixture
def here() -> Iterator[Here]:
    """The neighbourhood, with its worker at work."""
    made = a_neighbourhood()
    with use_scope(made.scope):
        yield made


def read(**cells: Any) -> ListEntry:
    """Return one row of a list as it is understood."""
    columns = FactColumns({key: at for at, key in enumerate(COLUMNS)}, words_of(PERSON).targets)
    sheet_row = SheetRow(2, tuple(cells.get(key) for key in COLUMNS))
    return listed([sheet_row], columns, Tree(), lambda done, of: None)[0]


@pytest.mark.parametrize(
    ("written", "key", "offered"),
    [
        ("虞阿香", "虞阿香", "虞阿香"),
        ("虞阿香(户主)", "虞阿香", "虞阿香"),
        ("虞阿香（户主）", "虞阿香", "虞阿香"),
        ("虞阿香先生", "虞阿香", "虞阿香"),
        ("虞\u200b阿\u00ad香\u2060", "虞阿香", "虞阿香"),
        ("虞　阿　香", "虞阿香", "虞阿香"),
        ("虞?香", "虞?香", None),
        ("虞□香", "虞?香", None),
        ("钱七、孙八", "", None),
        ("蒋七之妻", "", None),
        ("空户", "", None),
    ],
)
def test_a_name_is_taken_without_what_stands_beside_it(
    here: Here, written: str, key: str, offered: str | None
) -> None:
    entry = read(name=written, birth_date="1941-03-05")
    assert (entry.entry.name, entry.facts.get("name")) == (key, offered)
    # Whatever is not offered as it is written is said.
    assert bool(entry.doubts) == (name_key(written) != name_key(offered or ""))


def test_one_name_with_and_without_dots_is_one(here: Here) -> None:
    dotted, other = read(name="阿依古丽·买买提"), read(name="阿依古丽.买买提")
    assert dotted.entry.name == other.entry.name == "阿依古丽买买提"
    assert dotted.entry.sound == other.entry.sound


@pytest.mark.parametrize(
    ("written", "kept", "born", "part"),
    [
        (NUMBER[:15] + "000", NUMBER[:15] + "***", date(1941, 3, 5), ""),
        (f"'{NUMBER[:15]}000", NUMBER[:15] + "***", date(1941, 3, 5), ""),
        (float(NUMBER), NUMBER[:14] + "****", date(1941, 3, 5), ""),
        ("9.90000194103050E+17", NUMBER[:15] + "***", date(1941, 3, 5), ""),
        ("9.90000194103E+17", NUMBER[:12] + "******", None, "1941-03"),
        (NUMBER[:14] + "XXXX", NUMBER[:14] + "****", date(1941, 3, 5), ""),
        ("**************" + NUMBER[14:], "*" * 14 + NUMBER[14:], None, ""),
        (NUMBER[:6] + "xxxxxxxx" + NUMBER[14:], NUMBER[:6] + "*" * 8 + NUMBER[14:], None, ""),
        # A digit is wrong: the day may be it.
        (NUMBER[:16] + "5" + NUMBER[17], NUMBER[:16] + "5" + NUMBER[17], None, "1941-03"),
        (NUMBER, "", date(1941, 3, 5), ""),
    ],
)
def test_what_is_left_of_a_number_is_kept(
    here: Here, written: Any, kept: str, born: date | None, part: str
) -> None:
    entry = read(name="虞阿香", identity_number=written).entry
    assert (entry.plain_number, entry.born, entry.part) == (kept, born, part)
    assert entry.from_number == {"birth", "sex"}


def test_what_the_row_says_comes_before_what_its_number_says(here: Here) -> None:
    told = read(name="邬根发", identity_number=NUMBER, birth_date="1950-06-07", sex="男").entry
    assert (told.born, told.sex, told.from_number) == (date(1950, 6, 7), "1", frozenset())
    year = read(name="邬根发", identity_number=NUMBER, birth_date="1950年").entry
    assert (year.born, year.part) == (None, "1950")
    month = read(name="邬根发", birth_date="1950年3月").entry
    assert (month.born, month.part) == (None, "1950-03")
    fits = read(name="虞阿香", identity_number=NUMBER, birth_date="1941年3月").entry
    assert (fits.born, fits.part) == (date(1941, 3, 5), "")


def test_invisible_marks_hide_nothing(here: Here) -> None:
    mark = "\u200b"
    entry = read(
        name=f"虞阿香{mark}",
        sex=f"女{mark}",
        identity_number=f"{NUMBER}{mark}",
        birth_date=f"1941-03-05{mark}",
        phone=f"{OLD_PHONE}{mark}",
        address=f"东方丽都1幢101室{mark}",
    )
    assert (entry.doubts, entry.entry.born) == ([], date(1941, 3, 5))
    assert entry.entry.phone == phone_index(OLD_PHONE)
    assert entry.place_id == here.axiang.home_id


HIS_ROW = [1, "邬根发", NUMBER, "1950-06-07", "", "东方丽都1幢201室", "", ""]
BARE_ROW = [2, "", NUMBER, "", "", "", "", ""]
HER_ROW = [1, "虞阿香（户主）", NUMBER, "", "", "", "", ""]


def shown(here: Here, client: Client, rows: list[list[Any]]) -> str:
    """Return the page on which the first row is decided."""
    linkage_run = matched(here, rows)
    with use_scope(None):
        client.force_login(here.worker, backend="django.contrib.auth.backends.ModelBackend")
        answer = client.get(f"/fusing/{linkage_run.link}/rows/2/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_her_number_and_his_name_are_decided_with_both_on_the_page(
    here: Here, client: Client
) -> None:
    linkage_run = matched(here, [HIS_ROW])
    his = row(linkage_run, 2)
    assert (his.bucket, his.subject_id) == ("decide", None)
    rivals = [one["key"] for one in decode_row(his.told)["rivals"]]
    assert rivals == [here.axiang.pk, here.genfa.pk]
    page = shown(here, client, [HIS_ROW])
    assert "底册 1" in page
    assert "底册 2" in page
    assert "证件号码相同、姓名不同、生日不同" in page


def test_a_bare_number_is_decided_on_the_page(here: Here, client: Client) -> None:
    bare = row(matched(here, [BARE_ROW]), 2)
    assert (bare.bucket, bare.subject_id) == ("decide", None)
    page = shown(here, client, [BARE_ROW])
    assert "除号码外没有可对照的" in page


def test_her_number_with_her_name_is_sure(here: Here) -> None:
    hers = row(matched(here, [HER_ROW]), 2)
    assert (hers.bucket, hers.subject_id) == ("sure", here.axiang.pk)
    told = decode_row(hers.told)
    assert told["facts"]["name"] == "虞阿香"
    assert any("户主" in doubt for doubt in told["doubts"])


def test_a_name_that_is_not_whole_is_no_name_for_the_register(here: Here) -> None:
    part = row(matched(here, [[1, "洪?满", "", "1988-08-08", "", "东方丽都2幢202室", "", ""]]), 2)
    assert (part.bucket, part.can_add) == ("new", False)
    whole = row(matched(here, [[1, "洪小满", "", "1988-08-08", "", "东方丽都2幢202室", "", ""]]), 2)
    assert (whole.bucket, whole.can_add) == ("new", True)
