"""Finding somebody by a number: the purpose first, then who it is."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linli.capabilities.residents.forms import LookUpForm
from linli.capabilities.residents.queries import person_row
from linli.core.errors import NotFound, Refused
from linli.core.scope import current_scope
from linli.core.time import today
from linli.register.people.actions import look_up as look_somebody_up
from linli.register.people.actions import may_reveal
from linli.register.people.rules import look_ups_a_day
from linli.register.posts.queries import signed_in


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def look_up(request: HttpRequest) -> HttpResponse:
    """Ask for the number and what for; the answer stands on the same page, in no address."""
    if not may_reveal.holds():
        raise NotFound()
    begins = "begin" in request.POST  # a number typed into the search, without a purpose yet
    typed = request.POST if request.method == "POST" and not begins else None
    form = LookUpForm(typed, initial={"number": request.POST.get("number", "")[:30]})
    context = {"form": form, "asked": False, "most": look_ups_a_day(role=current_scope().role)}
    if typed is not None and form.is_valid():
        try:
            people = look_somebody_up(**form.cleaned_data, by=signed_in(request))
            day = today()
            context |= {"asked": True, "people": [person_row(one, day) for one in people]}
        except Refused as refused:
            field = refused.field if refused.field in form.fields else None
            form.add_error(field, f"{refused.sentence}。{refused.hint}".rstrip("。"))
    return render(request, "residents/look_up.html", context, status=422 if form.errors else 200)
