"""Two worlds that differ in one thing only: what is masked of one resident.

Whoever sees it masked must hear the same in both, at every door, whatever they ask.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import time_machine
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from linli.core.personal_data.identity import make_identity_number
from linli.core.time import CHINA
from linli.register.people import normalise
from linli.register.people.models import Household, Person
from linli.register.posts.models import ApiToken, Post
from linli.register.posts.tokens import PREFIX, hash_of
from linli.workbench.conditions.models import OwnField, OwnFieldValue
from linli.workbench.conditions.snapshot import snapshot_folder
from tests.guards.walker.town import OUR_COMMUNITY, TOWN, Walk, a_walk
from tests.guards.walker.walk import everything_said
from tests.residents.world import _hash, by_the_system

PASSWORD = "shi-jian-2026"
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=CHINA)
BETWEEN = date(1941, 2, 15)
# Open to these: everything here is masked for them, and nothing of it is hidden altogether.
ROLES = (
    "property_manager",
    "micro_grid_lead",
    "grid_worker",
    "community_worker",
    "secretary",
    "subdistrict_officer",
)
OWN = {
    "text": ("甲医院", "乙医院"),
    "number": (17, 91),
    "date": (date(2026, 2, 1), date(2026, 9, 9)),
    "flag": (True, False),
    "choice": ("常来", "从不"),
}


@dataclass(frozen=True)
class Secret:
    """What is masked of the resident in one world; every mask looks alike in both."""

    birth_date: date
    identity_number: str
    phone: str
    workplace: str
    hukou_address: str
    number: int


def _identity(born: date, last: str) -> str:
    """Make a number of a woman born that day with a given last character."""
    numbers = (make_identity_number("330212", born, n) for n in range(2, 400, 2))
    return next(number for number in numbers if number[-1] == last)


ONE = Secret(
    date(1941, 2, 7),
    _identity(date(1941, 2, 7), "4"),
    "13811112345",
    "宁波甲船厂",
    "慈溪市浒山路12号",
    0,
)
# Those who give care are told who has a birthday next month: of them only the day is hidden.
OF_CARE = ("grid_worker", "community_worker", "secretary", "subdistrict_officer")


def the_other(role: str) -> Secret:
    """Return the other world for a role."""
    born = date(1941, 2, 24) if role in OF_CARE else date(1941, 6, 28)
    return Secret(
        born, _identity(born, "4"), "13822222345", "宁波第二造船公司", "慈溪市浒山路3456号", 1
    )


@dataclass
class Town:
    """The walker's town, whose first resident of our grid has a secret."""

    walk: Walk
    attributes: list[OwnField] = field(default_factory=list)

    @property
    def resident(self) -> Person:
        person: Person = self.walk.areas["ours"].person
        return person

    def put(self, secret: Secret) -> None:
        """Let the secret be this."""
        known = normalise.prepare(
            {
                "birth_date": secret.birth_date,
                "identity_number": secret.identity_number,
                "phone": secret.phone,
                "workplace": secret.workplace,
                "sex": "2",
                "hukou_address": secret.hukou_address,
            }
        )
        born = (BETWEEN, secret.birth_date)
        with by_the_system():
            Person.objects.filter(pk=self.resident.pk).update(**known)
            Household.objects.filter(pk=self.resident.household_id).update(
                oldest_birth_date=min(born), youngest_birth_date=max(born)
            )
            for attribute in self.attributes:
                column = {"choice": "text"}.get(attribute.kind, attribute.kind)
                OwnFieldValue.objects.filter(attribute=attribute).update(
                    **{column: OWN[attribute.kind][secret.number]}
                )


def a_town() -> Town:
    """Build the town of the walker; two more live with the resident, one born in between."""
    town = Town(a_walk())
    ours = town.walk.areas["ours"]
    with by_the_system():
        others = [person.pk for person in ours.persons[1:]]
        Person.objects.filter(pk__in=others).update(birth_date=BETWEEN, workplace="")
        named = {"name": "虞阿香", "sex": "2"}
        Person.objects.filter(pk=ours.person.pk).update(**normalise.prepare(named))
        ours.person.refresh_from_db()
        Household.objects.filter(pk=ours.household.pk).update(head=others[0])
        for kind in OWN:
            own_field = OwnField.objects.create(
                label=f"隐私{kind}",
                subject="person",
                kind=kind,
                place=ours.place,
                by=ours.user,
                sensitivity="personal",
                scope_path=ours.place.path,
                choices=list(OWN["choice"]) if kind == "choice" else [],
            )
            OwnFieldValue.objects.create(
                attribute=own_field, person=town.resident, scope_path=town.resident.scope_path
            )
            town.attributes.append(own_field)
        for user in town.walk.users.values():
            user.password = _hash()
            user.save()
    return town


@dataclass
class Attacker:
    """Somebody with a browser and, for those who may have one, a program."""

    town: Town
    role: str
    client: Client
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def get(self, path: str, **asked: Any) -> HttpResponse:
        programs = path.startswith("/api/")
        return self.client.get(path, asked, headers=self.headers if programs else {})  # type: ignore[return-value]

    def post(self, path: str, **typed: Any) -> HttpResponse:
        return self.client.post(path, typed)  # type: ignore[return-value]

    def post_json(self, path: str, body: Any) -> HttpResponse:
        return self.client.post(  # type: ignore[return-value]
            path, body, content_type="application/json", headers=self.headers
        )


def an_attacker(town: Town, role: str) -> Attacker:
    """Sign somebody in by the front door."""
    client = Client(raise_request_exception=False)
    user = town.walk.users[role]
    answer = client.post("/sign-in/", {"login": user.username, "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    raw = f"{PREFIX}{role}-tries"
    with by_the_system():
        post = Post.objects.get(user=user)
        ApiToken.objects.create(
            post=post,
            token_hash=hash_of(raw),
            tail=raw[-4:],
            name="旧",
            purpose="以前签发的",
            expires_on=date(2027, 1, 1),
            scope_path=post.scope_path,
        )
    return Attacker(town, role, client, raw)


@dataclass(frozen=True)
class Try:
    """One thing that somebody tries: what it is called, and how it is asked."""

    name: str
    ask: Callable[[Attacker], Any]


# What differs from one answer to the next by itself.
ODD = re.compile(
    r"csrfmiddlewaretoken[^>]*value=\"[^\"]*\"|nonce[-=]\"?[^\" ;']*|csrftoken=[^;]*"
    r"|\"X-CSRFToken\": *\"[^\"]*\"|[\w-]*sessionid=[^;]*|messages=[^;]*|Set-Cookie:.*"
    r"|name=\"(?:client_id|sent|key)\" value=\"[^\"]*\"|[ok]-?[0-9a-f]{32}\b"
)


def heard(answers: Any) -> str:
    """Return everything that was answered, without what differs by itself."""
    said = []
    for answer in answers if isinstance(answers, list) else [answers]:
        text = (
            answer if isinstance(answer, str) else f"{answer.status_code} {everything_said(answer)}"
        )
        said.append(ODD.sub("", text))
    return "\n".join(said)


@contextmanager
def nothing_happened() -> Iterator[None]:
    """Take back whatever is written within."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def hear(attacker: Attacker, secret: Secret, tries: Sequence[Try]) -> list[str]:
    """Try all of it in one world, each as if nothing had been tried before."""
    shutil.rmtree(snapshot_folder(), ignore_errors=True)
    with nothing_happened():
        attacker.town.put(secret)
        return [_one(attacker, tried) for tried in tries]


def _one(attacker: Attacker, tried: Try) -> str:
    cookies = attacker.client.cookies.copy()
    cache.clear()
    with nothing_happened():
        said = heard(tried.ask(attacker))
    attacker.client.cookies = cookies
    return said


def what_differs(attacker: Attacker, tries: Sequence[Try]) -> list[str]:
    """Return what was answered differently in the two worlds: each is an oracle."""
    with time_machine.travel(NOW, tick=False):
        worlds = [hear(attacker, secret, tries) for secret in (ONE, the_other(attacker.role))]
    return [
        f"{attacker.role} {tried.name}: {first_difference(one, other)}"
        for tried, one, other in zip(tries, *worlds, strict=True)
        if one != other
    ]


def first_difference(one: str, other: str) -> str:
    """Show where two answers part."""
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
    start = max(0, at - 60)
    return f"{one[start : at + 60]!r} / {other[start : at + 60]!r}"


__all__ = [
    "NOW",
    "ONE",
    "OUR_COMMUNITY",
    "ROLES",
    "TOWN",
    "Attacker",
    "Secret",
    "Town",
    "Try",
    "a_town",
    "an_attacker",
    "hear",
    "heard",
    "the_other",
    "what_differs",
]
