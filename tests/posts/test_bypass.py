"""Round the second factor, with an ended key, with a fixed session: tried at every address."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings as given
from django.contrib.sessions.backends.base import SessionBase
from django.test import Client

from linli.capabilities.calendar.actions import add_feed
from linli.core.actions import ACTIONS
from linli.core.time import today
from linli.register.posts import gate
from linli.register.posts.actions import end_post, issue_token
from linli.register.posts.models import ApiToken, Post, User
from linli.workbench.journal.models import JournalEntry
from tests.browser import Visitor
from tests.guards.walker.walk import addresses, is_whole
from tests.residents.world import Neighbourhood, a_user, by_the_system, someone, working_as

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
PASSWORD, BACKEND = "shi-jian-2026", "django.contrib.auth.backends.ModelBackend"
NAME, ASKED = "洪翠珍", "/account/2fa/authenticate/"
READ = "/api/v1/tasks"
# The gate looks at no method: by day one that reads and two that write, by night every one.
METHODS = ("GET", "POST", "PUT", *(("HEAD", "OPTIONS") if is_whole() else ()))


@pytest.fixture
def lu(here: Neighbourhood) -> User:
    with working_as("secretary"):
        someone(here.homes[0], NAME)
    return a_user("lu", "subdistrict_officer", here.town)


@pytest.fixture
def chen(here: Neighbourhood) -> User:
    return a_user("chen", "community_worker", here.community)


def inside(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def words(answer: Any) -> str:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return str(body.decode("utf-8", "replace"))


def every_path() -> list[str]:
    """Every address of the resolver, its arguments filled in somehow."""
    kinds = {"int": "1", "uuid": "6f9619ff-8b86-d011-b42d-00cf4fc964ff"}
    return [a.path({name: kinds.get(kind, "1") for name, kind in a.arguments}) for a in addresses()]


def opened(client: Client, paths: list[str]) -> list[str]:
    """What answers with anything but the way to the second factor, or names a resident."""
    found = []
    for path in paths:
        for method in METHODS:
            answer = client.generic(method, path, HTTP_HX_REQUEST="true" if method == "PUT" else "")
            where = answer.headers.get("Location", answer.headers.get("HX-Redirect", ""))
            if NAME in words(answer) or not where.startswith("/second-factor/"):
                found.append(f"{method} {path}: {answer.status_code}")
            if path.startswith("/account/logout/"):
                return found
    return found


@pytest.mark.postgres(by_night=True)
def test_without_a_second_factor_no_address_and_no_method_opens_anything(
    lu: User, settings: Any
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    paths = every_path()
    assert len(paths) > 150
    closed = [path for path in paths if not path.startswith(gate.ALWAYS_OPEN)]
    assert opened(inside(lu), closed) == []
    always = [one for one in paths if one.startswith(gate.ALWAYS_OPEN) and "logout" not in one]
    client = inside(lu)
    for path in (*always, "/api/v1/people/", "/people/?q=翠珍", "//people/", "/static/../people/"):
        for method in ("GET", "POST"):
            assert NAME not in words(client.generic(method, path)), path


def test_where_it_is_not_demanded_the_same_pages_open(lu: User, settings: Any) -> None:
    """The negative control: with the demand switched off the same walk finds what it looks for."""
    settings.SECOND_FACTOR_REQUIRED = False
    assert opened(inside(lu), ["/mine/"])
    assert NAME in words(inside(lu).get("/people/?q=翠珍"))


def test_programs_cannot_skip_it_either(here: Neighbourhood, lu: User, settings: Any) -> None:
    with working_as("subdistrict_officer", here.town.path, user=lu):
        post = Post.objects.get(user=lu)
        raw = issue_token(post=post, name="大屏", purpose="每天同步", days=9, by=lu).raw
        _feed, secret = add_feed(post=post, covers="post", name="我的", by=lu)
    client, doors = inside(lu), (READ, f"/open311/v2/requests.json?api_key={raw}")

    def seen() -> list[int]:
        return [
            Client().get(READ, HTTP_AUTHORIZATION=f"Bearer {raw}").status_code,
            Client().get(doors[1]).status_code,
            client.get(READ).status_code,
            Client().get(f"/cal/{secret}.ics").status_code,
        ]

    assert seen() == [200, 200, 200, 200]
    settings.SECOND_FACTOR_REQUIRED = True
    assert seen() == [401, 403, 401, 404]
    TOTP.activate(lu, generate_totp_secret())
    assert seen() == [200, 200, 200, 200]
    Authenticator.objects.filter(user=lu).delete()
    assert seen() == [401, 403, 401, 404], "taken off again, it is asked again at once"


def test_a_half_finished_sign_in_opens_nothing(lu: User) -> None:
    TOTP.activate(lu, generate_totp_secret())
    client = Client()
    said = client.post(
        "/sign-in/?next=/people/", {"login": "lu", "password": PASSWORD, "remember": "on"}
    )
    assert said.headers["Location"].startswith(ASKED)
    with by_the_system():
        post = Post.objects.get(user=lu).pk
    tries: list[tuple[str, dict[str, Any]]] = [
        ("/mine/post/", {"post": post}),
        ("/sign-in/demonstration/", {"post": post}),
        ("/account/2fa/trust/", {"action": "trust"}),
        (ASKED, {}),
        (ASKED, {"code": ""}),
        (ASKED, {"credential": "{}"}),
        (ASKED, {"credential": "null", "code": "000000"}),
        ("/account/login/webauthn/", {"credential": "{}"}),
        ("/account/reauthenticate/", {"password": PASSWORD}),
        ("/account/2fa/reauthenticate/", {"code": "000000"}),
        ("/account/2fa/totp/deactivate/", {}),
        ("/account/2fa/recovery-codes/generate/", {}),
        (
            "/account/password/change/",
            {"oldpassword": PASSWORD, "password1": "xin-mi-ma-2027", "password2": "xin-mi-ma-2027"},
        ),
    ]
    for path, sent in tries:
        answer = client.post(path, sent)
        assert answer.status_code < 500, path
        assert "_auth_user_id" not in client.session, path
    for path in ("/", "/people/?q=翠珍", "/mine/", "/posts/", "/account/2fa/"):
        assert client.get(path).status_code == 302, path
    assert client.get(READ).status_code == 401
    lu.refresh_from_db()
    assert lu.check_password(PASSWORD)
    assert Authenticator.objects.filter(user=lu, type="totp").exists()


@pytest.mark.parametrize("credential", ["", "{}", "null", "[]", '{"id": "x", "response": {}}'])
def test_a_passkey_that_is_none_signs_nobody_in(lu: User, credential: str) -> None:
    client = Client()
    client.get("/account/login/webauthn/", HTTP_ACCEPT="application/json")
    answer = client.post("/account/login/webauthn/", {"credential": credential})
    assert answer.status_code < 500
    assert "_auth_user_id" not in client.session


def test_a_passkey_does_not_skip_the_own_password_or_the_post(lu: User, settings: Any) -> None:
    """However somebody came in: a told password is changed first, and who has no post is out."""
    settings.SECOND_FACTOR_REQUIRED = True
    Authenticator.objects.create(user=lu, type="webauthn", data={"name": "x", "credential": {}})
    client = inside(lu)
    assert client.get("/mine/").status_code == 200
    with by_the_system():
        User.objects.filter(pk=lu.pk).update(must_change_password=True)
    assert client.get("/mine/").headers["Location"] == "/account/password/change/"
    assert client.get(READ).status_code == 401
    with by_the_system():
        User.objects.filter(pk=lu.pk).update(must_change_password=False)
        Post.objects.filter(user=lu).update(to_date=today() - timedelta(days=1))
    assert client.get("/mine/").status_code == 403


def test_another_post_asks_for_what_it_demands(
    here: Neighbourhood, chen: User, settings: Any
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    with by_the_system():
        officer = Post.objects.create(
            user=chen,
            role="subdistrict_officer",
            place=here.town,
            scope_path=here.town.path,
            from_date=today(),
        )
        worker = Post.objects.exclude(pk=officer.pk).get(user=chen)
    client = inside(chen)
    assert client.get("/mine/").headers["Location"] == "/second-factor/"
    client.post("/mine/post/", {"post": worker.pk})
    assert client.get("/mine/").status_code == 200
    client.post("/mine/post/", {"post": officer.pk})
    assert client.get("/mine/").headers["Location"] == "/second-factor/"
    assert client.get(READ).status_code == 401


def test_what_has_ended_opens_nothing_at_the_next_request(here: Neighbourhood, chen: User) -> None:
    with working_as("community_worker", user=chen):
        post = Post.objects.get(user=chen)
        raw = issue_token(post=post, name="大屏", purpose="每天同步", days=9, by=chen).raw
        _feed, secret = add_feed(post=post, covers="post", name="我的", by=chen)

    def seen() -> list[int]:
        return [
            Client().get(READ, HTTP_AUTHORIZATION=f"Bearer {raw}").status_code,
            Client().get("/open311/v2/requests.json", {"api_key": raw}).status_code,
            Client().get(f"/cal/{secret}.ics").status_code,
        ]

    open_, shut = [200, 200, 200], [401, 403, 404]
    assert seen() == open_
    with by_the_system():
        ApiToken.objects.update(expires_on=today() - timedelta(days=1))
    assert seen() == [401, 403, 200], "the token alone has ended"
    with by_the_system():
        ApiToken.objects.update(expires_on=today())
        User.objects.filter(pk=chen.pk).update(is_active=False)
    assert seen() == shut
    with by_the_system():
        User.objects.filter(pk=chen.pk).update(is_active=True)
    assert seen() == open_
    with working_as("secretary"):
        end_post(post=Post.objects.get(user=chen), by=None)
    assert seen() == shut


@pytest.mark.parametrize("broken", [False, True])
def test_a_session_that_was_planted_is_not_the_one_that_is_signed_in(
    chen: User, monkeypatch: Any, broken: bool
) -> None:
    """Its negative control: with a session that keeps its key the thief is in."""
    if broken:
        monkeypatch.setattr(SessionBase, "cycle_key", lambda self: None)
    thief, victim = Client(), Client()
    thief.post("/language/", {"language": "zh-hans"})
    session = thief.session
    session["planted"] = True
    session.save()
    victim.cookies[given.SESSION_COOKIE_NAME] = session.session_key
    thief.cookies[given.SESSION_COOKIE_NAME] = session.session_key
    victim.post("/sign-in/", {"login": "chen", "password": PASSWORD})
    assert victim.get("/mine/").status_code == 200
    assert (thief.get("/mine/").status_code == 200) == broken


def test_signing_out_everywhere_ends_every_session_and_the_chosen_tokens(
    here: Neighbourhood, chen: User
) -> None:
    here_, elsewhere = inside(chen), inside(chen)
    other = inside(a_user("wu", "secretary", here.community))
    with working_as("community_worker", user=chen):
        post = Post.objects.get(user=chen)
        raws = [
            issue_token(post=post, name=f"第{n}个", purpose="每天同步", days=9, by=chen).raw
            for n in range(2)
        ]
    page = words(here_.get("/sign-out-everywhere/"))
    assert "第0个" in page
    assert "第1个" in page
    with by_the_system():
        pk = [str(ApiToken.objects.get(name="第0个").pk)]
    assert here_.post("/sign-out-everywhere/", {"tokens": ["999"]}).status_code == 422
    assert elsewhere.get("/mine/").status_code == 200
    answer = here_.post("/sign-out-everywhere/", {"sure": "1", "tokens": pk}, follow=True)
    assert "已在所有设备退出" in words(answer)
    for client in (here_, elsewhere):
        assert client.get("/mine/").status_code == 302
    assert other.get("/mine/").status_code == 200
    answers = [Client().get(READ, HTTP_AUTHORIZATION=f"Bearer {raw}").status_code for raw in raws]
    assert answers == [401, 200]
    with by_the_system():
        kind = ACTIONS["user.sign_out_everywhere"].journal
        assert JournalEntry.objects.filter(kind=kind).exists()


def test_a_new_password_ends_every_other_session_and_tells_of_tokens(chen: User) -> None:
    with working_as("community_worker", user=chen):
        post = Post.objects.get(user=chen)
        issue_token(post=post, name="大屏", purpose="每天同步", days=9, by=chen)
    here_, elsewhere = inside(chen), inside(chen)
    new = "xin-mi-ma-2027"
    here_.post(
        "/account/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new}
    )
    assert "1个接口令牌仍然有效" in words(here_.get("/mine/"))
    assert elsewhere.get("/mine/").status_code == 302


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_after_signing_out_the_back_button_shows_nobody(
    browser_page: Visitor, here_live: Neighbourhood
) -> None:
    with working_as("secretary"):
        someone(here_live.homes[0], NAME)
    browser_page.sign_in(a_user("chen", "community_worker", here_live.community))
    page = browser_page.open("/people/?q=翠珍")
    assert page.get_by_text(NAME).count()
    browser_page.open("/sign-out-everywhere/")
    browser_page.click("全部退出", role="button")
    page.go_back()
    page.go_back()
    page.wait_for_url("**/sign-in/**")
    assert not page.get_by_text(NAME).count()
