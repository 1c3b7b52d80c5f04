"""At a door, on a phone: everything any form still asks of whoever lives here."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linli.capabilities.form_filling import actions, queries
from linli.capabilities.form_filling.forms import DoorForm
from linli.capabilities.form_filling.pages.common import fillers_only
from linli.core.errors import Refused
from linli.register.places.queries import place_or_not_found
from linli.register.posts.queries import signed_in
from linli.workbench.web.action_page import in_words


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def door(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, type what is known now, and go on to the next door."""
    fillers_only()
    place = place_or_not_found(pk)
    open_questions = queries.open_questions_at(place)
    form = DoorForm(request.POST or None, open_questions=open_questions)
    if request.method == "POST" and form.is_valid():
        saved = _save(request, form)
        if not form.errors:
            if saved:
                messages.success(request, _("记下%(n)d项，表格会自动填上") % {"n": saved})
                return redirect("tasks:inbox")
            form.add_error(None, _("还没有填：填一项，或勾“问不到”"))
    context = {
        "place": place,
        "form": form,
        "groups": form.groups(),
        "titles": queries.titles_at(place),
        "back": reverse("tasks:inbox"),
    }
    return render(
        request, "form_filling/open_questions.html", context, status=422 if form.errors else 200
    )


def _save(request: HttpRequest, form: DoorForm) -> int:
    """Save every answer by itself; one that is refused stays on the page, the others are kept."""
    saved = 0
    for open_question, value, cannot in form.answers():
        try:
            actions.answer_question(
                open_question=open_question,
                value=value,
                cannot=cannot,
                by=signed_in(request),
                source=form.cleaned_data["source"],
            )
            saved += 1
        except Refused as refused:
            form.add_error(f"b{open_question.pk}", in_words(refused))
    return saved
