"""What a command was given, and how it answers people and programs."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from linli.core.scope import Scope
    from linli.register.posts.models import User


@dataclass(frozen=True)
class CliContext:
    """The options of one call, the user it speaks for, and the two ways to answer."""

    options: argparse.Namespace
    as_json: bool
    user: User | None
    scope: Scope | None

    @classmethod
    def of(cls, options: argparse.Namespace) -> CliContext:
        """Find the user of ``--as`` and what they may see today."""
        if not options.as_user:
            return cls(options, options.json, None, None)
        from linli.core.errors import Refused
        from linli.core.time import today
        from linli.register.posts.models import User
        from linli.register.posts.queries import scope_of

        user = User.objects.filter(username=options.as_user, is_active=True).first()
        if user is None:
            raise Refused("cli.no_such_user", f"没有用户“{options.as_user}”", field="as")
        return cls(options, options.json, user, scope_of(user, today(), purpose="命令行"))

    @contextmanager
    def in_force(self) -> Iterator[None]:
        """Hold the scope of ``--as`` while the command runs; without it there is none."""
        from linli.core.scope import use_scope

        with use_scope(self.scope):
            yield

    def someone(self) -> User:
        """Return the user of ``--as``, or refuse: this command answers somebody."""
        from linli.core.errors import Refused

        if self.user is None:
            raise Refused("cli.as_whom", "请用 --as 用户名 说明以谁的身份来看", field="as")
        return self.user

    def say(self, text: str) -> None:
        """Say a line to a person; programs get ``answer`` alone."""
        if not self.as_json:
            print(text)

    def warn(self, text: str) -> None:
        """Say on stderr what a person must not overlook; for programs it is in the answer."""
        if not self.as_json:
            print(text, file=sys.stderr)

    def answer(self, **data: Any) -> None:
        """Give a program its one line of JSON; people have read it already."""
        if self.as_json:
            print(json.dumps(data, ensure_ascii=False, default=str))
