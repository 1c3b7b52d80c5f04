"""Signing in, being locked out, and being out when the post ends."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.conf import settings
from django.test import Client

from linli.core.database.marks import set_mark
from linli.core.time import today
from linli.register.posts.actions import end_post
from linli.register.posts.models import Post, User
from tests.browser import Visitor
from tests.residents.world import Neighbourhood, a_user, by_the_system, someone, working_as

pytestmark = pytest.mark.django_db
PASSWORD = "shi-jian-2026"


@pytest.fixture
def chen(here: Neighbourhood) -> User:
    return a_user("chen", "community_worker", here.community)


def try_in(client: Client, username: str, password: str) -> Any:
    return client.post("/sign-in/", {"login": username, "password": password})


def words(answer: Any) -> str:
    return str(answer.content.decode())


def test_name_and_password_open_the_door_and_the_session_is_a_new_one(chen: User) -> None:
    client = Client()
    client.get("/sign-in/")
    client.session.save()
    before = client.cookies.get(settings.SESSION_COOKIE_NAME)
    answer = try_in(client, "chen", PASSWORD)
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/"
    after = client.cookies[settings.SESSION_COOKIE_NAME]
    assert before is None or before.value != after.value
    assert client.get("/").status_code == 200


def test_passwords_are_kept_as_argon2(chen: User) -> None:
    assert chen.password.startswith("argon2")


def test_a_wrong_name_and_a_wrong_password_read_the_same(chen: User) -> None:
    pages = [words(try_in(Client(), name, "wrong-password")) for name in ("chen", "nobody")]
    sentences = [re.findall(r"用户名或密码不正确", page) for page in pages]
    assert sentences[0] == sentences[1] != []


def test_too_many_wrong_passwords_lock_the_door_in_plain_words(chen: User) -> None:
    client = Client()
    answers = [try_in(client, "chen", f"wrong-{n}") for n in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert "15分钟后再试" in words(answers[-1])
    right = try_in(client, "chen", PASSWORD)
    assert right.status_code == 429, "the right password does not open a locked door either"
    assert "_auth_user_id" not in client.session


def test_nobody_signs_up_and_no_mail_is_sent(here: Neighbourhood) -> None:
    for path in ("signup/", "password/reset/", "email/", "login/code/", "confirm-email/x/"):
        answer = Client().get(f"/account/{path}")
        assert answer.status_code == 404, path
        assert "这里不办这件事" in words(answer)
    assert Client().get("/account/login/?next=/people/").headers["Location"] == (
        "/sign-in/?next=/people/"
    )


def test_a_page_asks_to_sign_in_and_leads_back(chen: User) -> None:
    answer = Client().get("/people/")
    assert answer.headers["Location"] == "/sign-in/?next=/people/"


@pytest.mark.parametrize(
    ("days", "says"),
    [
        ({"from_date": date(2025, 1, 1), "to_date": date(2026, 1, 1)}, "已于2026-01-01结束"),
        ({"from_date": date(2999, 1, 1)}, "从2999-01-01开始"),
    ],
)
def test_who_has_no_post_today_gets_one_clear_page(
    here: Neighbourhood, days: dict[str, date], says: str
) -> None:
    client = Client()
    client.force_login(
        a_user("zhang", "grid_worker", here.community, **days),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    for path in ("/", "/people/", "/posts/", "/mine/"):
        answer = client.get(path)
        assert answer.status_code == 403, path
        assert says in words(answer)
        assert "退出登录" in words(answer)


def test_a_leaver_is_out_with_the_next_request(here: Neighbourhood, chen: User) -> None:
    with working_as("community_worker"):
        person = someone(here.homes[0])
    client = Client()
    client.force_login(chen, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(f"/people/{person.pk}/").status_code == 200
    with working_as("secretary"):
        end_post(post=Post.objects.get(user=chen), by=None)
    assert client.get(f"/people/{person.pk}/").status_code == 403


def test_a_switched_off_user_is_out_with_the_next_request(chen: User) -> None:
    client = Client()
    client.force_login(chen, backend="django.contrib.auth.backends.ModelBackend")
    with by_the_system():
        User.objects.filter(pk=chen.pk).update(is_active=False)
    assert client.get("/people/").status_code == 302


def test_two_posts_are_two_scopes_and_one_switch(here: Neighbourhood, chen: User) -> None:
    with by_the_system():
        other = Post.objects.create(
            user=chen,
            role="grid_worker",
            place=here.other,
            scope_path=here.other.path,
            from_date=date(2026, 1, 1),
        )
    with working_as("subdistrict_officer", here.town.path):
        someone(here.homes[0], "虞阿香")
        someone(here.elsewhere, "金丝雀")
    client = Client()
    client.force_login(chen, backend="django.contrib.auth.backends.ModelBackend")
    found = {name: name in words(client.get("/people/", {"q": name})) for name in ("阿香", "丝雀")}
    assert "虞阿香" in words(client.get("/people/", {"q": "阿香"}))
    assert "金丝雀" not in words(client.get("/people/", {"q": "丝雀"})), found
    assert client.post("/mine/post/", {"post": other.pk}).status_code == 302
    assert "金丝雀" in words(client.get("/people/", {"q": "丝雀"}))
    assert "虞阿香" not in words(client.get("/people/", {"q": "阿香"}))
    assert client.post("/mine/post/", {"post": 999}).status_code == 404


def test_a_told_password_is_changed_before_anything_else(chen: User) -> None:
    with by_the_system():
        User.objects.filter(pk=chen.pk).update(must_change_password=True)
    client = Client()
    try_in(client, "chen", PASSWORD)
    assert client.get("/people/").headers["Location"] == "/account/password/change/"
    changed = client.post(
        "/account/password/change/",
        {"oldpassword": PASSWORD, "password1": "xin-mi-ma-2027", "password2": "xin-mi-ma-2027"},
    )
    assert changed.headers["Location"] == "/", "on to 今日, not back to the form"
    assert client.get("/people/").status_code == 200


def test_in_production_officers_and_auditors_set_a_second_factor_first(
    here: Neighbourhood, settings: Any
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    for role, status in (("subdistrict_officer", 302), ("auditor", 302), ("secretary", 200)):
        place = here.town if role == "subdistrict_officer" else here.community
        client = Client()
        client.force_login(
            a_user(role, role, place), backend="django.contrib.auth.backends.ModelBackend"
        )
        answer = client.get("/mine/")
        assert answer.status_code == status, role
        if status == 302:
            assert answer.headers["Location"] == "/second-factor/"
            assert "通行密钥" in words(client.get("/second-factor/"))


def test_an_officer_is_asked_for_a_second_factor_on_the_first_page(here: Neighbourhood) -> None:
    for role, place, asked in (
        ("subdistrict_officer", here.town, True),
        ("secretary", here.community, False),
    ):
        client = Client()
        client.force_login(
            a_user(role, role, place), backend="django.contrib.auth.backends.ModelBackend"
        )
        assert ("请设置第二道验证" in words(client.get("/"))) == asked


def test_with_a_second_factor_the_password_alone_does_not_open(chen: User) -> None:
    secret = generate_totp_secret()
    TOTP.activate(chen, secret)
    client = Client()
    answer = try_in(client, "chen", PASSWORD)
    assert answer.headers["Location"].startswith("/account/2fa/authenticate/")
    assert client.get("/people/").status_code == 302
    asked = "/account/2fa/authenticate/"
    assert client.get(asked).status_code == 200
    assert client.post(asked, {"code": "000000"}).status_code == 200
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    assert client.post(asked, {"code": code}).status_code == 302
    assert client.get("/people/").status_code == 200


def test_the_demonstration_lists_its_people_and_lets_them_in_by_a_tap(
    chen: User, settings: Any
) -> None:
    with by_the_system():
        post = Post.objects.get(user=chen)
    assert Client().post("/sign-in/demonstration/", {"post": post.pk}).status_code == 404
    assert "用户chen" not in words(Client().get("/sign-in/"))
    settings.DEMO = True
    assert Client().post("/sign-in/demonstration/", {"post": post.pk}).status_code == 404
    assert "用户chen" not in words(Client().get("/sign-in/")), "the setting alone opens nothing"
    set_mark()
    client = Client()
    assert "用户chen" in words(client.get("/sign-in/"))
    assert client.get("/sign-in/demonstration/").status_code == 405
    assert client.post("/sign-in/demonstration/", {"post": "999"}).status_code == 404
    assert client.post("/sign-in/demonstration/", {"post": post.pk}).status_code == 302
    assert client.get("/people/").status_code == 200


@pytest.mark.browser
def test_the_door_on_phone_and_desktop(
    browser_page: Visitor, here_live: Neighbourhood, settings: Any
) -> None:
    settings.DEMO = True
    set_mark()
    a_user("chen", "community_worker", here_live.community)
    a_user("fang", "subdistrict_officer", here_live.town, title="平安办")
    a_user("gone", "grid_worker", here_live.community, to_date=today() - timedelta(days=1))
    page = browser_page.open("/sign-in/")
    page.get_by_label("用户名").fill("gone")
    page.get_by_label("密码").fill(PASSWORD)
    browser_page.seen.expected_status = 403
    browser_page.click("登录", role="button")
    browser_page.click("退出登录", role="button")
    browser_page.click("用户fang", role="button")
    assert "今日" in page.title() or page.locator("h1").is_visible()
    for path in ("/second-factor/", "/account/2fa/", "/account/password/change/"):
        browser_page.open(path)
