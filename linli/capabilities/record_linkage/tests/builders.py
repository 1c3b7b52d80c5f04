"""A small subdistrict, and a list of the 残联 with what real lists have."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from linli.capabilities.record_linkage import actions, queries, runner
from linli.capabilities.record_linkage.models import LinkageRun, LinkedRow
from linli.capabilities.record_linkage.uploaded_table import read_list
from linli.core.personal_data.identity import make_identity_number
from linli.core.scope import Scope, use_scope
from linli.register.people.models import Person
from linli.register.posts.models import User
from tests.imports.files import xlsx
from tests.people import Subdistrict, a_person, a_subdistrict, a_user

NUMBER = make_identity_number("990000", date(1941, 3, 5), 2)
NUMBER_ELSEWHERE = make_identity_number("990000", date(1950, 1, 2), 3)
PHONE, OLD_PHONE = "14300001234", "14300005678"
LISTED_ON = date(2026, 11, 1)
HEADINGS = [
    "序号",
    "姓名",
    "身份证号码",
    "出生日期",
    "联系电话",
    "家庭住址",
    "残疾类别",
    "残疾等级",
]
# Row numbers are those of the sheet: the first person stands in row 2.
AXIANG, GENFA, DAUGHTER, NEXT_DOOR, NEW, NAMELESS = 2, 3, 4, 5, 6, 7
ROWS: list[list[Any]] = [
    [1, "虞阿香", NUMBER, "", PHONE, "东方丽都2幢101室", "肢体残疾", "二级"],
    [2, "邬艮发", "", "1950-06-07", "", "", "视力残疾", "一级"],
    [3, "虞小芳", "", "1970-01-09", PHONE, "东方丽都1幢101室", "", ""],
    [4, "邻居", NUMBER_ELSEWHERE, "", "", "", "", ""],
    [5, "洪小满", "", "1988-08-08", "14300009999", "东方丽都2幢202室", "听力残疾", "三级"],
    [6, "", "", "", "", "东方丽都2幢201室", "", "三级"],
]


@dataclass
class Here:
    """虞阿香 and her daughter, 邬根发 whose name the list misspells, and the neighbours' worker."""

    town: Subdistrict
    axiang: Person
    genfa: Person
    daughter: Person
    elsewhere: Person
    worker: User
    neighbour: User

    @property
    def scope(self) -> Scope:
        """The worker's scope."""
        return Scope((self.town.community.path,), "community_worker", "test", self.worker.pk)


def a_neighbourhood() -> Here:
    """Build it: what is known of 虞阿香's phone is newer than the list."""
    town = a_subdistrict()
    known: dict[str, Any] = {"source": "visit", "confirmed_on": date(2026, 11, 10)}
    home = town.home("1", "101")
    axiang = a_person(
        home, "虞阿香", identity_number=NUMBER, phone=OLD_PHONE, disability_kind="4", **known
    )
    genfa = a_person(
        town.home("1", "201"),
        "邬根发",
        sex="1",
        birth_date=date(1950, 6, 7),
        disability_kind="3",
        source="phone",
        confirmed_on=date(2026, 3, 1),
    )
    daughter = a_person(home, "虞小方", birth_date=date(1970, 1, 9), **known)
    elsewhere = a_person(town.home("9", "101"), "邻居", identity_number=NUMBER_ELSEWHERE)
    return Here(
        town,
        axiang,
        genfa,
        daughter,
        elsewhere,
        a_user("worker", "community_worker", town.community),
        a_user("neighbour", "community_worker", town.next_community),
    )


def a_file(rows: list[list[Any]] | None = None) -> bytes:
    """Return the list as a workbook."""
    return xlsx([HEADINGS, *(ROWS if rows is None else rows)])


def brought(here: Here, rows: list[list[Any]] | None = None) -> LinkageRun:
    """Bring the list and name its columns as recognised; the worker's scope is open."""
    data = a_file(rows)
    read = read_list(data, "名单.xlsx")
    made = actions.bring_list(
        data=data,
        name="名单.xlsx",
        department="区残联",
        sheets=["Sheet"],
        sheet=0,
        confirmed_on=LISTED_ON,
        by=here.worker,
    )
    columns = {str(guess.heading.column): guess.target for guess in read.guesses}
    return actions.choose_columns(
        linkage_run=made, columns=columns, sheet=0, total=len(read.table.rows), by=here.worker
    )


def matched(here: Here, rows: list[list[Any]] | None = None) -> LinkageRun:
    """Bring the list and match it."""
    with use_scope(here.scope):
        made = brought(here, rows)
        runner.run(made, here.worker)
        return queries.run_or_not_found(made.link)


def row(linkage_run: LinkageRun, number: int) -> LinkedRow:
    """Return a row of the list."""
    return queries.row_or_not_found(linkage_run, number)
