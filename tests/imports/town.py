"""殷家社区 with one estate, three buildings and a few residents, for lists to be about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from linli.core.personal_data.identity import DEMONSTRATION_DIVISION, make_identity_number
from linli.core.scope import Scope, use_scope
from linli.register.people.bulk import NewHousehold, settle_in_bulk
from linli.register.places.bulk import Spec, create_tree, floors_of_doors
from linli.register.places.models import Place
from linli.register.posts.models import Post, User
from linli.workbench.imports import actions, queries, runner
from linli.workbench.imports.column_recognition import recognised
from linli.workbench.imports.encrypted_rows import decode_row
from linli.workbench.imports.headings import table_of
from linli.workbench.imports.models import Batch
from linli.workbench.imports.reading import SheetAsRead, read_file
from tests.scope.world import OURS, THEIRS, TOWN, a_place, by_the_system

ON = date(2026, 11, 1)
HEADINGS = ["姓名", "性别", "出生日期", "身份证号码", "联系电话", "家庭住址", "文化程度"]


def number(year: int, sequence: int) -> str:
    """A valid number that belongs to nobody; odd sequences are men."""
    return make_identity_number(DEMONSTRATION_DIVISION, date(year, 3, 1), sequence)


@dataclass
class Town:
    """The community, its secretary, and the dwellings by address."""

    user: User
    community: Place
    estate: Place
    homes: dict[str, Place] = field(default_factory=dict)

    @property
    def scope(self) -> Scope:
        """The secretary's scope."""
        return Scope((self.community.path,), "secretary", "test", self.user.pk)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Act as the secretary."""
        with use_scope(self.scope):
            yield


def a_town() -> Town:
    """Build it: 东方丽都 1幢 (1单元, 2单元), 2幢 (no entrances), and 西湖花园 3幢 next door."""
    with by_the_system():
        user = User.objects.create(username="wang", name="王书记")
        town = a_place("subdistrict", "潘火街道", TOWN, None)
        ours = a_place("community", "殷家社区", OURS, town)
        theirs = a_place("community", "王家弄社区", THEIRS, town)
        homes = floors_of_doors(3, 4)
        spec = Spec("building", "1幢", [Spec("entrance", f"{n}单元", homes) for n in (1, 2)])
        two = Spec("building", "2幢", homes)
        made = create_tree(parent=ours, specs=[Spec("estate", "东方丽都", [spec, two])], by=None)
        other = Spec("estate", "西湖花园", [Spec("building", "3幢", homes)])
        far = create_tree(parent=theirs, specs=[other], by=None)
        places = [place for _spec, place in (*made.places, *far.places)]
    return Town(user, ours, made.places[0][1], {place.address: place for place in places})


def settled(town: Town, address: str, *people: dict[str, Any]) -> None:
    """Let people live somewhere already."""
    with by_the_system():
        settle_in_bulk(
            households=[NewHousehold(town.homes[address], people)],
            source="visit",
            confirmed_on=date(2026, 5, 1),
            by=town.user,
        )


def brought(
    town: Town,
    data: bytes,
    name: str = "居民.xlsx",
    *,
    subject: str = "person",
    sheet: int = -1,
    **options: Any,
) -> Batch:
    """Bring a file and take the columns as recognised; then preview."""
    read = read_file(data, name, sheet=sheet)
    assert isinstance(read, SheetAsRead), read
    batch = actions.bring_file(
        data=data,
        name=name,
        subject=subject,
        sheets=[one.name for one in read.sheets],
        sheet=read.chosen,
        source=options.pop("source", "department"),
        confirmed_on=options.pop("confirmed_on", ON),
        by=town.user,
    )
    words = runner.words_for(batch)
    table = table_of(read, words.knows)
    assert table is not None
    columns = {str(g.heading.column): g.target for g in recognised(table, words)}
    return previewed(town, batch, columns, **options)


def previewed(town: Town, batch: Batch, columns: dict[str, str], **options: Any) -> Batch:
    """Choose the columns and preview."""
    chosen = actions.choose_columns(
        batch=batch,
        columns=columns,
        sheet=batch.sheet,
        by=town.user,
        fill_down=options.get("fill_down", False),
        make_dwellings=options.get("make_dwellings", False),
    )
    runner.finish(runner.preview, chosen, town.user)
    return queries.batch_or_not_found(batch.link)


def imported(town: Town, batch: Batch) -> Batch:
    """Import what was previewed."""
    runner.finish(runner.apply, actions.begin(batch=batch, by=town.user), town.user)
    return queries.batch_or_not_found(batch.link)


def fates(batch: Batch) -> dict[int, str]:
    """The fate of every row."""
    return dict(batch.rows.values_list("number", "fate"))


def told(batch: Batch, row: int) -> dict[str, Any]:
    """What is kept of a row."""
    return decode_row(batch.rows.get(number=row).told)


def said(batch: Batch, row: int) -> str:
    """Everything that a row is refused for."""
    return " ".join(
        f"{one['cell']} {one['label']} {one['sentence']} {one['hint']}"
        for one in told(batch, row)["problems"]
    )


def doubted(batch: Batch, row: int) -> str:
    """Everything that was left out of a row, or should be looked at."""
    return " ".join(
        f"{one['cell']} {one['label']} {one['sentence']} {one['hint']}"
        for one in told(batch, row)["doubts"]
    )


def a_list(*rows: Sequence[Any]) -> list[list[Any]]:
    """A list of residents under the usual headings."""
    return [HEADINGS, *[[*row, *[None] * (len(HEADINGS) - len(row))] for row in rows]]


def in_office(town: Town, role: str = "secretary") -> User:
    """Give the secretary their post, for pages."""
    with by_the_system():
        Post.objects.create(
            user=town.user,
            role=role,
            place=town.community,
            title="书记",
            from_date=date(2026, 1, 1),
            scope_path=town.community.path,
        )
    return town.user
