"""建立街道：init 330212007 按全国区划建街道和社区，给街道干部开户；已建好的，说有谁，可再任命。"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from linli.faces.cli.context import CliContext

if TYPE_CHECKING:
    from linli.register.places.models import Place

# Half-made tables are no installation yet whose keys could be compared.
KEYS_MAY_DIFFER = True
FIRST_OFFICER = "街道管理员"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the code, and the first officer."""
    parser.add_argument("code", help="街道的九位区划代码")
    parser.add_argument("--officer", metavar="姓名", help="给这位街道干部开户并任命")
    parser.add_argument("--username", metavar="用户名", help="不写就用姓名的拼音")


def run(given: CliContext) -> int:
    """Set the subdistrict up as a whole or not at all; the password is printed this once."""
    from django.db import transaction

    from linli.core.personal_data.key_fingerprints import refuse_wrong_keys
    from linli.core.scope import system_scope

    _refuse_deaf_output()
    # Before the transaction: Django cannot rebuild SQLite's tables within one.
    _make_tables(given)
    refuse_wrong_keys()
    with system_scope("linli init"), transaction.atomic():
        _set_up(given)
        # Within: if nobody can read the password, nobody was given it.
        sys.stdout.flush()
    return 0


def _set_up(given: CliContext) -> None:
    from linli.core.actions import writes_allowed
    from linli.core.database import marks
    from linli.core.interface.registry import set_up_everything
    from linli.register.places.actions import set_up_subdistrict
    from linli.register.places.models import Place
    from linli.register.posts.models import User

    town = Place.objects.filter(kind="subdistrict", code=given.options.code).first()
    is_new = town is None
    if town is None:
        town = set_up_subdistrict(code=given.options.code, by=given.user)
        set_up_everything(town, given.user)
        with writes_allowed("linli init"):
            marks.begin_the_first_month()
    communities = Place.objects.filter(parent=town, kind="community").count()
    name = given.options.officer or ("" if User.objects.exists() else FIRST_OFFICER)
    officer = _officer(given, town, name) if name else {}
    officers = _officers(town)
    verb = "已建立" if is_new else "原来就建好了："
    given.say(f"{verb}{town.name}（{town.code}），{communities}个社区。")
    _tell_officers(given, officers, officer)
    given.answer(
        code=town.code,
        name=town.name,
        communities=communities,
        officer=officer or None,
        is_new=is_new,
        officers=officers,
    )


def _refuse_deaf_output() -> None:
    from linli.core.errors import Refused

    # Python has no standard output where it was closed, and prints nothing without an error.
    if sys.stdout is None:
        sentence = "标准输出关闭了，初始密码没有地方显示，没有改动任何东西"
        raise Refused("init.deaf", sentence, hint="不要关闭标准输出，再运行一次 linli init")


def _tell_officers(
    given: CliContext, officers: list[dict[str, str]], officer: dict[str, str]
) -> None:
    if officer.get("password"):
        told = f"用户名 {officer['username']}，初始密码 {officer['password']}"
        given.say(f"街道干部{officer['name']}：{told}")
        given.say("密码只显示这一次，首次登录须修改。")
        return
    there = "、".join(f"{one['name']}（{one['username']}）" for one in officers)
    given.say(f"街道干部：{there or '还没有'}")
    given.say(f"再任命一位：linli init {given.options.code} --officer 姓名")


def _officers(town: Place) -> list[dict[str, str]]:
    from linli.core.time import today
    from linli.register.posts.queries import holders_of
    from linli.register.posts.terms import Role

    users = holders_of(Role.SUBDISTRICT_OFFICER, town, today())
    return [{"name": user.name, "username": user.username} for user in users]


def _make_tables(given: CliContext) -> None:
    """Make the tables and their guards, or finish what was killed on the way."""
    from django.core.management import call_command

    from linli.core.actions import writes_allowed
    from linli.core.database.row_security import as_owner
    from linli.register.places.actions import division_of

    # As the owner: half-made tables have no policies yet, and would be refused.
    with as_owner():
        if not _are_unfinished():
            return
        # What can be refused is refused before the first table is there.
        division_of(given.options.code)
        given.say("建表……")
        with writes_allowed("migrations"):
            call_command("migrate", interactive=False, verbosity=0)


def _are_unfinished() -> bool:
    """Is a migration left, or what follows the last one: triggers, policies, the identity?"""
    from django.db import connection

    from linli.core.database import marks, row_security, triggers
    from linli.faces.cli.health import unapplied_migrations

    return bool(
        unapplied_migrations()
        or set(triggers.expected_triggers(connection)) - set(triggers.present(connection))
        or row_security.what_is_open(connection)
        or not marks.identity()
    )


def _officer(given: CliContext, town: Place, name: str) -> dict[str, str]:
    from linli.core.chinese.pinyin import name_pinyin
    from linli.core.time import today
    from linli.register.posts.actions import add_user, give_post, known_user
    from linli.register.posts.terms import Role

    username = given.options.username or name_pinyin(name).full or "officer"
    user, password = known_user(username=username, name=name), ""
    if user is None:
        new = add_user(username=username, name=name, by=given.user)
        user, password = new.user, new.password
    give_post(
        user=user, role=Role.SUBDISTRICT_OFFICER, place=town, from_date=today(), by=given.user
    )
    return {"name": user.name, "username": user.username, "password": password}
