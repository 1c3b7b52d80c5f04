"""The facts an office added, as fields like any other; the dictionary as one post sees it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from linli.core.fields import (
    DICTIONARY,
    NOT_ASKED,
    PERSON,
    Choice,
    Dictionary,
    Field,
    Kind,
    Sensitivity,
)
from linli.core.personal_data.masking import STAR
from linli.core.scope import Scope, current_scope
from linli.register.posts.rules import Access
from linli.workbench.conditions.access import access_to
from linli.workbench.conditions.care_groups import CHANGEABLE, OWN_GROUP, group_field, rules_of
from linli.workbench.conditions.models import OwnField

# Which key of a value leads to its subject, and which column holds a value of each kind.
LINKS = {
    "person": "person_id",
    "household": "household_id",
    "dwelling": "place_id",
    "building": "place_id",
}
COLUMNS = {
    Kind.NUMBER: "number",
    Kind.DATE: "date",
    Kind.FLAG: "flag",
    Kind.CHOICE: "text",
    Kind.TEXT: "text",
}
DECIMALS = 4
OWNER = "own"


def key_of(attribute_id: int) -> str:
    """Return the key of an office's own fact."""
    return f"own_{attribute_id}"


def mask_own(_text: str) -> str:
    """Show only that something is known."""
    return STAR * 3


def field_of(attribute: OwnField, *, label: str = "") -> Field:
    """Return an office's own fact as a field; a retired one still answers but is not offered."""
    kind = Kind(attribute.kind)
    if attribute.group == OWN_GROUP:
        rules = rules_of(OWN_GROUP, attribute.versions)
        return group_field(
            key_of(attribute.pk),
            label or attribute.label,
            rules,
            synonyms=tuple(attribute.synonyms),
            owner=OWNER,
            description=rules[-1].says if rules else "",
            source=attribute.place.name,
            listed=attribute.retired_on is None,
        )
    return Field(
        key=key_of(attribute.pk),
        label=label or attribute.label,
        kind=kind,
        subject=attribute.subject,
        synonyms=tuple(attribute.synonyms),
        sensitivity=Sensitivity(attribute.sensitivity),
        choices=tuple(Choice(word, word) for word in attribute.choices),
        unit=attribute.unit,
        decimals=DECIMALS if kind is Kind.NUMBER else 0,
        mask=mask_own,
        owner=OWNER,
        description=attribute.description,
        source=attribute.place.name,
        listed=attribute.retired_on is None,
        attribute=attribute.pk,
        silence=NOT_ASKED,
    )


def is_known(attribute: OwnField) -> bool:
    """May the active post know that there is this fact?"""
    return access_to(field_of(attribute), current_scope().role) is not Access.HIDDEN


def own_fields() -> list[Field]:
    """Return the own facts that the active scope may know of, each with a label of its own."""
    # What the role may not see it does not know of: no label, no clash of labels that tells.
    rows = list(OwnField.objects.select_related("place").order_by("pk"))
    attributes = [row for row in rows if row.group in ("", OWN_GROUP) and is_known(row)]
    changed = [changed_group(row) for row in rows if row.group in CHANGEABLE and not row.retired_on]
    if not attributes:
        return changed
    labels = Counter((attribute.subject, attribute.label) for attribute in attributes)
    taken = {
        (subject.key, field.label)
        for subject in DICTIONARY.subjects
        for field in DICTIONARY.fields_of(subject.key, all=True)
    }
    fields = []
    for attribute in attributes:
        named = (attribute.subject, attribute.label)
        # The text of a condition must read back to the one fact it was written for.
        if named in taken or labels[named] > 1:
            fields.append(
                field_of(
                    attribute, label=f"{attribute.label}（{attribute.place.name}{attribute.pk}）"
                )
            )
        else:
            fields.append(field_of(attribute))
    return fields + changed


def changed_group(rule: OwnField) -> Field:
    """Return a built-in group with the rules that a subdistrict gave it."""
    built_in = DICTIONARY.field(PERSON, rule.group)
    rules = rules_of(rule.group, rule.versions)
    if len(rules) == 1:
        return built_in  # every change was taken back
    made = group_field(
        built_in.key,
        built_in.label,
        rules,
        synonyms=built_in.synonyms,
        owner=built_in.owner,
        description=rules[-1].says,
        source=rule.place.name,
    )
    # A bare "80岁以上" still asks for the age; the group's own name asks for the group.
    return made


_read: ContextVar[dict[Scope, Dictionary] | None] = ContextVar("linli_dictionary", default=None)


@contextmanager
def read_once() -> Iterator[None]:
    """Inside the block the offices' own facts are read once for each scope: one page, one look."""
    token = _read.set({})
    try:
        yield
    finally:
        _read.reset(token)


def forget() -> None:
    """Let the next question look again: a fact was defined or retired."""
    dictionaries = _read.get()
    if dictionaries is not None:
        dictionaries.clear()


def dictionary() -> Dictionary:
    """Return every field the active scope can ask for: the built-in ones and the offices' own."""
    dictionaries = _read.get()
    if dictionaries is None:
        return DICTIONARY.with_fields(own_fields())
    scope = current_scope()
    if scope not in dictionaries:
        dictionaries[scope] = DICTIONARY.with_fields(own_fields())
    return dictionaries[scope]
