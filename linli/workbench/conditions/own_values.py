"""What is known of one subject in the offices' own fields, as this post may see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from linli.core.fields import Kind
from linli.core.scope import current_scope
from linli.register.posts.rules import Access
from linli.workbench.conditions.access import access_to
from linli.workbench.conditions.listing.lines import in_words
from linli.workbench.conditions.models import OwnField, OwnFieldValue
from linli.workbench.conditions.own_fields import COLUMNS, LINKS, field_of, mask_own


@dataclass(frozen=True)
class OwnFact:
    """One of the office's own facts about somebody or something; no text means not known."""

    attribute: OwnField
    text: str
    value: Any = None


def own_facts(subject: str, target: Any) -> list[OwnFact]:
    """Return the own facts that are kept where ``target`` is, in the order they were defined."""
    rows = OwnField.objects.filter(subject=subject, group="", retired_on__isnull=True)
    fields = [own_field for own_field in rows if target.scope_path.startswith(own_field.scope_path)]
    values = {
        value.attribute_id: value
        for value in OwnFieldValue.objects.filter(
            attribute__in=fields, **{LINKS[subject]: target.pk}
        )
    }
    role = current_scope().role
    facts = []
    for field in fields:
        seen = access_to(field_of(field), role)
        if seen is not Access.HIDDEN:
            facts.append(_shown(field, values.get(field.pk), masked=seen is Access.MASKED))
    return facts


def known_value(attribute: OwnField, target: Any) -> Any:
    """Return what is known of a subject in one field, also to a role that sees it covered."""
    link = {LINKS[attribute.subject]: target.pk}
    row = OwnFieldValue.objects.filter(attribute=attribute, **link).first()
    return None if row is None else getattr(row, COLUMNS[Kind(attribute.kind)])


def access_at(attribute: OwnField, target: Any) -> Access:
    """Return what the post that asks sees of a field of a subject; elsewhere it is no field."""
    if not target.scope_path.startswith(attribute.scope_path):
        return Access.HIDDEN
    return access_to(field_of(attribute), current_scope().role)


def _shown(attribute: OwnField, value: OwnFieldValue | None, *, masked: bool) -> OwnFact:
    if value is None:
        return OwnFact(attribute, "")
    known = getattr(value, COLUMNS[Kind(attribute.kind)])
    if masked:
        return OwnFact(attribute, mask_own(""))
    return OwnFact(attribute, in_words(field_of(attribute), known)[0], known)
