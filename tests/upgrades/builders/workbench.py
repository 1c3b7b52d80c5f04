"""What all capabilities share, used once: notes, photos, tasks, imports, notices, read budget."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from linli.core.time import today
from linli.register.people import actions as people
from linli.register.places.models import Place
from linli.register.posts.models import User
from linli.workbench.conditions.actions import define_attribute, set_value
from linli.workbench.imports.models import Batch
from linli.workbench.journal import photos
from linli.workbench.journal.actions import correct_note, keep_photo, write_note
from linli.workbench.journal.models import JournalEntry
from linli.workbench.notices import actions as notices
from linli.workbench.notices.actions.send import send_notice
from linli.workbench.notices.recipients import Recipient
from linli.workbench.read_budget.actions import ListOf, note_read, set_limit
from linli.workbench.rounds.actions import save_door
from linli.workbench.tasks import actions as tasks
from linli.workbench.tasks.queries.seats import Seat
from tests.guards.walker.fills import OBJECTS
from tests.imports import files
from tests.imports import town as lists
from tests.people import by_the_system
from tests.scope.world import Community
from tests.upgrades.builders.register import Made


def a_photo(colour: str) -> photos.Picture:
    """A small picture, opened by the child like any upload."""
    out = io.BytesIO()
    Image.new("RGB", (24, 16), colour).save(out, "JPEG")
    return photos.checked(SimpleUploadedFile("a.jpg", out.getvalue(), "image/jpeg"))


def add_workbench(made: Made) -> None:
    """Work for an afternoon."""
    with made.at_work("worker"):
        _notes_and_photos(made, made.users["worker"])
        _tasks(made, made.users["worker"])
        _looked_up(made, made.users["worker"])
    with made.at_work("secretary"):
        _own_field(made, made.users["secretary"])
        _notices(made, made.users["secretary"])
        _an_import(made, made.users["secretary"])
    _hotline_and_webhook(made)
    with made.at_work("officer"):
        _of_the_subdistrict(made, made.users["officer"])


def _notes_and_photos(made: Made, by: User) -> None:
    person, home = made.fresh("虞阿香"), made.town.home("1", "101")
    write_note(about=person, text="精神好，听力差，说话要大声。", contact="phone", by=by)
    write_note(about=home, text="门口堆了纸板", follow_up_on=today() + timedelta(days=3), by=by)
    said = JournalEntry.objects.get(text="门口堆了纸板")
    correct_note(entry=said, about=home, text="门口堆了纸箱，已请他清走", by=by)
    for record, colour in ((person, "red"), (home, "green"), (made.fresh("陈德"), "blue")):
        keep_photo(about=record, picture=a_photo(colour), by=by)
    people.reveal_field(
        person=person, field="phone", purpose="service", words="通知体检时间", by=by
    )


class _OneThing:
    """A part of the door screen that saves one thing."""

    def save(self, saved: Any, form_token: str) -> None:
        """Save it."""
        saved.things += 1


def _tasks(made: Made, by: User) -> None:
    opened = []
    for number, name in enumerate(("邬根发", "孙月娥", "陈德", "洪小满", "李秀英")):
        person = made.fresh(name)
        opened.append(
            tasks.open_task(
                kind="journal.follow_up",
                about=person,
                place=Place.objects.get(pk=person.home_id),
                person=person,
                title=f"第{number + 1}次回访",
                due_on=today() + timedelta(days=number),
                note="带宣传单",
                by=by,
            )
        )
    tasks.accept_task(task=opened[1], by=by)
    tasks.finish_task(task=opened[2], result="在家，都好", by=by)
    tasks.cancel_task(task=opened[3], reason="搬走前已联系", by=by)
    grid = Seat("grid_worker", made.town.grids[0])
    tasks.hand_over_task(task=opened[4], seat=grid, reason="住在他的网格", by=by)
    save_door(
        place=made.town.home("1", "102"),
        parts=[_OneThing()],  # type: ignore[list-item]
        form_token="0123456789abcdef",
        by=by,
    )


def _looked_up(made: Made, by: User) -> None:
    people.look_up(number="14300000001", purpose="service", words="来电人说的号码", by=by)
    seen = [made.people[name].pk for name in ("虞阿香", "邬根发", "陈德", "洪小满")]
    note_read(seen, listed=ListOf("70岁以上", lambda: "70岁以上", 4))


def _own_field(made: Made, by: User) -> None:
    field = define_attribute(
        label="助餐口味",
        subject="person",
        kind="choice",
        choices=["清淡", "软烂", "无糖"],
        place=made.town.community,
        by=by,
    )
    for name, value in (("虞阿香", "软烂"), ("邬根发", "无糖")):
        set_value(attribute=field, subject_id=made.people[name].pk, value=value, by=by)


def _notices(made: Made, by: User) -> None:
    person = made.fresh("虞阿香")
    notices.save_template(name="停水通知", subject="停水", text="明天停水", by=by)
    notice = send_notice(
        key="stored:1",
        about=made.town.community,
        recipients=[
            Recipient(person.name, phone=person.phone, person=person),
            Recipient("邬根发", phone="0574-88120000", person=made.fresh("邬根发")),
            Recipient("林芳", user=made.users["worker"]),
        ],
        subject="停水",
        text="明天上午停水，请先备水。",
        by=by,
    )
    call = notice.deliveries.get(channel="call")
    notices.note_call(delivery=call, reached=True, answer="知道了", by=by)


def _an_import(made: Made, by: User) -> None:
    """A list is brought, previewed and applied; one row of it is refused."""
    town = lists.Town(by, made.town.community, made.town.estate)
    rows = lists.a_list(
        ["虞阿香", "女", "1934-01-01", "", "14300000001", "东方丽都1幢101室", "小学"],
        ["金来福", "男", "1958-03-01", lists.number(1958, 3), "14300007001", "东方丽都2幢301室"],
        ["无处住", "男", "1960-01-01", "", "", "没有这一幢9室"],
    )
    batch: Batch = lists.brought(town, files.xlsx(rows), "助餐名单.xlsx")
    lists.imported(town, batch)


def _of_the_subdistrict(made: Made, by: User) -> None:
    set_limit(place=made.town.town, role="grid_worker", most=200, since=date(2026, 12, 1), by=by)
    tasks.enter_year(
        year=2027,
        holidays=[date(2027, 1, 1)],
        worked=[date(2027, 1, 3)],
        source="国务院办公厅通知",
        by=by,
    )
    notices.save_channel(
        kind="wecombot",
        name="网格群",
        address="https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=not-a-key",
        secret="",
        by=by,
    )


def _hotline_and_webhook(made: Made) -> None:
    """Rows of what reaches other machines, which no test may: they stand as others left them."""
    area = Community(made.town.community.path, "指挥中心")
    area.rows = {
        "grid": made.town.grids[0],
        "place": made.town.community,
        "user": made.users["officer"],
    }
    with by_the_system():
        for label in ("delivery", "intake"):
            OBJECTS[label](area)
