"""One order on both databases: what is empty last, texts byte by byte, the key at the end."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.core.paginator import Paginator
from django.db import connection
from django.db.models import Count, F
from django.db.models.functions import Random

from linli.core.database.row_order import order_left_to_the_engine_for_negative_control
from linli.core.scope import system_scope
from linli.register.people.models import Person
from tests.people import a_subdistrict, by_the_system

pytestmark = [pytest.mark.django_db]
A, B = date(1950, 3, 1), date(1960, 3, 1)
BORN = (B, None, A, None, B, A, None, B, A, None)
# As the bytes have it: capitals, small letters, characters by their number.
NAMES = ("Zoe", "ann", "一", "万", "丁", "阿", "Ann", "𠮷", "一", "龙")


@pytest.fixture
def people() -> Any:
    home = a_subdistrict().home("1", "101")
    with by_the_system():
        Person.objects.bulk_create(
            Person(name=name, birth_date=born, home=home, scope_path=home.path)
            for name, born in zip(NAMES, BORN, strict=True)
        )
    with system_scope("test"):
        yield Person.objects.all()


def pages(rows: Any) -> list[int]:
    """Return the keys of all pages, one after the other, each asked by itself."""
    sheets = Paginator(rows, 3)
    return [row.pk for number in sheets.page_range for row in sheets.page(number)]


@pytest.mark.postgres
@pytest.mark.parametrize("turned", [False, True])
def test_undated_rows_come_last_and_ties_fall_by_the_key(people: Any, turned: bool) -> None:
    sign = -1 if turned else 1
    expected = sorted(
        people,
        key=lambda one: (
            one.birth_date is None,
            sign * (one.birth_date or A).toordinal(),
            sign * one.pk,
        ),
    )
    said = pages(people.order_by("-birth_date" if turned else "birth_date"))
    assert said == [one.pk for one in expected]
    # Turned round as a whole it is the same, from its end.
    assert pages(people.order_by("birth_date").reverse())[:4] == [
        one.pk for one in sorted(people, key=lambda one: -one.pk) if one.birth_date is None
    ]


@pytest.mark.postgres
def test_texts_are_compared_byte_by_byte(people: Any) -> None:
    expected = sorted(people, key=lambda one: (one.name.encode(), one.pk))
    assert pages(people.order_by("name")) == [one.pk for one in expected]
    names = list(people.order_by("name").values_list("name", flat=True).distinct())
    assert names == sorted(set(NAMES), key=str.encode)
    if connection.vendor == "postgresql":
        # The negative control: left to a server that speaks a language it is another order.
        asked = str(people.order_by("name").query)
        assert 'COLLATE "C"' in asked
        with order_left_to_the_engine_for_negative_control():
            assert "COLLATE" not in str(people.order_by("name").query)


def test_the_order_of_groups_and_distinct_values_is_not_widened(people: Any) -> None:
    groups = people.values("birth_date").annotate(n=Count("pk")).order_by("birth_date")
    assert [(row["birth_date"], row["n"]) for row in groups] == [(A, 3), (B, 3), (None, 4)]
    dates = people.order_by("birth_date").values_list("birth_date", flat=True).distinct()
    assert list(dates) == [A, B, None]
    assert set(people.order_by("?")) == set(people.order_by(Random()))
    assert people.order_by("birth_date").first().birth_date == A
    assert people.order_by("birth_date").last().birth_date is None
    both = people.filter(birth_date=A).union(people.filter(birth_date=B)).order_by("pk")
    assert len(both) == 6


def test_what_says_where_empty_goes_is_left_as_it_is(people: Any) -> None:
    rows = people.order_by(F("birth_date").asc(nulls_first=True))
    assert [row.birth_date for row in rows][:4] == [None] * 4


def open_orders() -> list[str]:
    """Return the orders that leave something open: of every model its own, and by each column."""
    found = []
    for model in apps.get_models():
        if not model.__module__.startswith("linli."):
            continue
        key = f'"{model._meta.pk.column}" ASC'
        for name in [field.attname for field in model._meta.concrete_fields]:
            said = str(model._base_manager.order_by(name).query).partition(" ORDER BY ")[2]
            field: Any = model._meta.get_field(name)
            is_open = field.null and "NULLS LAST" not in said
            is_last = field.unique and not field.null
            if is_open or not (is_last or said.endswith(key)):
                found.append(f"{model._meta.label}.{name}: {said}")
        said = str(model._base_manager.all().query).partition(" ORDER BY ")[2]
        unique = [field.column for field in model._meta.concrete_fields if field.unique]
        if said and not any(f'"{column}" ' in said for column in unique):
            found.append(f"{model._meta.label}: {said}")
    return found


def test_no_column_and_no_model_leaves_its_order_open() -> None:
    with system_scope("test"):
        assert open_orders() == []
        # The negative control.
        with order_left_to_the_engine_for_negative_control():
            left = "\n".join(open_orders())
    assert "people.Person.birth_date" in left
    assert "reports.SavedReport: " in left
