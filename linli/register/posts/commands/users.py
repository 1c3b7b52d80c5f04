"""用户：users list 看有谁；add 新增，appoint 任命，reset-password、reset-second-factor 重设。"""

from __future__ import annotations

import argparse
from typing import Any

from allauth.mfa.utils import is_mfa_enabled

from linli.core.errors import Refused
from linli.core.interface.commands import CommandContext
from linli.core.scope import current_scope, scope_or_none, system_scope
from linli.core.time import today
from linli.register.posts import actions
from linli.register.posts.actions.second_factor_resets import reset_here
from linli.register.posts.appointments import day_named, place_named, role_named
from linli.register.posts.models import User
from linli.register.posts.queries import posts_held, user_named, users_in_scope
from linli.register.posts.terms import Role


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take what to do, to whom, and what that needs."""
    verbs = parser.add_subparsers(dest="what", required=True, metavar="做什么")
    _verb(verbs, "list", "列出用户、岗位、第二道验证")
    one = _verb(verbs, "add", "新增用户，初始密码只显示一次", "用户名")
    one.add_argument("name", metavar="姓名")
    one = _verb(verbs, "appoint", "任命岗位", "用户名")
    one.add_argument("role", metavar="角色", help="、".join(str(role.label) for role in Role))
    one.add_argument("place", metavar="地点", help="区划代码，或者名字")
    one.add_argument("--from", dest="begins", metavar="日期", help="不写就是今天")
    one.add_argument("--to", dest="ends", metavar="日期", help="不写就是长期")
    one.add_argument("--title", default="", metavar="岗位名称")
    _verb(verbs, "reset-password", "重设密码，新密码只显示一次", "用户名")
    one = _verb(verbs, "reset-second-factor", "取消第二道验证，本人登录后重新设置", "用户名")
    one.add_argument("--reason", required=True, metavar="原因", help="写进日志")


def _verb(verbs: Any, name: str, says: str, username: str = "") -> argparse.ArgumentParser:
    """Add one verb; what every command takes may stand after it too."""
    one: argparse.ArgumentParser = verbs.add_parser(name, help=says, description=says)
    one.add_argument("--json", action="store_true", default=argparse.SUPPRESS)
    one.add_argument("--as", dest="as_user", metavar="USER", default=argparse.SUPPRESS)
    if username:
        one.add_argument("username", metavar=username)
    return one


def run(given: CommandContext) -> int:
    """Do it under the scope of ``--as``, or as the installation when somebody is at the machine."""
    does = {
        "list": _list,
        "add": _add,
        "appoint": _appoint,
        "reset-password": _reset_password,
        "reset-second-factor": _reset_second_factor,
    }[given.options.what]
    if scope_or_none() is None:
        with system_scope("linli users"):
            return does(given)
    return does(given)


def _list(given: CommandContext) -> int:
    users = users_in_scope()
    told = []
    for user in users:
        posts = [str(post) for post in posts_held(user, today())]
        one = {
            "username": user.username,
            "name": user.name,
            "posts": posts,
            "active": user.is_active,
            "second_factor": is_mfa_enabled(user),
            "last_sign_in": user.last_login,
        }
        told.append(one)
        marks = [] if user.is_active else ["已停用"]
        marks += ["有第二道验证"] if one["second_factor"] else []
        words = "、".join(posts) or "没有岗位"
        given.say(f"{user.username}  {user.name}  {words}  {'，'.join(marks)}".rstrip())
    given.say(f"{len(users)}个用户")
    given.answer(users=told)
    return 0


def _add(given: CommandContext) -> int:
    typed = given.options
    known = actions.known_user(username=typed.username, name=typed.name)
    if known is not None:
        hint = f"linli users appoint {known.username} 角色 地点"
        raise Refused("user.taken", f"用户名“{known.username}”已经是{known}的", hint=hint)
    new = actions.add_user(username=typed.username, name=typed.name, by=_by())
    return _tell_password(given, new, "已新增")


def _appoint(given: CommandContext) -> int:
    typed = given.options
    post = actions.give_post(
        user=_user(typed.username),
        role=role_named(typed.role),
        place=place_named(typed.place),
        from_date=day_named(typed.begins) if typed.begins else today(),
        to_date=day_named(typed.ends) if typed.ends else None,
        title=typed.title,
        by=_by(),
    )
    given.say(f"已任命{post.user}：{post}")
    given.answer(username=typed.username, role=post.role, place=str(post.place), post=post.pk)
    return 0


def _reset_password(given: CommandContext) -> int:
    user = _user(given.options.username)
    return _tell_password(given, actions.reset_password(user=user, by=_by()), "已重设密码")


def _reset_second_factor(given: CommandContext) -> int:
    user = _user(given.options.username)
    reset_here(user=user, reason=given.options.reason, by=_by())
    given.say(f"已取消{user}的第二道验证，所有设备已退出")
    given.answer(username=user.username, second_factor=False)
    return 0


def _tell_password(given: CommandContext, new: actions.NewUser, said: str) -> int:
    given.say(f"{said}：{new.user}，用户名 {new.user.username}，密码 {new.password}")
    given.say("密码只显示这一次，首次登录须修改。")
    given.answer(username=new.user.username, name=new.user.name, password=new.password)
    return 0


def _user(username: str) -> User:
    user = user_named(username)
    if user is None:
        hint = "linli users list 看有哪些用户"
        raise Refused("user.unknown", f"没有用户“{username}”", "username", hint)
    return user


def _by() -> User | None:
    """Return the user of ``--as``; nobody when the installation itself does it."""
    key = current_scope().user_id
    return User.objects.filter(pk=key).first() if key else None
