"""Somebody who takes as many people out as each request lets them, through every door in turn."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from linli.register.people.bulk import NewHousehold, settle_in_bulk
from linli.register.people.models import Person
from linli.register.places.models import Place
from linli.register.posts.models import ApiToken, Post
from linli.register.posts.tokens import PREFIX, hash_of
from tests.guards.walker.walk import everything_said
from tests.imports.files import xlsx
from tests.people import Subdistrict, a_subdistrict, a_user, by_the_system

PASSWORD = "shi-jian-2026"
NAMED = re.compile(r"柳(\d{4})")
IN_A_HOUSEHOLD = 3


def a_crowd(people: int) -> Subdistrict:
    """Build a subdistrict whose first building is full: 柳0000, 柳0001 …"""
    doors = 8
    floors = -(-people // (doors * IN_A_HOUSEHOLD))
    town = a_subdistrict(floors=floors, doors=doors)
    with by_the_system():
        homes = list(
            Place.objects.filter(
                kind="dwelling", path__startswith=town.building("1").path
            ).order_by("path")
        )
        settle_in_bulk(
            households=[_household(homes[n], n) for n in range(people // IN_A_HOUSEHOLD)],
            source="visit",
            confirmed_on=date(2026, 10, 1),
            by=None,
        )
    return town


def _household(home: Place, n: int) -> NewHousehold:
    first = n * IN_A_HOUSEHOLD
    return NewHousehold(
        home,
        [
            {
                "name": f"柳{one:04d}",
                "sex": "2",
                "birth_date": date(1930 + one % 60, 1, 1),
                "phone": f"138{one:08d}",
            }
            for one in range(first, first + IN_A_HOUSEHOLD)
        ],
    )


@dataclass
class Thief:
    """One user with two browsers and two programs, and the people whose values they have seen."""

    town: Subdistrict
    role: str
    username: str
    browsers: list[Client] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    turn: int = 0

    def look(self, answer: Any) -> None:
        """Write down whom an answer names with anything about them."""
        self.seen |= set(
            NAMED.findall(answer if isinstance(answer, str) else everything_said(answer))
        )

    @property
    def browser(self) -> Client:
        self.turn += 1
        return self.browsers[self.turn % len(self.browsers)]

    @property
    def headers(self) -> dict[str, str]:
        self.turn += 1
        return {"Authorization": f"Bearer {self.tokens[self.turn % len(self.tokens)]}"}


STANDS = {
    "property_manager": lambda town: town.estate,
    "grid_worker": lambda town: town.grids[0],
    "micro_grid_lead": lambda town: town.building("1"),
    "community_worker": lambda town: town.community,
    "secretary": lambda town: town.community,
    "subdistrict_officer": lambda town: town.town,
}


def a_thief(town: Subdistrict, role: str) -> Thief:
    """Sign somebody in twice; give them two tokens."""
    user = a_user(f"thief-{role.replace('_', '-')}", role, STANDS[role](town))
    thief = Thief(town, role, user.username)
    for _ in range(2):
        client = Client(raise_request_exception=False)
        assert (
            client.post("/sign-in/", {"login": user.username, "password": PASSWORD}).status_code
            == 302
        )
        thief.browsers.append(client)
    with by_the_system():
        post = Post.objects.get(user=user)
        for n in range(2):
            raw = f"{PREFIX}{role}-{n}"
            ApiToken.objects.create(
                post=post,
                name="同步",
                purpose="每天同步",
                token_hash=hash_of(raw),
                tail=raw[-4:],
                expires_on=date(2099, 1, 1),
                scope_path=post.scope_path,
            )
            thief.tokens.append(raw)
    return thief


Door = Callable[[Thief], Iterator[Any]]


def _keys(kind: str) -> list[int]:
    with by_the_system():
        if kind == "person":
            return list(Person.objects.order_by("-pk").values_list("pk", flat=True))
        if kind == "household":
            return list(
                Person.objects.order_by("-pk").values_list("household_id", flat=True).distinct()
            )
        homes = Person.objects.order_by("home__path").values_list("home_id", flat=True)
        return list(dict.fromkeys(homes))


def api_list(thief: Thief) -> Iterator[Any]:
    for offset in range(0, 3000, 50):
        yield _list(thief, offset, 50)


def api_list_far(thief: Thief) -> Iterator[Any]:
    for offset in range(0, 3000, 500):
        yield _list(thief, offset, 500)


def _list(thief: Thief, offset: int, limit: int) -> Any:
    body = {
        "condition": {"subject": "person"},
        "columns": ["name", "address"],
        "offset": offset,
        "limit": limit,
        "sort": "-name",
    }
    return thief.browser.post(
        "/api/v1/conditions/list", body, content_type="application/json", headers=thief.headers
    )


def api_search(thief: Thief) -> Iterator[Any]:
    for offset in range(0, 3000, 100):
        yield thief.browser.get(
            "/api/v1/people",
            {"search": "柳", "offset": offset, "limit": 100},
            headers=thief.headers,
        )


def api_person(thief: Thief) -> Iterator[Any]:
    for pk in _keys("person"):
        yield thief.browser.get(f"/api/v1/people/{pk}", headers=thief.headers)


def asked_pages(thief: Thief) -> Iterator[Any]:
    for page in range(1, 60):
        yield thief.browser.get("/ask/", {"s": "person", "page": page})


def asked_households(thief: Thief) -> Iterator[Any]:
    for page in range(1, 60):
        yield thief.browser.get("/ask/", {"s": "household", "page": page})


def searched_pages(thief: Thief) -> Iterator[Any]:
    for page in range(1, 60):
        yield thief.browser.get("/people/", {"q": "柳", "page": page})


def searched_by_door(thief: Thief) -> Iterator[Any]:
    for floor in range(1, 12):
        for door in range(1, 9):
            yield thief.browser.get("/people/", {"q": f"{floor}{door:02d}"})


def person_pages(thief: Thief) -> Iterator[Any]:
    for pk in _keys("person"):
        yield thief.browser.get(f"/people/{pk}/")


def household_pages(thief: Thief) -> Iterator[Any]:
    for pk in _keys("household"):
        yield thief.browser.get(f"/households/{pk}/")


def home_pages(thief: Thief) -> Iterator[Any]:
    for pk in _keys("dwelling"):
        yield thief.browser.get(f"/places/{pk}/")


def round_doors(thief: Thief) -> Iterator[Any]:
    for pk in _keys("dwelling"):
        yield thief.browser.get(f"/round/doors/{pk}/")


def building_pages(thief: Thief) -> Iterator[Any]:
    pk = thief.town.building("1").pk
    yield thief.browser.get(f"/places/{pk}/")
    yield thief.browser.get(f"/places/{pk}/", {"q": "居民"})
    yield thief.browser.get(f"/round/{pk}/")


def exports(thief: Thief) -> Iterator[Any]:
    """Take lists of at most 400 away, one after the other."""
    for kind in ("xlsx", "csv"):
        for first in range(0, 60, 20):
            aged = f"年龄在{first + 36}～{first + 55}岁"
            asked = thief.browser.post(
                f"/ask/take/?s=person&c={aged}&col=name&col=address",
                {"kind": kind, "purpose": "service", "words": "重阳节上门慰问"},
            )
            where = asked.get("Location", "")
            yield asked
            if where:
                yield thief.browsers[0].post(f"{where}file/")


def a_form(thief: Thief) -> Iterator[Any]:
    """Bring a blank list with a name and a home, say whom it is about, and take it filled."""
    from tests.adversary.spraying import Forms

    blank = SimpleUploadedFile(
        "名单.xlsx", xlsx([["居民名单"], ["序号", "姓名", "住址"], ["", "", ""]])
    )
    page = Forms()
    page.feed(thief.browsers[0].get("/forms/").content.decode())
    form = next((one for one in page.forms if one.files), None)
    if form is None:
        return
    brought = thief.browsers[0].post("/forms/", {**form.values, form.files[0]: blank}, follow=True)
    yield brought
    for path, _status in brought.redirect_chain:
        base = "/".join(path.split("/")[:3])
        yield from _filled(thief, base)


def _filled(thief: Thief, base: str) -> Iterator[Any]:
    from tests.adversary.spraying import Forms

    for _step in range(3):
        page = Forms()
        page.feed(thief.browsers[0].get(f"{base}/").content.decode())
        for form in page.forms:
            if form.method != "post" or "drop" in form.action or "/language" in form.action:
                continue
            said = {"sentence": "居民", "words": "上报街道用"}
            typed = {name: said.get(name, value) for name, value in form.values.items()}
            if "logout" not in form.action and "mine" not in form.action:
                yield thief.browsers[0].post(form.action or f"{base}/", typed, follow=True)
    yield thief.browsers[0].get(f"{base}/filled/")


def whistle_trials(thief: Thief) -> Iterator[Any]:
    """Write rule after rule and look at whom each would have named."""
    from tests.adversary.trying import send, where
    from tests.adversary.worlds import Attacker

    who: Any = Attacker(thief, thief.role, thief.browsers[0], "")  # type: ignore[arg-type]
    for age in range(36, 98):
        made = send(
            who,
            "/whistles/rules/add/",
            "sentence",
            name=f"试{age}",
            subject="person",
            sentence=f"{age}岁的居民",
            when="holds",
            field="",
            other="",
            role="grid_worker",
            message="{名称}",
            repeat="",
            until="done",
        )
        yield made
        if where(made):
            asked = {"since": "2026-01-01", "until": "2026-11-01"}
            yield thief.browsers[0].get(where(made), asked)


def whistles_heard(thief: Thief) -> Iterator[Any]:
    """Read which alerts were raised, as a rule about everybody would have it."""
    from linli.capabilities.alerts.models import Alert, AlertRule

    with by_the_system():
        rule = AlertRule.objects.create(
            name="每个人",
            place=thief.town.community,
            subject="person",
            when="holds",
            role=thief.role,
            message="{名称}",
            scope_path=thief.town.community.path,
        )
        Alert.objects.bulk_create(
            Alert(
                rule=rule,
                subject_kind="people.person",
                subject_id=person.pk,
                key=str(person.pk),
                name=person.name,
                place=person.home,
                opened_on=date(2026, 11, 1),
                scope_path=person.scope_path,
            )
            for person in Person.objects.select_related("home")
        )
    for page in range(1, 40):
        yield thief.browser.get("/whistles/", {"page": page})


def command_line(thief: Thief) -> Iterator[Any]:
    import contextlib
    import io

    from linli.faces.cli.main import main

    for sentence in ("居民", "60岁以上的居民", "60岁以下的居民"):
        for how in ([], ["--list"]):
            said = io.StringIO()
            with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
                main(["ask", sentence, "--as", thief.username, *how])
            yield said.getvalue()


DOORS: Sequence[Door] = (
    searched_pages,
    searched_by_door,
    asked_pages,
    asked_households,
    api_search,
    api_person,
    person_pages,
    household_pages,
    home_pages,
    round_doors,
    building_pages,
    exports,
    a_form,
    api_list,
    api_list_far,
    whistle_trials,
    whistles_heard,
    command_line,
)
IN_VAIN = 3


def take_all(thief: Thief, doors: Sequence[Door] = DOORS, *, enough: int = 10**6) -> dict[str, int]:
    """Go through every door until it gives nobody new; return how many each gave."""
    gave = {}
    for door in doors:
        before, in_vain = len(thief.seen), 0
        for answer in door(thief):
            known = len(thief.seen)
            thief.look(answer)
            in_vain = in_vain + 1 if len(thief.seen) == known else 0
            if in_vain >= IN_VAIN or len(thief.seen) > enough:
                break
        gave[door.__name__] = len(thief.seen) - before
    return gave
