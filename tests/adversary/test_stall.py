"""Nobody stops the others: by a small file, by wrong passwords, by an input that goes on and on."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from linli.register.posts.models import User
from tests.adversary.bombs import BOMBS, long_table
from tests.adversary.costs import cost_of
from tests.adversary.spraying import OUT, forms_of, open_paths
from tests.adversary.worlds import PASSWORD, Attacker, Town, a_town, an_attacker
from tests.residents.world import a_neighbourhood, a_user
from tests.scope.world import by_the_system

pytestmark = [pytest.mark.django_db, pytest.mark.postgres(by_night=True)]

# Twice as much of something may be twice the work and a little more.
TWICE, A_LITTLE = 2.6, 15_000
MOST_QUESTIONS = 120


@pytest.fixture
def town(db: None) -> Town:
    return a_town()


def brought(
    who: Attacker, path: str, box: str, typed: dict[str, Any], name: str, data: bytes
) -> Any:
    file = SimpleUploadedFile(name, data)
    return who.client.post(path, {**typed, box: file}, follow=True)


def taken_back(ask: Callable[[], Any]) -> Callable[[], Any]:
    def asked() -> Any:
        cache.clear()
        with transaction.atomic():
            answer = ask()
            transaction.set_rollback(True)
        return answer

    return asked


def a_box(who: Attacker, page: str) -> tuple[str, str, dict[str, Any]]:
    """Return the box for a file on a page: address, its name, what else the form says."""
    for target, form in forms_of(who, [page]):
        if form.files:
            return target, form.files[0], form.values
    raise AssertionError(f"{page} takes no file")


def test_a_small_word_file_is_no_work_for_the_server(town: Town) -> None:
    who = an_attacker(town, "secretary")
    box, costs = a_box(who, "/forms/"), {}
    brought(who, *box, "表.docx", long_table(3))  # what is made once is not counted
    for rows in (40, 80):
        data = long_table(rows)
        assert len(data) < 8192
        costs[rows] = cost_of(lambda d=data: brought(who, *box, "表.docx", d))
        assert not costs[rows].broken_off, costs[rows].where.most_common(5)
        assert costs[rows].answer.redirect_chain, "it was read"
    few, many = costs[40], costs[80]
    assert many.lines <= few.lines * TWICE, (few.lines, many.lines)
    assert many.while_writing <= few.while_writing * TWICE, (few, many)


def file_doors(who: Attacker) -> list[tuple[str, str, dict[str, Any]]]:
    """Return every box for a file on every page of a role: (address, box, the rest)."""
    return [
        (target, box, form.values)
        for target, form in forms_of(who, open_paths(who.town))
        for box in form.files
        if not any(one in target for one in OUT)
    ]


@pytest.mark.nightly
@pytest.mark.parametrize("role", ["subdistrict_officer", "secretary", "property_manager"])
def test_every_box_for_a_file_survives_every_bomb(town: Town, role: str) -> None:
    wrong = []
    who = an_attacker(town, role)
    doors = file_doors(who)
    assert doors
    for name, (make, size) in BOMBS.items():
        data = make(size)
        for path, box, typed in doors:
            cost = cost_of(
                taken_back(
                    lambda p=path, b=box, t=typed, n=name, d=data: brought(who, p, b, t, n, d)
                )
            )
            status = cost.answer.status_code if cost.answer is not None else 0
            if cost.broken_off or status >= 500 or cost.while_writing > 100_000:
                wrong.append(f"{name} {path} {box}: {status}, {cost.lines}, {cost.while_writing}")
    assert not wrong, "\n".join(wrong)


# ── signing in ──

HERE, THERE = "203.0.113.7", "198.51.100.9"


def enter(name: str, password: str, address: str, device: Client | None = None) -> int:
    """Try to sign in from an address, as the proxy of the installation tells it."""
    answer = (device or Client(raise_request_exception=False)).post(
        "/sign-in/",
        {"login": name, "password": password},
        REMOTE_ADDR="127.0.0.1",
        headers={"X-Forwarded-For": address},
    )
    return int(answer.status_code)


@pytest.fixture
def behind_a_proxy(settings: Any, db: None) -> None:
    cache.clear()
    settings.BEHIND_HTTPS = True
    settings.LINLI_PROXIES = 1
    settings.SECURE_SSL_REDIRECT = False
    # Not what is tried here, and slow on purpose.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    here = a_neighbourhood()
    a_user("owner", "community_worker", here.community)
    a_user("other", "grid_worker", here.community)
    with by_the_system():
        User.objects.update(password=make_password(PASSWORD))


def test_wrong_passwords_keep_the_guesser_out_and_not_the_owner(behind_a_proxy: None) -> None:
    tries = [enter("owner", f"wrong-{n}", HERE) for n in range(12)]
    assert 429 in tries, "the guesser is stopped"
    assert enter("owner", PASSWORD, HERE) != 302, "also with the right one, for a while"
    assert enter("owner", PASSWORD, THERE) == 302, "the owner is elsewhere, and comes in"
    assert enter("other", PASSWORD, THERE) == 302


def test_guesses_from_many_addresses_do_not_lock_the_owner_out(behind_a_proxy: None) -> None:
    """From a device signed in on before: a new one waits until the hour is over."""
    device = Client(raise_request_exception=False)
    assert enter("owner", PASSWORD, THERE, device) == 302
    device.post("/account/logout/")
    for n in range(40):
        enter("owner", f"wrong-{n}", f"203.0.113.{n}")
    assert enter("owner", PASSWORD, THERE, device) == 302


def test_empty_posts_lock_nobody_else(behind_a_proxy: None) -> None:
    for _ in range(140):
        enter("", "", HERE)
    assert enter("other", PASSWORD, THERE) == 302


def test_an_address_that_somebody_claims_is_not_believed(behind_a_proxy: None) -> None:
    """Whoever writes another address before their own is counted by their own."""
    tries = [enter("owner", f"wrong-{n}", f"198.51.100.{n}, {HERE}") for n in range(12)]
    assert 429 in tries
    assert enter("owner", PASSWORD, THERE) == 302


# ── inputs ──

DEEP: Any = {"field": "age", "op": "ge", "value": 60}
for _ in range(900):
    DEEP = {"not": DEEP}


def _many(parts: int) -> dict[str, Any]:
    return {"any": [{"field": "age", "op": "eq", "value": n % 100} for n in range(parts)]}


def asks(n: int) -> dict[str, Callable[[Attacker], Any]]:
    """Return inputs of a size, each at a door that reads them."""

    def counted(where: Any) -> Callable[[Attacker], Any]:
        body = {"condition": {"subject": "person", "where": where}}
        return lambda who: who.post_json("/api/v1/conditions/count", json.dumps(body))

    def page(path: str, **asked: str) -> Callable[[Attacker], Any]:
        return lambda who: who.get(path, **asked)

    return {
        "parts": counted(_many(n)),
        "values": counted({"field": "name", "op": "in", "value": [f"名{k}" for k in range(n)]}),
        "long value": counted({"field": "name", "op": "contains", "value": "甲" * n}),
        "sentence": page("/ask/", q="老人和" * n),
        "sentence of digits": page("/ask/", q="1" * n + "岁"),
        "canonical text": page("/ask/", s="person", c="年龄≥60岁 且 " * n + "独居"),
        "brackets": page("/ask/", s="person", c="（" * n + "独居" + "）" * n),
        "many texts": lambda who: who.client.get("/ask/", {"s": "person", "c": ["独居"] * n}),
        "search": page("/people/", q="a" * n),
        "search in words": page("/people/", q="甲 " * n),
        "pinyin": page("/people/", q="zhangxian" * n),
        "places": page("/places/", q="甲1幢" * n),
        "directory": page("/directory/", q="(a+)+$" * n),
        "advice": lambda who: who.post("/cases/take/advice/", text="电梯坏了" * n),
        "alike": lambda who: who.post("/report/alike/", text="电梯坏了" * n),
        "parse": lambda who: who.post_json(
            "/api/v1/conditions/parse", json.dumps({"sentence": "老人" * n})
        ),
        "pages": page("/ask/", s="person", page="9" * n),
        "sort": page("/ask/", s="person", sort="-" * n + "age"),
        "audience": lambda who: who.post(
            "/notices/write/", audience="老人且" * n, subject="题", text="文", step="look"
        ),
        "columns": lambda who: who.client.get("/ask/", {"s": "person", "col": ["name"] * n}),
    }


BY_DAY, BY_NIGHT = (150, 300), (25_000, 50_000)


@pytest.mark.parametrize(
    "sizes", [BY_DAY, pytest.param(BY_NIGHT, marks=pytest.mark.nightly)], ids=["day", "night"]
)
def test_an_input_of_twice_the_length_is_twice_the_work(town: Town, sizes: tuple[int, int]) -> None:
    who, wrong = an_attacker(town, "secretary"), []
    few, many = sizes
    for name, ask in asks(few).items():
        first, then = cost_of(lambda a=ask: a(who)), cost_of(lambda n=name: asks(many)[n](who))
        status = then.answer.status_code if then.answer is not None else 0
        if then.lines > first.lines * TWICE + A_LITTLE or then.broken_off or not 0 < status < 500:
            wrong.append(f"{name}: {status}, {first.lines} then {then.lines} lines")
        if then.questions > MOST_QUESTIONS:
            wrong.append(f"{name}: {then.questions} questions")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "body",
    [
        '{"condition": ' + "[" * 1000 + "]" * 1000 + "}",
        "[" * 100_000,
        '{"a":' * 5000 + "1" + "}" * 5000,
        json.dumps({"condition": {"subject": "person", "where": DEEP}}),
        json.dumps({"condition": {"subject": "person", "where": {}}, "limit": 10**400}),
    ],
    ids=["list", "open", "object", "not", "number"],
)
def test_a_bottomless_body_is_refused(town: Town, body: str) -> None:
    who = an_attacker(town, "grid_worker")
    for what in ("count", "list", "cross-tab"):
        cost = cost_of(lambda w=what: who.post_json(f"/api/v1/conditions/{w}", body))
        assert 400 <= cost.answer.status_code < 500
        assert cost.lines < 100_000


# ── the negative controls ──


def test_work_that_grows_with_the_square_is_found() -> None:
    from linli.core.personal_data.masking import mask_name

    def squared(n: int) -> None:
        for _ in range(n * n):
            mask_name("虞阿香")

    few, many = (cost_of(lambda n=n: squared(n)) for n in (40, 80))
    assert many.lines > few.lines * TWICE + A_LITTLE


def test_without_the_count_the_guesser_goes_on(
    behind_a_proxy: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from linli.core.network import rate_limit

    monkeypatch.setattr(rate_limit, "count", lambda bounds: 0)
    monkeypatch.setattr(rate_limit, "seconds_to_wait", lambda bounds: 0)
    assert 429 not in [enter("owner", f"wrong-{n}", HERE) for n in range(12)]
