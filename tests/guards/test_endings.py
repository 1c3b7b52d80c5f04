"""What points at somebody or something that may end says what becomes of it."""

from __future__ import annotations

from django.apps import apps
from django.db import models
from django.utils.module_loading import import_string

from linli.core import endings
from linli.core.endings import Fate
from linli.core.scope import scoped_models
from linli.register.people.models import Household
from linli.register.places.models import Place


def test_every_pointer_says_what_becomes_of_it() -> None:
    assert endings.undeclared(scoped_models()) == []


def test_a_table_that_says_nothing_is_found() -> None:
    """The negative control: a key, and a pointer to any record."""

    class Diary(models.Model):
        household = models.ForeignKey(Household, on_delete=models.CASCADE)
        where = models.OneToOneField(Place, on_delete=models.CASCADE)
        subject_kind = models.CharField(max_length=40)
        subject_id = models.BigIntegerField()

        class Meta:
            app_label = "guards"

    try:
        assert endings.undeclared([Diary]) == [
            "guards.Diary.household → people.household",
            "guards.Diary.where → places.place",
            *(f"guards.Diary.subject_id → {kind}" for kind in endings.KINDS),
        ]
    finally:
        del apps.all_models["guards"]
        apps.clear_cache()


def test_a_declaration_says_how_and_why() -> None:
    for one in endings.declared():
        model = apps.get_model(one.model)
        columns = {column.name for column in model._meta.concrete_fields}
        attributes = {column.attname for column in model._meta.concrete_fields}
        assert len(one.why) >= 4, one.model
        assert set(one.keys) <= columns, one.model
        assert set(one.changes) <= attributes, one.model
        assert set(one.of) <= set(endings.KINDS), one.model
        assert (one.fate is Fate.STAYS) == (not one.close and not one.done_in), one.model
        # What is closed is put back by the columns that say whether it is open.
        told = {
            name
            for other in endings.declared()
            if other.model == one.model
            for name in other.changes
        }
        assert one.fate is not Fate.ENDS or one.done_in or told, one.model


def test_nothing_is_declared_twice() -> None:
    told = [
        (one.model, key, kind) for one in endings.declared() for key in one.keys for kind in one.of
    ]
    assert len(told) == len(set(told))


def misplaced(model: str, path: str) -> bool:
    """Does the app of a table name what is not there, or what it may not know?"""
    app = apps.get_app_config(model.split(".")[0]).name
    is_register = app.startswith("linli.register.") and path.startswith("linli.register.")
    try:
        import_string(path)
    except ImportError:
        return True
    return not (is_register or path.startswith(f"{app}."))


def test_what_closes_a_table_is_there_and_belongs_to_its_app() -> None:
    paths = [(one.model, path) for one in endings.declared() for path in one.paths]
    assert len(paths) > 20
    assert [pair for pair in paths if misplaced(*pair)] == []
    # The negative control.
    assert misplaced("visits.Visit", "linli.capabilities.visits.actions.endings.forget_visits")
    assert misplaced("visits.Visit", "linli.capabilities.directory.ending_actions.look_for_another")
