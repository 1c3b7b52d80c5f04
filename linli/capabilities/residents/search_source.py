"""People in the one search: found as on the page 找人; a number asks for its purpose first."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from linli.capabilities.residents.queries import listed_by
from linli.core.interface.registry import record_address
from linli.core.interface.shell import SearchHit, SearchHits
from linli.core.time import today
from linli.register.people.models import Person
from linli.register.people.queries import facts_line, number_kind, people_by_key, people_found
from linli.workbench.read_budget.actions import note_read


def find_people(words: str, limit: int) -> SearchHits | None:
    """Return the people whom every word fits; those shown are noted as read."""
    rows, href = people_found(words), _all_at(words)
    # The keys alone, once: to count thousands and to sort them again would be the slow part.
    keys = list(rows.values_list("pk", flat=True))
    note_read(keys[:limit], listed=listed_by(words, len(keys)))
    shown = people_by_key(keys[:limit])
    hits = [_hit(shown[key], is_sure=len(keys) == 1) for key in keys[:limit]]
    return SearchHits(hits, len(keys), href)


def find_by_number(words: str, limit: int) -> SearchHits | None:
    """Offer to look somebody up by a number; whose it is nobody is told without a purpose."""
    kind = number_kind(words)
    if not kind or (kind == "tail" and not words.isdecimal()):
        return None  # 3-802 is a door
    label = _("查这个号码是谁的")
    note = _("要写用途，记入日志，本人可以看到")
    # Four digits are a door as well; a whole number is nothing else.
    return SearchHits([SearchHit(label, _all_at(words), note, "id", is_sure=kind != "tail")], 1)


def _all_at(words: str) -> str:
    return f"{reverse('residents:search')}?{urlencode({'q': words})}"


def _hit(person: Person, *, is_sure: bool) -> SearchHit:
    facts = facts_line(person, today())
    note = " · ".join(part for part in (facts, str(person.home or "")) if part)
    return SearchHit(
        person.name, record_address("people.person", person.pk), note, "user", is_sure=is_sure
    )
