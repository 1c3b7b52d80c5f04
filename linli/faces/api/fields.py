"""What may be asked: the facts of a subject, as this post may see them."""

from __future__ import annotations

from typing import Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema

from linli.core.interface.api_schemas import answers
from linli.workbench.conditions import queries
from linli.workbench.conditions.results import OfferedField

router = Router()
Subject = Literal["person", "household", "dwelling", "building"]


class ChoiceSchema(Schema):
    """One value of a fact with fixed values, or one way to compare."""

    value: str
    label: str


class FieldOut(Schema):
    """A fact: how it is called, compared and shown."""

    key: str
    label: str
    kind: str
    group: str
    unit: str
    ops: list[ChoiceSchema]
    choices: list[ChoiceSchema]
    masked: bool
    sortable: bool
    spread: bool
    own: bool
    synonyms: list[str]


@router.get("", response=answers(list[FieldOut]), url_name="fields")
def fields(request: HttpRequest, subject: Subject) -> list[FieldOut]:
    """List the facts of a subject that this post may ask for; hidden ones are not named."""
    return [_out(field_offered) for field_offered in queries.fields_offered(subject)]


def _out(offered: OfferedField) -> FieldOut:
    return FieldOut(
        key=offered.key,
        label=_(offered.label),
        kind=offered.kind,
        group=offered.group,
        unit=offered.unit,
        ops=[ChoiceSchema(value=op.op, label=op.label) for op in offered.ops],
        choices=[ChoiceSchema(value=value, label=_(label)) for value, label in offered.choices],
        masked=offered.masked,
        sortable=offered.sortable,
        spread=offered.spread,
        own=offered.own,
        synonyms=list(offered.synonyms),
    )
