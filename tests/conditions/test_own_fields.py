"""A fact that an office adds itself works everywhere like a built-in one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest

from linli.core.errors import Refused
from linli.core.fields import EVERYONE, Compare, Condition, Op
from linli.core.scope import Scope, use_scope
from linli.register.people.models import Person
from linli.register.places.models import Place
from linli.register.posts.models import User
from linli.workbench.conditions import actions, queries
from linli.workbench.conditions.models import OwnField
from tests.conditions.town import DONG, TOWN, YIN, Town, by_the_system

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]


@contextmanager
def post(role: str = "secretary", *paths: str) -> Iterator[User]:
    with use_scope(Scope(paths or (YIN,), role)):
        yield User.objects.get(username="office")


def define(by: User, label: str = "爱好", **more: Any) -> OwnField:
    more = {"subject": "person", "kind": "choice", "choices": ["下棋", "书法"], **more}
    return actions.define_attribute(label=label, place=Place.objects.get(path=YIN), by=by, **more)


def test_a_community_asks_who_plays_chess(town: Town) -> None:
    with post() as by:
        hobby = define(by, synonyms=["兴趣"], unit="")
        someone = Person.objects.filter(status="current").first()
        actions.set_value(attribute=hobby, subject_id=someone.pk, value="下棋", by=by)
        question = queries.ask("会下棋的人")
        assert question.text == "爱好＝下棋"
        assert queries.ids(question.condition) == [someone.pk]
        shown = queries.rows(question.condition, columns=["name", f"own_{hobby.pk}"])
        assert shown.lines[0].cells[1].text == "下棋"
        table = queries.cross_tab(Condition("person", EVERYONE), f"own_{hobby.pk}")
        assert dict(zip(table.rows, table.counts, strict=True))["下棋"] == (1,)
        assert queries.read_text("person", "爱好＝下棋") == question.condition


def test_the_neighbours_do_not_know_of_it(town: Town) -> None:
    with post() as by:
        hobby = define(by)
    with post("secretary", DONG) as by:
        assert "下棋" in queries.ask("下棋的人").unknown
        condition = Condition("person", Compare(f"own_{hobby.pk}", Op.EQ, "下棋"))
        with pytest.raises(Refused) as refused:
            queries.count(condition)
        assert refused.value.code == "condition.unknown_field"
        stranger = Person.objects.first()
        with pytest.raises(Refused) as refused:
            actions.set_value(attribute=hobby, subject_id=stranger.pk, value="下棋", by=by)
        assert refused.value.code == "not_found"


def test_a_retired_field_is_not_offered_and_kept_questions_still_answer(town: Town) -> None:
    with post() as by:
        hobby = define(by)
        someone = Person.objects.filter(status="current").first()
        actions.set_value(attribute=hobby, subject_id=someone.pk, value="书法", by=by)
        kept = queries.ask("爱好是书法的人").condition
        actions.retire_attribute(attribute=hobby, by=by)
        assert f"own_{hobby.pk}" not in {
            field_offered.key for field_offered in queries.fields_offered("person")
        }
        assert queries.count(kept) == 1
        with pytest.raises(Refused) as refused:
            actions.set_value(attribute=hobby, subject_id=someone.pk, value="下棋", by=by)
        assert refused.value.code == "field.is_retired"
        assert define(by).pk != hobby.pk  # the name is free again


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"label": ""}, "field.label"),
        ({"label": "年龄≥60"}, "field.label"),
        ({"label": "性别"}, "field.taken"),
        ({"label": "手机号码"}, "field.taken"),
        ({"subject": "cat"}, "field.subject"),
        ({"kind": "colour"}, "field.kind"),
        ({"choices": ["一个"]}, "field.choices"),
        ({"sensitivity": "top"}, "field.sensitivity"),
    ],
)
def test_a_field_that_would_confuse_is_refused(
    town: Town, given: dict[str, Any], code: str
) -> None:
    with post() as by, pytest.raises(Refused) as refused:
        define(by, **given)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("kind", "value"),
    [("number", "九"), ("date", "1999-01-01"), ("flag", 1), ("text", ""), ("choice", "跳舞")],
)
def test_a_value_that_does_not_fit_is_refused(town: Town, kind: str, value: Any) -> None:
    with post() as by:
        field = define(by, label="某事", kind=kind)
        someone = Person.objects.first()
        with pytest.raises(Refused):
            actions.set_value(attribute=field, subject_id=someone.pk, value=value, by=by)


@pytest.mark.parametrize("role", ["grid_worker", "micro_grid_lead", "property_manager", "auditor"])
def test_only_those_who_shape_places_add_fields(town: Town, role: str) -> None:
    with post(role) as by, pytest.raises(Refused) as refused:
        define(by)
    assert refused.value.code == "field.define.not_allowed"


def test_care_that_an_office_notes_is_hidden_like_other_care(town: Town) -> None:
    with post() as by:
        need = define(by, label="助浴需求", kind="flag", sensitivity="care")
        someone = Person.objects.filter(status="current").first()
        actions.set_value(attribute=need, subject_id=someone.pk, value=True, by=by)
    with post("property_manager"), pytest.raises(Refused) as refused:
        queries.count(Condition("person", Compare(f"own_{need.pk}", Op.EQ, True)))
    # Its name alone would tell: for this role there is no such field.
    assert refused.value.code == "condition.unknown_field"


def test_a_value_is_taken_back(town: Town) -> None:
    with post() as by:
        since = define(by, label="开始服务", kind="date")
        someone = Person.objects.filter(status="current").first()
        known = Condition("person", Compare(f"own_{since.pk}", Op.KNOWN))
        actions.set_value(attribute=since, subject_id=someone.pk, value=date(2026, 1, 1), by=by)
        assert queries.count(known) == 1
        assert queries.cross_tab(known, f"own_{since.pk}").total == 1
        actions.set_value(attribute=since, subject_id=someone.pk, value=None, by=by)
        assert queries.count(known) == 0
        assert queries.cross_tab(known, f"own_{since.pk}").total == 0


def test_fields_of_two_communities_with_one_name_are_told_apart(town: Town) -> None:
    with post() as by:
        define(by)
    with post("secretary", DONG) as by:
        actions.define_attribute(
            label="爱好", subject="person", kind="text", place=Place.objects.get(path=DONG), by=by
        )
    with post("subdistrict_officer", TOWN):
        labels = [
            field_offered.label
            for field_offered in queries.fields_offered("person")
            if "爱好" in field_offered.label
        ]
        assert len(set(labels)) == 2
        assert any("殷家社区" in label for label in labels)


def test_somebody_who_moves_takes_the_facts_along(town: Town) -> None:
    with post() as by:
        hobby = define(by)
        someone = Person.objects.filter(status="current").first()
        actions.set_value(attribute=hobby, subject_id=someone.pk, value="下棋", by=by)
        elsewhere = Place.objects.filter(kind="dwelling").exclude(pk=someone.home_id).first()
    from linli.register.people.actions import move_home

    with post() as by:
        move_home(person=someone, dwelling=elsewhere, on=date(2026, 11, 1), by=by)
        asked = queries.ask("爱好是下棋").condition
        assert queries.ids(asked) == [someone.pk]
    with use_scope(Scope((elsewhere.path,), "grid_worker")):
        assert queries.ids(asked) == [someone.pk]
    with by_the_system():
        assert Person.objects.get(pk=someone.pk).scope_path == elsewhere.path
