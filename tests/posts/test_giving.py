"""Posts are given and ended inside one's own scope, and never above one's own role."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from linli.core.errors import NotFound, Refused
from linli.core.time import today
from linli.register.posts.actions import add_user, end_post, give_post, reset_password
from linli.register.posts.models import Post, User
from linli.workbench.journal.models import JournalEntry
from tests.browser import Visitor
from tests.residents.world import Neighbourhood, a_user, by_the_system, working_as

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 1)


@pytest.fixture
def shu(here: Neighbourhood) -> User:
    return a_user("shu", "secretary", here.community)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def words(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_secretary_gives_posts_below_their_own_only(here: Neighbourhood, shu: User) -> None:
    with working_as("secretary", user=shu):
        new = add_user(username="Lin_1", name="林一", by=shu).user
        give_post(user=new, role="community_worker", place=here.community, from_date=DAY, by=shu)
        for role, place, code in (
            ("secretary", here.community, "post.role_above"),
            ("subdistrict_officer", here.town, "post.role_above"),
            ("community_worker", here.other, "not_found"),
            ("grid_worker", here.homes[0], "post.place"),
            ("emperor", here.community, "post.role"),
        ):
            with pytest.raises(Refused) as wrong:
                give_post(user=new, role=role, place=place, from_date=DAY, by=shu)
            assert wrong.value.code == code
        with pytest.raises(Refused, match="已有这个岗位"):
            give_post(
                user=new, role="community_worker", place=here.community, from_date=DAY, by=shu
            )
        with pytest.raises(Refused, match="早于"):
            give_post(
                user=new,
                role="community_worker",
                place=here.community,
                from_date=DAY,
                to_date=DAY - timedelta(days=1),
                by=shu,
            )


@pytest.mark.parametrize("role", ["community_worker", "grid_worker", "auditor"])
def test_others_give_no_posts(here: Neighbourhood, role: str) -> None:
    client = client_of(a_user("x", role, here.community))
    assert client.get("/posts/").status_code == 404
    assert client.post("/posts/give/", {}).status_code == 404
    with working_as(role), pytest.raises(Refused):
        add_user(username="lin", name="林", by=None)


def test_nobody_ends_their_own_post_or_a_higher_one(here: Neighbourhood, shu: User) -> None:
    fang = a_user("fang", "subdistrict_officer", here.town)
    with working_as("secretary", user=shu):
        with pytest.raises(Refused):
            end_post(post=Post.objects.get(user=shu), by=shu)
        with pytest.raises(Post.DoesNotExist):
            Post.objects.get(user=fang)
    with working_as("subdistrict_officer", here.town.path, user=fang):
        with pytest.raises(Refused, match="自己"):
            end_post(post=Post.objects.get(user=fang), by=fang)
        end_post(post=Post.objects.get(user=shu), by=fang)
        with pytest.raises(Refused, match="已经结束"):
            end_post(post=Post.objects.get(user=shu), by=fang)


def test_a_password_is_reset_only_for_those_below(here: Neighbourhood, shu: User) -> None:
    lin = a_user("lin", "community_worker", here.community)
    far = a_user("far", "community_worker", here.other)
    fang = a_user("fang", "subdistrict_officer", here.town)
    with working_as("secretary", user=shu):
        new = reset_password(user=lin, by=shu)
        assert new.user.check_password(new.password)
        assert new.user.must_change_password
        for user in (far, fang, shu):
            with pytest.raises(Refused):
                reset_password(user=user, by=shu)
    with by_the_system():
        said = "".join(f"{e.text}{e.data}" for e in JournalEntry.objects.all())
    assert new.password not in said


def test_usernames_are_checked_and_unique(here: Neighbourhood, shu: User) -> None:
    with working_as("secretary", user=shu):
        for username in ("", "a", "有 空格", "a@b"):
            with pytest.raises(Refused):
                add_user(username=username, name="林", by=shu)
        with pytest.raises(Refused, match="姓名"):
            add_user(username="lin", name=" ", by=shu)
        with pytest.raises(Refused, match="已有人用"):
            add_user(username="SHU", name="舒", by=shu)


def test_the_whole_story_in_pages(here: Neighbourhood, shu: User) -> None:
    client = client_of(shu)
    sent = {
        "username": "lin",
        "name": "林一",
        "role": "community_worker",
        "place": here.community.pk,
        "from_date": today().isoformat(),
    }
    page = words(client.post("/posts/give/", sent))
    assert "只显示这一次" in page
    with by_the_system():
        post = Post.objects.select_related("user").get(user__username="lin")
    assert "林一" in words(client.get("/posts/"))
    wrong = client.post("/posts/give/", {**sent, "username": "b@d"})
    assert wrong.status_code == 422
    assert "用户名用两个以上" in words(wrong)
    with by_the_system():
        assert not User.objects.filter(username="b@d").exists()
    assert client.get(f"/posts/{post.pk}/end/").status_code == 200
    assert client.post(f"/posts/{post.pk}/password/").status_code == 200
    assert client.post(f"/posts/{post.pk}/end/").status_code == 302
    assert "林一" not in words(client.get("/posts/"))
    assert "林一" in words(client.get("/posts/?ended=1"))


def test_a_refused_post_leaves_no_user_behind(here: Neighbourhood, shu: User) -> None:
    sent = {
        "username": "lin",
        "name": "林一",
        "role": "grid_worker",
        "place": here.community.pk,
        "from_date": today().isoformat(),
    }
    answer = client_of(shu).post("/posts/give/", sent)
    assert answer.status_code == 422
    assert "不能设在" in words(answer)
    with by_the_system():
        assert not User.objects.filter(username="lin").exists()


def test_posts_elsewhere_are_not_found(here: Neighbourhood, shu: User) -> None:
    far = a_user("far", "community_worker", here.other)
    with by_the_system():
        post = Post.objects.get(user=far)
    client = client_of(shu)
    for verb in ("end", "password"):
        assert client.get(f"/posts/{post.pk}/{verb}/").status_code == 404
        assert client.post(f"/posts/{post.pk}/{verb}/").status_code == 404
    with working_as("secretary", user=shu), pytest.raises(NotFound):
        give_post(user=far, role="community_worker", place=here.other, from_date=DAY, by=shu)


@pytest.mark.browser
def test_giving_on_phone_and_desktop(browser_page: Visitor, here_live: Neighbourhood) -> None:
    shu = a_user("shu", "secretary", here_live.community)
    lin = a_user("lin", "community_worker", here_live.community)
    browser_page.sign_in(shu)
    browser_page.open("/posts/")
    browser_page.open("/posts/give/")
    with by_the_system():
        pk = Post.objects.get(user=lin).pk
    browser_page.open(f"/posts/{pk}/end/")
    browser_page.open(f"/posts/{pk}/password/")
    browser_page.click("重设密码", role="button")
