"""Names by which records are sealed: each means one model, and none is ever given up."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from django.apps import apps

from linli.core.record_keys import is_key_of, record_key, record_name

FILE = Path(__file__).parent / "record_names.json"


def names() -> dict[str, str]:
    """Return the name of every model of the product, by its label."""
    own = [model for model in apps.get_models() if model.__module__.startswith("linli.")]
    return {model._meta.label: record_name(model) for model in own}


def faults(given: Mapping[str, str], kept: list[str]) -> list[str]:
    """Return names that two models share, that went, or that nobody wrote down."""
    shared = [f"{name} twice" for name, number in Counter(given.values()).items() if number > 1]
    gone = [f"{name} is gone: its model keeps it as record_name" for name in kept]
    gone = [said for said in gone if said.split()[0] not in given.values()]
    fresh = sorted(set(given.values()) - set(kept))
    return [*shared, *gone, *(f"{name}: add it to {FILE.name}" for name in fresh)]


def test_every_name_means_one_model_and_none_is_given_up() -> None:
    assert faults(names(), json.loads(FILE.read_text())) == []


def test_a_renamed_a_shared_and_a_new_name_are_found() -> None:
    """The negative control."""
    given, kept = names(), json.loads(FILE.read_text())
    renamed = {**given, "coverage.Coverage": "coverage"}
    assert faults(renamed, kept) == [
        "canvass is gone: its model keeps it as record_name",
        "coverage: add it to record_names.json",
    ]
    assert "person twice" in faults({**given, "toy.Person": "person"}, kept)


def test_a_key_fits_its_pointer_and_no_other() -> None:
    from linli.commons.coverage.models import Coverage

    assert record_name(Coverage) == "canvass", "sealed so before the class had its present name"
    assert is_key_of("canvass:7", "coverage.coverage", 7)
    assert not is_key_of("coverage:7", "coverage.coverage", 7)
    assert not is_key_of("person:7", "people.person", 8)
    assert is_key_of("", "", None)
    assert not is_key_of("person:7", "", None)


def test_a_lazy_record_has_the_key_of_its_model() -> None:
    """Somebody who is signed in comes as one."""
    from django.utils.functional import SimpleLazyObject

    from linli.register.posts.models import User

    assert record_key(SimpleLazyObject(lambda: User(pk=7))) == "user:7"
    assert record_key("no record") == ""
