"""`linli users` and a second `linli init`: who is there and who is to be, from the machine."""

from __future__ import annotations

import json

import pytest
from allauth.mfa.models import Authenticator

from linli.core.scope import system_scope
from linli.faces.cli.main import main
from linli.register.posts.models import Post, User
from linli.workbench.journal.models import JournalEntry
from tests.people import Subdistrict, a_subdistrict, a_user

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def town() -> Subdistrict:
    return a_subdistrict()


def told(capsys: pytest.CaptureFixture[str], *typed: str) -> dict[str, object]:
    capsys.readouterr()
    assert main([*typed, "--json"]) == 0, capsys.readouterr().err
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def refused(capsys: pytest.CaptureFixture[str], *typed: str) -> str:
    capsys.readouterr()
    assert main(list(typed)) == 2
    return capsys.readouterr().err


def test_a_colleague_is_added_appointed_and_helped(
    town: Subdistrict, capsys: pytest.CaptureFixture[str]
) -> None:
    new = told(capsys, "users", "add", "linyi", "林一")
    assert len(str(new["password"])) > 10
    assert "linyi" in refused(capsys, "users", "add", "LINYI", "林一")
    assert "林一" in refused(capsys, "users", "add", "linyi", "林二")
    appoint = ("users", "appoint", "linyi", "社区工作者", town.community.name)
    assert told(capsys, *appoint)["role"] == "community_worker"
    assert "已有这个岗位" in refused(capsys, *appoint)
    again = told(capsys, "users", "reset-password", "linyi")
    assert again["password"] != new["password"]
    lin = User.objects.get(username="linyi")
    Authenticator.objects.create(user=lin, type="totp", data={"secret": "x"})
    (listed,) = told(capsys, "users", "list")["users"]  # type: ignore[misc]
    assert (listed["username"], listed["second_factor"]) == ("linyi", True)
    assert listed["posts"] == [f"{town.community.name} · 社区工作者"]
    told(capsys, "users", "reset-second-factor", "linyi", "--reason", "手机丢了")
    assert not lin.authenticator_set.exists()
    assert "没有设置" in refused(
        capsys, "users", "reset-second-factor", "linyi", "--reason", "手机丢了"
    )
    with system_scope("look"):
        kinds = list(JournalEntry.objects.order_by("seq").values_list("kind", flat=True))
        said = "".join(f"{entry.text}{entry.data}" for entry in JournalEntry.objects.all())
    assert kinds[-4:] == [
        "user.added",
        "post.given",
        "user.password_reset",
        "user.second_factor_reset_here",
    ]
    assert str(again["password"]) not in said


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (("nobody", "社区书记", "殷家社区"), "没有用户“nobody”"),
        (("ma", "皇帝", "殷家社区"), "没有“皇帝”这种岗位"),
        (("ma", "社区书记", "无名社区"), "没有“无名社区”"),
        (("ma", "社区书记", "社区"), "可能是"),
        (("ma", "社区书记", "东方丽都"), "不能设在"),
        (("ma", "社区书记", "殷家社区", "--from", "某日"), "某日"),
    ],
)
def test_what_is_not_clear_is_refused_in_words(
    town: Subdistrict, capsys: pytest.CaptureFixture[str], typed: tuple[str, ...], says: str
) -> None:
    a_user("ma", "subdistrict_officer", town.town)
    assert says in refused(capsys, "users", "appoint", *typed)
    with system_scope("look"):
        assert Post.objects.count() == 1


def test_with_as_it_is_the_users_own_scope(
    town: Subdistrict, capsys: pytest.CaptureFixture[str]
) -> None:
    a_user("yin", "secretary", town.community)
    a_user("lin", "community_worker", town.community)
    a_user("far", "community_worker", town.next_community)
    users = told(capsys, "users", "list", "--as", "yin")["users"]
    assert {one["username"] for one in users} == {"yin", "lin"}  # type: ignore[attr-defined]
    assert "不能" in refused(capsys, "users", "reset-password", "far", "--as", "yin")
    words = ("users", "reset-second-factor", "lin", "--reason", "手机丢了", "--as", "yin")
    assert "不能" in refused(capsys, *words)


def test_a_second_init_says_who_is_there_and_appoints(
    db: None, capsys: pytest.CaptureFixture[str]
) -> None:
    first = told(capsys, "init", "330212007", "--officer", "陆颖")
    again = told(capsys, "init", "330212007")
    assert (first["is_new"], again["is_new"]) == (True, False)
    assert again["communities"] == first["communities"]
    assert again["officers"] == [{"name": "陆颖", "username": "luying"}]
    capsys.readouterr()
    assert main(["init", "330212007"]) == 0
    assert "街道干部：陆颖（luying）" in capsys.readouterr().out
    assert "luying" in refused(capsys, "init", "330212007", "--officer", "卢英")
    more = told(capsys, "init", "330212007", "--officer", "卢英", "--username", "luying2")
    assert [one["name"] for one in more["officers"]] == ["陆颖", "卢英"]  # type: ignore[attr-defined]
    assert "已有这个岗位" in refused(capsys, "init", "330212007", "--officer", "陆颖")
