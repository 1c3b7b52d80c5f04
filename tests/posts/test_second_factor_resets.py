"""A lost second factor is taken away by two people, and a user name is nobody else's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from linli.core.errors import Refused
from linli.core.time import today
from linli.register.posts.actions import known_user
from linli.register.posts.actions.second_factor_resets import agree_reset, ask_reset, reset_here
from linli.register.posts.models import Post, SecondFactorReset, User
from linli.workbench.journal.models import JournalEntry
from tests.residents.world import Neighbourhood, a_user, by_the_system, working_as

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def with_second_factor(user: User) -> User:
    Authenticator.objects.create(user=user, type="totp", data={"secret": "x"})
    return user


def post_of(user: User) -> Post:
    with by_the_system():
        return Post.objects.select_related("user").get(user=user)


def kinds() -> list[str]:
    with by_the_system():
        return list(JournalEntry.objects.order_by("seq").values_list("kind", flat=True))


def test_one_asks_and_a_second_person_confirms(here: Neighbourhood) -> None:
    ma = a_user("ma", "subdistrict_officer", here.town)
    fang = a_user("fang", "subdistrict_officer", here.town)
    lu = with_second_factor(a_user("lu", "subdistrict_officer", here.town))
    lus = client_of(lu)
    ask = f"/posts/{post_of(lu).pk}/second-factor/"
    asking = client_of(ma)
    assert "重设第二道验证" in asking.get(f"/posts/{post_of(lu).pk}/end/").content.decode()
    assert asking.post(ask, {"reason": "丢"}).status_code == 422
    assert asking.post(ask, {"reason": "手机丢了，本人当面来说"}).status_code == 302
    assert asking.post(ask, {"reason": "手机丢了，本人当面来说"}).status_code == 422, "it waits"
    with by_the_system():
        reset = SecondFactorReset.objects.get()
    there = f"/second-factor-resets/{reset.pk}/"
    assert "确认重设" not in asking.get(there).content.decode().split("</h1>")[1]
    assert asking.post(there).status_code == 422
    assert lus.post(there).status_code == 422, "not for oneself"
    assert lu.authenticator_set.exists()
    assert "手机丢了" in client_of(fang).get(there).content.decode()
    assert client_of(fang).post(there).status_code == 302
    assert not lu.authenticator_set.exists()
    assert lus.get("/posts/").status_code == 302, "every session has ended"
    assert client_of(fang).get(there).status_code == 404
    assert kinds()[-2:] == ["user.second_factor_reset_asked", "user.second_factor_reset"]


def test_who_may_not_reset_the_password_takes_no_second_factor(here: Neighbourhood) -> None:
    shu = a_user("shu", "secretary", here.community)
    lu = with_second_factor(a_user("lu", "subdistrict_officer", here.town))
    lin = a_user("lin", "community_worker", here.community)
    with working_as("secretary", user=shu):
        for user in (lu, shu):
            with pytest.raises(Refused):
                ask_reset(post=post_of(user), reason="手机丢了", by=shu)
        with pytest.raises(Refused, match="没有设置"):
            ask_reset(post=post_of(lin), reason="手机丢了", by=shu)
    assert lu.authenticator_set.exists()


def test_a_request_is_confirmed_once_and_within_three_days(here: Neighbourhood) -> None:
    ma = a_user("ma", "subdistrict_officer", here.town)
    fang = a_user("fang", "subdistrict_officer", here.town)
    lu = with_second_factor(a_user("lu", "subdistrict_officer", here.town))
    with working_as("subdistrict_officer", here.town.path, user=ma):
        reset = ask_reset(post=post_of(lu), reason="手机丢了", by=ma)
        with pytest.raises(Refused):
            agree_reset(reset=reset, by=ma)
    with by_the_system():
        old = timezone.now() - timedelta(days=4)
        SecondFactorReset.objects.filter(pk=reset.pk).update(asked_at=old)
    agreeing = working_as("subdistrict_officer", here.town.path, user=fang)
    with agreeing, pytest.raises(Refused, match="过期"):
        agree_reset(reset=reset, by=fang)
    assert lu.authenticator_set.exists()
    with by_the_system():
        reset_here(user=lu, reason="最后一位干部", by=None)
    assert not lu.authenticator_set.exists()
    assert kinds()[-1] == "user.second_factor_reset_here"


def test_the_machines_own_way_is_not_for_those_who_sign_in(here: Neighbourhood) -> None:
    ma = a_user("ma", "subdistrict_officer", here.town)
    lin = with_second_factor(a_user("lin", "secretary", here.community))
    with working_as("subdistrict_officer", here.town.path, user=ma), pytest.raises(Refused):
        reset_here(user=lin, reason="手机丢了", by=ma)


def test_a_taken_user_name_with_another_name_is_asked(here: Neighbourhood) -> None:
    shu = a_user("shu", "secretary", here.community)
    lin = a_user("lin", "grid_worker", here.community)
    far = a_user("far", "community_worker", here.other)
    client = client_of(shu)
    given = {
        "username": "lin",
        "name": "林二",
        "role": "community_worker",
        "place": here.community.pk,
        "from_date": today().isoformat(),
    }
    answer = client.post("/posts/give/", given)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert f"是“{lin.name}”的" in page
    assert 'type="checkbox" name="is_same"' in page
    with by_the_system():
        assert Post.objects.filter(user=lin).count() == 1
    far_answer = client.post("/posts/give/", {**given, "username": "far", "is_same": "on"})
    assert far_answer.status_code == 422
    assert f"“{far.name}”的" not in far_answer.content.decode(), "a name from elsewhere is not told"
    with by_the_system():
        assert Post.objects.filter(user=far).count() == 1
    client.post("/posts/give/", {**given, "is_same": "on"})
    client.post("/posts/give/", {**given, "username": "lin2"})
    with by_the_system():
        assert Post.objects.filter(user=lin).count() == 2
        assert User.objects.get(username="lin2").name == "林二"
    with working_as("secretary", user=shu):
        assert known_user(username="LIN", name=f" {lin.name} ") == lin
        assert known_user(username="nobody", name="林二") is None
