"""Whoever guesses must wait; the owner gets in. Counted by one address, whatever the proxy says."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from linli.core.network.rate_limit import Bound, count
from linli.register.posts import guesses
from linli.register.posts.devices import COOKIE
from linli.register.posts.models import User
from tests.residents.world import Neighbourhood, a_user, by_the_system

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
PASSWORD, OWNER, GUESSER = "shi-jian-2026", "198.51.100.20", "203.0.113.66"


@pytest.fixture
def chen(here: Neighbourhood) -> User:
    return a_user("chen", "community_worker", here.community)


@pytest.fixture(autouse=True)
def behind_a_proxy(settings: Any) -> None:
    settings.LINLI_PROXIES = 1
    # Not what is tried here, and slow on purpose.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def quick(chen: User, settings: Any) -> User:
    with by_the_system():
        chen.set_password(PASSWORD)
        chen.save()
    return chen


def from_there(address: str, client: Client | None = None) -> Client:
    """A browser behind the proxy, which adds the address; the browser lies about another."""
    client = client or Client()
    client.defaults["HTTP_X_FORWARDED_FOR"] = f"127.0.0.1, 10.9.8.7, {address}"
    return client


def try_in(client: Client, name: str = "chen", password: str = "wrong") -> Any:
    return client.post("/sign-in/", {"login": name, "password": password})


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def guess_away(name: str = "chen", times: int = 6, address: str = GUESSER) -> int:
    client = from_there(address)
    return [try_in(client, name).status_code for _ in range(times)][-1]


def test_the_guesser_is_locked_and_the_owner_elsewhere_is_not(quick: User) -> None:
    assert guess_away() == 429
    assert try_in(from_there(GUESSER), password=PASSWORD).status_code == 429
    owner = from_there(OWNER)
    assert try_in(owner, password=PASSWORD).status_code == 302
    assert is_in(owner)


def test_another_spelling_or_a_made_up_address_is_no_new_guesser(quick: User) -> None:
    assert guess_away() == 429
    assert guess_away("CHEN ", times=1) == 429
    client = from_there(GUESSER)
    client.defaults["HTTP_X_FORWARDED_FOR"] = f"192.0.2.77, {GUESSER}"
    assert try_in(client).status_code == 429
    for host in ("2001:db8:7:7::1", "2001:db8:7:7:ffff::2"):
        last = guess_away("wang", times=3, address=host)
    assert last == 429, "one /64 is one caller"


def test_if_the_proxy_were_the_caller_everybody_would_be_locked(quick: User, settings: Any) -> None:
    """The negative control: the same story with the address of the proxy."""
    settings.LINLI_PROXIES = 0
    assert guess_away() == 429
    owner = from_there(OWNER)
    assert try_in(owner, password=PASSWORD).status_code == 429


def test_the_owner_gets_in_from_a_known_device_even_at_the_guessers_address(quick: User) -> None:
    owner = from_there(GUESSER)
    assert try_in(owner, password=PASSWORD).status_code == 302
    owner.post("/account/logout/")
    assert guess_away() == 429
    stranger = from_there(GUESSER)
    assert try_in(stranger, password=PASSWORD).status_code == 429
    assert try_in(owner, password=PASSWORD).status_code == 302
    assert is_in(owner)


def test_a_guess_from_everywhere_is_bounded_and_known_devices_still_get_in(quick: User) -> None:
    owner = from_there(OWNER)
    try_in(owner, password=PASSWORD)
    owner.post("/account/logout/")
    answers = [try_in(from_there(f"203.0.113.{n}")).status_code for n in range(40)]
    assert answers.count(200) == 30
    fresh = from_there("192.0.2.200")
    said = try_in(fresh, password=PASSWORD)
    assert said.status_code == 429
    assert "登录过的手机或电脑" in said.content.decode()
    assert int(said.headers["Retry-After"]) <= 3600
    assert try_in(owner, password=PASSWORD).status_code == 302


def test_one_address_that_tries_many_names_must_wait_too(here: Neighbourhood) -> None:
    bound = Bound("wrong password address", GUESSER, 100, 3600)
    for _ in range(99):
        count([bound])
    client = from_there(GUESSER)
    assert try_in(client, "zhao").status_code == 200
    assert try_in(client, "qian").status_code == 429
    assert try_in(from_there(OWNER), "qian").status_code == 200


def test_a_device_is_known_for_its_own_user_by_our_signature_until_signed_out(
    here: Neighbourhood, quick: User
) -> None:
    other = a_user("wang", "community_worker", here.community)
    owner = from_there(OWNER)
    try_in(owner, password=PASSWORD)
    cookie = owner.cookies[COOKIE]
    assert cookie["httponly"]
    for text in (cookie.value + "x", cookie.value.replace(":", "", 1), "", "e30:1:x"):
        forged = from_there(GUESSER)
        forged.cookies[COOKIE] = text
        forged.get("/sign-in/")
        request = forged.get("/sign-in/").wsgi_request
        assert not guesses.known_device(request, quick)
    request = owner.get("/sign-in/").wsgi_request
    assert guesses.known_device(request, quick)
    assert not guesses.known_device(request, other)
    with by_the_system():
        User.objects.filter(pk=quick.pk).update(sign_outs=1)
    quick.refresh_from_db()
    assert not guesses.known_device(request, quick)


def test_a_stolen_device_guesses_ten_times_and_is_then_a_stranger(quick: User) -> None:
    owner = from_there(OWNER)
    try_in(owner, password=PASSWORD)
    owner.post("/account/logout/")
    answers = [try_in(owner).status_code for _ in range(17)]
    assert answers.count(200) == 15, "ten of its own, then five like anybody's"
    assert answers[-1] == 429


def test_empty_posts_lock_nobody(quick: User) -> None:
    client = from_there(GUESSER)
    answers = {client.post("/sign-in/", {}).status_code for _ in range(120)}
    assert answers == {200}
    assert try_in(from_there(GUESSER), password=PASSWORD).status_code == 302


def test_codes_and_old_passwords_are_no_other_doors(quick: User) -> None:
    TOTP.activate(quick, generate_totp_secret())
    thief = from_there(GUESSER)
    assert try_in(thief, password=PASSWORD).status_code == 302
    asked = "/account/2fa/authenticate/"
    answers = [thief.post(asked, {"code": "000000"}).status_code for _ in range(7)]
    assert answers == [200] * 5 + [429] * 2
    assert not is_in(thief)
    inside = from_there("203.0.113.67")
    inside.force_login(quick, backend="django.contrib.auth.backends.ModelBackend")
    sent = {"password1": "xin-mi-ma-2027", "password2": "xin-mi-ma-2027"}
    doors: list[tuple[str, dict[str, str]]] = [
        ("/account/password/change/", {"oldpassword": "wrong", **sent}),
        ("/account/reauthenticate/", {"password": "wrong"}),
    ]
    codes = [inside.post(*doors[n % 2]).status_code for n in range(7)]
    assert codes == [200] * 5 + [429] * 2, "two doors, one count"


def test_a_right_password_is_taken_back(quick: User) -> None:
    for _ in range(12):
        owner = from_there(OWNER)
        assert try_in(owner, password=PASSWORD).status_code == 302
    for _ in range(4):
        try_in(from_there(OWNER))
    assert try_in(from_there(OWNER), password=PASSWORD).status_code == 302
    assert guess_away(address=OWNER, times=5) == 200, "and the owner's slips are forgotten"


def test_the_page_is_chinese_in_both_scripts_and_english(quick: User) -> None:
    guess_away()
    said = {"zh-hans": "分钟后再试", "zh-hant": "分鐘後再試", "en": "minutes"}
    for language, words in said.items():
        client = from_there(GUESSER)
        client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
        assert words in try_in(client).content.decode()
