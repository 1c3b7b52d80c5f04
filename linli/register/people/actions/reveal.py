"""Showing one covered value of one person for a minute, for a stated purpose."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.core.actions import action, write_journal
from linli.core.errors import Refused
from linli.core.fields import DICTIONARY, Sensitivity
from linli.core.personal_data.masking import mask_text
from linli.core.scope import current_scope, one_or_not_found, use_scope
from linli.register.people.birth import fact_of
from linli.register.people.models import Person
from linli.register.people.normalise import EDITABLE
from linli.register.people.rules import SHORTEST_PURPOSE
from linli.register.people.terms import RevealPurpose
from linli.register.posts.models import User
from linli.register.posts.permits import role_in
from linli.register.posts.rules import MAY_REVEAL

may_reveal = role_in(MAY_REVEAL)


def is_covered(name: str) -> bool:
    """Is this a stored fact of a person that is shown covered?"""
    fact = next((field for field in DICTIONARY.fields_of("person") if field.key == name), None)
    return fact is not None and name in EDITABLE and fact.sensitivity is Sensitivity.PERSONAL


def purpose_words(purpose: str, words: str) -> str:
    """Return what a covered value is needed for, without numbers; refuse what says nothing."""
    if purpose not in RevealPurpose.values:
        raise Refused("reveal.purpose", _("请选择用途"), "purpose")
    words = " ".join(words.split())
    if len(words) < SHORTEST_PURPOSE:
        raise Refused(
            "reveal.words",
            _("请写清用途，至少%(n)s个字") % {"n": SHORTEST_PURPOSE},
            "words",
            _("例如：通知体检时间"),
        )
    return f"{RevealPurpose(purpose).label}：{mask_text(words)}"


@dataclass(frozen=True)
class RevealedValue:
    """A value in the open; it is shown and forgotten."""

    field: str
    value: str


@action(
    "person.reveal_field",
    term=gettext_noop("查看个人信息"),
    may=may_reveal,
    journal="person.field_revealed",
)
def reveal_field(
    *, person: Person, field: str, purpose: str, words: str, by: User | None
) -> RevealedValue:
    """Show one covered value of one person; the resident can see who looked and why."""
    if not is_covered(field):
        raise Refused("reveal.field", _("这一项不能这样查看"), "field")
    purpose_text = purpose_words(purpose, words)
    person = one_or_not_found(Person.objects.all(), pk=person.pk)
    with use_scope(replace(current_scope(), purpose=purpose_text)):
        data = {"field": field, "purpose": purpose}
        write_journal("person.field_revealed", about=person, data=data, by=by)
    value = fact_of(person, field)
    return RevealedValue(field, str(value) if value else "")
