"""A person's page, and uncovering one covered value for a minute."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from linli.capabilities.residents.forms import RevealForm
from linli.capabilities.residents.queries import (
    FactLine,
    care_lines,
    cover,
    fact_groups,
    person_fields,
    words_of,
)
from linli.capabilities.residents.reveals import open_for_a_minute, seconds_left
from linli.core.errors import NotFound, Refused
from linli.core.interface.registry import record_address
from linli.core.scope import current_scope
from linli.core.time import age_on, today
from linli.register.people.actions import is_covered, may_reveal, reveal_field
from linli.register.people.models import Person
from linli.register.people.queries import facts_line, members, person_or_not_found, stays
from linli.register.posts.queries import signed_in
from linli.register.posts.rules import MAY_EDIT_PEOPLE
from linli.workbench.conditions.own_values import own_facts
from linli.workbench.journal.queries import looks_at
from linli.workbench.read_budget.actions import note_read


@login_required
@never_cache
@require_GET
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a person: care kinds with reasons, facts with sources, household, stays, journal."""
    found = person_or_not_found(pk)
    together = members(found.household) if found.household else []
    note_read([found.pk, *(one.pk for one in together)])
    day = today()
    groups, unknown = fact_groups(found)
    context = {
        "person": found,
        "facts_line": facts_line(found, day),
        "care_kinds": care_lines(found, day),
        "groups": [
            (group, [_with_reveal(request, found, line) for line in group.lines])
            for group in groups
        ],
        "unknown": unknown,
        "household": found.household,
        "household_href": record_address("people.household", found.household_id),
        "members": _members(found, together),
        "stays": [(s, record_address("places.place", s.place.pk)) for s in stays(found)],
        "home_href": record_address("places.place", found.home_id),
        "looked": looks_at(found),
        "may_edit": current_scope().role in MAY_EDIT_PEOPLE,
        "is_here": found.status == "current",
        "own_facts": own_facts("person", found),
    }
    return render(request, "residents/person.html", context)


def _with_reveal(request: HttpRequest, found: Person, line: FactLine) -> dict[str, Any]:
    """Add what is needed to uncover a value, and the value itself during its minute."""
    made: dict[str, Any] = {"line": line, "seconds": 0, "open": "", "href": ""}
    if line.is_covered and may_reveal.holds():
        made["href"] = reverse("residents:reveal", args=[found.pk, line.key])
        made["seconds"] = seconds_left(request, found.pk, line.key)
        if made["seconds"]:
            made["open"] = words_of(found, line.key)
    return made


def _members(found: Person, together: list[Person]) -> list[dict[str, Any]]:
    day = today()
    return [
        {
            "person": one,
            "href": record_address("people.person", one.pk),
            "relation": one.get_relation_to_head_display(),
            "age": age_on(one.birth_date, day) if one.birth_date else None,
        }
        for one in together
        if one.pk != found.pk
    ]


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def reveal(request: HttpRequest, pk: int, field: str) -> HttpResponse:
    """Ask what for, then show one covered value on the person's page for a minute."""
    found = person_or_not_found(pk)
    if not may_reveal.holds() or not is_covered(field):
        raise NotFound()
    note_read([found.pk])
    form = RevealForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            reveal_field(
                person=found,
                field=field,
                purpose=form.cleaned_data["purpose"],
                words=form.cleaned_data["words"],
                by=signed_in(request),
            )
            open_for_a_minute(request, found.pk, field)
            return redirect(reverse("residents:person", args=[found.pk]) + f"#fact-{field}")
        except Refused as refused:
            form.add_error("words", f"{refused.sentence}。{refused.hint}".rstrip("。"))
    declared = person_fields()[field]
    context = {"person": found, "form": form, "field": declared, "covered": cover(found, declared)}
    return render(request, "residents/reveal.html", context, status=422 if form.errors else 200)
