"""What retention does with forms: missing values, forms about one person, what was handed in."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from typing import Any

from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from linli.capabilities.form_filling.models import FormInstance, FormReturn, OpenQuestion
from linli.capabilities.form_filling.terms import UNFINISHED, QuestionState
from linli.core.batch_cache import cached
from linli.core.personal_data.crypto import CannotOpen, open_json
from linli.core.retention import ErasureMode, TableDeclaration, declare, register_waits


def forms_under_way(people: Collection[int]) -> Mapping[int, str]:
    """A form somebody stands in is not handed in."""
    form_instances = FormInstance.objects.filter(person__in=people, state__in=UNFINISHED)
    open_questions = OpenQuestion.objects.filter(
        person__in=people, state=QuestionState.OPEN, form_instance__state__in=UNFINISHED
    )
    people_waiting = {
        *form_instances.values_list("person", flat=True),
        *open_questions.values_list("person", flat=True),
    }
    return dict.fromkeys(people_waiting, _("还有没填完的表"))


def form_returns_with(person: int) -> QuerySet[FormReturn]:
    """Return what was handed in with a row of this person; the rows are sealed and read once."""
    form_returns = FormReturn.objects.exclude(file=b"").filter(form_instance__subject="person")
    as_of = (form_returns.count(), form_returns.aggregate(last=Max("pk"))["last"])
    # Kept within one run: it forgets many people, and each would open every archive again.
    # Not longer: a restored database can have as many returns and another row in them.
    returns_of = cached(("form_filling.returns", as_of), lambda: _people_in(form_returns))
    rows: QuerySet[FormReturn] = FormReturn.objects.filter(pk__in=returns_of.get(person, ()))
    return rows


def _people_in(form_returns: QuerySet[FormReturn]) -> dict[int, list[int]]:
    returns_of: dict[int, list[int]] = {}
    for form_return in form_returns.only("pk", "rows").iterator():
        with suppress(CannotOpen):  # what nobody can open names nobody; `linli check` tells it
            for row in open_json(form_return.rows or "{}"):
                returns_of.setdefault(int(row), []).append(form_return.pk)
    return returns_of


def drop_form_returns(form_instances: QuerySet[Any]) -> None:
    """Delete what was handed in of forms about one person: the form goes as a whole."""
    FormReturn.objects.filter(form_instance__in=form_instances).delete()


def declare_tables() -> None:
    """Tell the registry."""
    declare(
        TableDeclaration(
            "form_filling.OpenQuestion",
            ("person",),
            ErasureMode.DELETE,
            "缺项写着问谁、答了什么",
            order=40,
        ),
        TableDeclaration(
            "form_filling.FormReturn",
            (),
            ErasureMode.BLANK,
            "上交件里有本人的一行：文件和行清空，上交过、多少行留作数字",
            rows=form_returns_with,
            blank={"file": b"", "rows": ""},
        ),
        TableDeclaration(
            "form_filling.FormInstance",
            ("person",),
            ErasureMode.DELETE,
            "只为本人填的表",
            first=drop_form_returns,
            order=60,
        ),
    )
    register_waits("forms", forms_under_way)
