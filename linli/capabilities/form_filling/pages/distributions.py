"""The subdistrict gives a form out: first its price tag, then how far each community is."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from linli.capabilities.form_filling import actions, presenters, queries
from linli.capabilities.form_filling.catalogue.burden import communities, price_of
from linli.capabilities.form_filling.forms import DistributionForm
from linli.capabilities.form_filling.pages.common import fillers_only
from linli.core.errors import NotFound, Refused
from linli.register.posts.queries import signed_in
from linli.workbench.web.action_page import add_refusal


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def distribute(request: HttpRequest, link: str) -> HttpResponse:
    """What the form costs, and to whom it is given."""
    fillers_only()
    form_instance = queries.form_instance_or_not_found(link)
    by = signed_in(request)
    if not actions.distributions.may_distribute(form_instance=form_instance, by=by):
        raise NotFound()
    places = communities(form_instance.place)
    chosen = [place.pk for place in places]
    form = DistributionForm(
        request.POST or None,
        places=[(place.pk, place.name) for place in places],
        initial={
            "asked_by": form_instance.asked_by,
            "basis": form_instance.basis,
            "due_on": form_instance.due_on,
            "places": chosen,
        },
    )
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            distribution = actions.distribute_form(
                form_instance=form_instance,
                places=[place for place in places if place.pk in typed["places"]],
                asked_by=typed["asked_by"],
                basis=typed["basis"],
                due_on=typed["due_on"],
                by=by,
                again=typed["again"],
                reason=typed["reason"],
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("已下发"))
            return redirect("form_filling:distribution", distribution.link)
    context = {
        "form_instance": form_instance,
        "form": form,
        "price": price_of(form_instance, places),
    }
    return render(
        request, "form_filling/distribute.html", context, status=422 if form.errors else 200
    )


@login_required
@never_cache
@require_safe
def progress(request: HttpRequest, link: str) -> HttpResponse:
    """How far each community is with a form that was given out."""
    fillers_only()
    distribution = queries.distribution_or_not_found(link)
    form_instances = queries.form_instances_of(distribution)
    done = sum(instance.state in ("handed_in", "accepted") for instance in form_instances)
    context = {
        "distribution": distribution,
        "lines": presenters.lines(form_instances),
        "done": done,
        "total": len(form_instances),
    }
    return render(request, "form_filling/distribution.html", context)
