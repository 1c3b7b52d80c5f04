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
from linli.register.people.actions import departure_of, is_covered, may_reveal, reveal_field
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
    shown = person_or_not_found(pk)
    together = members(shown.household) if shown.household else []
    # Names and ages of the household stand on this page as well.
    note_read([shown.pk, *(one.pk for one in together)])
    day = today()
    groups, unknown = fact_groups(shown)
    context = {
        "person": shown,
        "facts_line": facts_line(shown, day),
        "care_kinds": care_lines(shown, day),
        "groups": [
            (group, [_with_reveal(request, shown, line) for line in group.lines])
            for group in groups
        ],
        "unknown": unknown,
        "household": shown.household,
        "household_href": record_address("people.household", shown.household_id),
        "members": _members(shown, together),
        "stays": [(s, record_address("places.place", s.place.pk)) for s in stays(shown)],
        "home_href": record_address("places.place", shown.home_id),
        "looked": looks_at(shown),
        "may_edit": current_scope().role in MAY_EDIT_PEOPLE,
        "is_here": shown.status == "current",
        "departure": departure_of(shown),
        "own_facts": own_facts("person", shown),
    }
    return render(request, "residents/person.html", context)


def _with_reveal(request: HttpRequest, person: Person, line: FactLine) -> dict[str, Any]:
    """Add what is needed to uncover a value, and the value itself during its minute."""
    row: dict[str, Any] = {"line": line, "seconds": 0, "open": "", "href": ""}
    if line.is_covered and may_reveal.holds():
        row["href"] = reverse("residents:reveal", args=[person.pk, line.key])
        row["seconds"] = seconds_left(request, person.pk, line.key)
        if row["seconds"]:
            row["open"] = words_of(person, line.key)
    return row


def _members(person: Person, together: list[Person]) -> list[dict[str, Any]]:
    day = today()
    return [
        {
            "person": member,
            "href": record_address("people.person", member.pk),
            "relation": member.get_relation_to_head_display(),
            "age": age_on(member.birth_date, day) if member.birth_date else None,
        }
        for member in together
        if member.pk != person.pk
    ]


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def reveal(request: HttpRequest, pk: int, field: str) -> HttpResponse:
    """Ask what for, then show one covered value on the person's page for a minute."""
    person = person_or_not_found(pk)
    if not may_reveal.holds() or not is_covered(field):
        raise NotFound()
    note_read([person.pk])
    form = RevealForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            reveal_field(
                person=person,
                field=field,
                purpose=form.cleaned_data["purpose"],
                words=form.cleaned_data["words"],
                by=signed_in(request),
            )
            open_for_a_minute(request, person.pk, field)
            return redirect(reverse("residents:person", args=[person.pk]) + f"#fact-{field}")
        except Refused as refused:
            form.add_error("words", f"{refused.sentence}。{refused.hint}".rstrip("。"))
    declared = person_fields()[field]
    context = {
        "person": person,
        "form": form,
        "field": declared,
        "covered": cover(person, declared),
    }
    return render(request, "residents/reveal.html", context, status=422 if form.errors else 200)
