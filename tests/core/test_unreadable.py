"""One value that cannot be opened: its cell says so, everything else stands, nothing is lost."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from linli.core.database import raw_sql, row_security
from linli.core.personal_data.crypto import CannotOpen, EncryptedText, decrypt, encrypt
from linli.core.personal_data.masking import mask_address, mask_identity_number, mask_phone
from linli.core.personal_data.unreadable import WORDS, UnreadableValue
from linli.core.scope import system_scope
from linli.register.people.models import Person
from tests.guards.walker.fills import filled
from tests.guards.walker.test_questions import a_token
from tests.guards.walker.town import Walk, a_walk
from tests.guards.walker.walk import Walker, addresses, everything_said
from tests.scope.world import by_the_system

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
BROKEN = encrypt("what nobody reads")[:-12] + "AAAAAAAAAAA="


def ours() -> Iterator[tuple[type[models.Model], Any]]:
    """Every column of the product's own tables, found by walking the models."""
    for model in apps.get_models():
        if model.__module__.startswith("linli."):
            for column in model._meta.concrete_fields:
                yield model, column


def sealed_columns() -> list[tuple[type[models.Model], Any]]:
    return [(model, one) for model, one in ours() if isinstance(one, EncryptedText)]


def break_one(model: type[models.Model], column: Any, value: Any) -> None:
    """Let the first row of a table hold something else, as a damaged database would."""
    table = model._meta.db_table
    key = f'"{model._meta.pk.column}"'  # type: ignore[union-attr]
    one = f'SELECT MIN({key}) FROM "{table}"'
    sql = f'UPDATE "{table}" SET "{column.column}" = %s WHERE {key} = ({one})'
    with by_the_system(), row_security.as_owner():
        raw_sql.run(sql, [value], reason="test: a damaged value")


def everything(walk: Walk) -> list[tuple[str, str]]:
    """Every address of our own neighbourhood, with its route; every canary object is made."""
    return [
        (address.route, path)
        for address in addresses()
        if not address.route.startswith(("account/", "patterns/"))
        for values in filled(address.route, dict(address.arguments), walk, "ours")
        for path in [address.path(values)]
    ]


@pytest.mark.postgres(by_night=True)
def test_every_page_stands_with_one_unreadable_row_in_each_table() -> None:
    walk = a_walk()
    asked = everything(walk)
    for model, column in sealed_columns():
        break_one(model, column, BROKEN)
    walker = Walker(walk.users["secretary"])
    wrong, said = [], ""
    for route, path in asked:
        answer = walker.ask("GET", path)
        # A page about many stands; the page of the damaged file itself may say what is wrong.
        is_list = "<" not in route and not route.startswith("api/")
        if answer.status_code >= 500 or (answer.status_code == 422 and is_list):
            wrong.append(f"{path}: {answer.status_code}")
        said += everything_said(answer)
    assert not [*walker.crashes.values(), *wrong], "\n".join([*walker.crashes.values(), *wrong])
    assert WORDS in said


def test_without_the_words_the_pages_would_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: a column that raises takes its whole list away."""
    walk = a_walk()
    break_one(Person, Person._meta.get_field("phone"), BROKEN)
    monkeypatch.setattr("linli.core.personal_data.crypto.or_unreadable", decrypt)
    with by_the_system(), pytest.raises(CannotOpen):
        list(Person.objects.all())
    assert walk.areas


def a_broken_person() -> Person:
    walk = a_walk()
    break_one(Person, Person._meta.get_field("phone"), BROKEN)
    with system_scope("test"):
        assert walk.areas
        return Person.objects.order_by("pk")[0]


def raw_phone(person: Person) -> str:
    with row_security.as_owner():
        sql = "SELECT phone FROM people_person WHERE id = %s"
        return str(raw_sql.run(sql, [person.pk], reason="test: what is there")[0][0])


def test_saving_the_row_leaves_the_unreadable_value_as_it_was() -> None:
    person = a_broken_person()
    assert isinstance(person.phone, UnreadableValue)
    with by_the_system():
        person.workplace = "鄞州"
        person.save()
        Person.objects.bulk_update([person], ["phone", "workplace"])
    assert raw_phone(person) == BROKEN


@pytest.mark.parametrize("new", ["13900005678", "", None])
def test_another_value_does_not_overwrite_it(new: str | None) -> None:
    person = a_broken_person()
    with pytest.raises(CannotOpen, match="没有覆盖"):
        person.phone = new
    assert raw_phone(person) == BROKEN


def test_the_words_of_a_cell_given_back_change_nothing_and_are_never_stored() -> None:
    person = a_broken_person()
    person.phone = WORDS
    assert isinstance(person.phone, UnreadableValue)
    with by_the_system(), pytest.raises(CannotOpen), transaction.atomic():
        Person.objects.filter(pk=person.pk).update(phone=WORDS)
    assert raw_phone(person) == BROKEN


def test_without_the_guard_it_would_be_overwritten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("linli.core.personal_data.crypto._Guarded.__set__")
    person = a_broken_person()
    with by_the_system():
        person.phone = "13900005678"
        person.save()
    assert raw_phone(person) != BROKEN


@pytest.mark.parametrize("mask", [mask_phone, mask_identity_number, mask_address])
def test_a_mask_does_not_cover_the_words(mask: Any) -> None:
    assert mask(WORDS) == WORDS


def test_programs_are_told_too() -> None:
    walk = a_walk()
    break_one(Person, Person._meta.get_field("phone"), BROKEN)
    answer = Walker().client.post(
        "/api/v1/conditions/list",
        {"sentence": "60岁以上的居民", "columns": ["name", "phone"], "limit": 100},
        content_type="application/json",
        headers={"Authorization": f"Bearer {a_token(walk, 'secretary')}"},
    )
    assert answer.status_code == 200
    cells = [cell["text"] for row in answer.json()["rows"] for cell in row["cells"]]
    assert cells.count(WORDS) == 1
    assert [cell for cell in cells if cell.startswith("青鸾")]


def test_check_counts_every_value_that_cannot_be_opened() -> None:
    from linli.faces.cli import health

    person = a_broken_person()
    found = health.keys_fit()
    assert found.state == "bad"
    assert "1" in found.sentence
    assert f"#{person.pk}" in found.sentence
    assert BROKEN not in found.sentence
    assert person.name not in found.sentence


def test_check_is_content_when_all_of_them_open() -> None:
    from linli.faces.cli import health

    a_walk()
    assert health.keys_fit().state == "good"
    assert connection.vendor


ODD = '{"broken": [1]}'


def odd_columns() -> list[tuple[type[models.Model], Any, Any]]:
    """Every stored condition or form, and every picture, with what breaks it."""
    found: list[tuple[type[models.Model], Any, Any]] = []
    for model, one in ours():
        if getattr(model, "append_only", ()) and one.name in model.append_only:
            continue
        if isinstance(one, models.JSONField):
            found.append((model, one, ODD if one.default is not list else '["broken"]'))
        elif isinstance(one, models.BinaryField):
            found.append((model, one, b"no picture and no file"))
    return found


@pytest.mark.nightly
@pytest.mark.parametrize("kind", [models.JSONField, models.BinaryField])
def test_every_page_stands_with_other_values_damaged(kind: type[models.Field[Any, Any]]) -> None:
    walk = a_walk()
    asked = everything(walk)
    for model, column, value in odd_columns():
        if isinstance(column, kind):
            with contextlib.suppress(IntegrityError), transaction.atomic():
                break_one(model, column, value)
    walker = Walker(walk.users["secretary"])
    for _route, path in asked:
        walker.ask("GET", path)
    assert not walker.crashes, "\n".join(walker.crashes.values())
