"""One organisation: what it helps with, when, whom to call, what it maintains."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from linli.capabilities.directory.forms import CloseReasonForm, ContactForm, PartyForm
from linli.capabilities.directory.pages.common import is_mine, place_asked
from linli.capabilities.directory.pages.search import as_file, reads_directory
from linli.capabilities.directory.queries import maintained_by, my_place
from linli.capabilities.directory.queries.hits import hit, state_words
from linli.capabilities.directory.vcards import vcards
from linli.core.errors import NotFound
from linli.core.interface.registry import record_address
from linli.core.time import now
from linli.register.parties import actions
from linli.register.parties.hours import hours_words
from linli.register.parties.models import Party
from linli.register.parties.queries import (
    contact_or_not_found,
    is_ours,
    number,
    number_of,
    party_or_not_found,
)
from linli.register.posts.queries import signed_in
from linli.workbench.tasks.queries import calendar
from linli.workbench.web.action_page import action_page


@login_required
@never_cache
@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one organisation."""
    reads_directory()
    party = party_or_not_found(pk)
    moment = now()
    party_hit = hit(party, tuple(party.all_topics), 0, moment, calendar())
    things, count = maintained_by(party)
    context = {
        "party": party,
        "hours": hours_words(party.opening) if party.opening else party.hours,
        "hit": party_hit,
        "office": number(party.phone),
        "state": state_words(party_hit, moment, moment),
        "contacts": [_contact(contact) for contact in party.contacts.all()],
        "things": [(thing, record_address("places.place", thing.place.pk)) for thing in things],
        "things_count": count,
        "area_href": f"{reverse('directory:search')}?place={party.place.pk}",
        "may_edit": actions.may_edit.holds() and is_ours(party),
    }
    return render(request, "directory/party.html", context)


def _contact(contact: Any) -> dict[str, Any]:
    return {
        "contact": contact,
        "number": number_of(contact),
        "hours": hours_words(contact.opening) if contact.opening else contact.hours,
    }


@login_required
@never_cache
@require_GET
def card(request: HttpRequest, pk: int) -> HttpResponse:
    """Give one organisation for the phone's address book."""
    reads_directory()
    return as_file(vcards([party_or_not_found(pk)]))


def _editable(pk: int) -> Party:
    reads_directory()
    party = party_or_not_found(pk)
    # What the subdistrict keeps is read here and changed there.
    if not actions.may_edit.holds() or not is_ours(party):
        raise NotFound()
    return party


def _page_of(party: Party) -> str:
    return reverse("directory:party", args=[party.pk])


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Add an organisation that serves a place."""
    reads_directory()
    place, by = place_asked(request, my_place()), signed_in(request)
    if not actions.may_edit.holds() or not is_mine(place):
        raise NotFound()
    form = PartyForm(request.POST or None)
    return action_page(
        request,
        form,
        title=_("新增单位"),
        said=_("已新增"),
        back=reverse("directory:search"),
        note=_("服务%(place)s和里面的每一处") % {"place": place},
        run=lambda given: _page_of(actions.add_party(place=place, by=by, **given)),
    )


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct an organisation."""
    party, by = _editable(pk), signed_in(request)
    form = PartyForm(request.POST or None, party=party)
    return action_page(
        request,
        form,
        title=_("更新单位"),
        said=_("已更新"),
        back=_page_of(party),
        note=party.name,
        button=_("保存"),
        run=lambda given: actions.edit_party(party=party, changes=given, by=by),
    )


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that an organisation serves here no more."""
    party, by = _editable(pk), signed_in(request)
    form = CloseReasonForm(request.POST or None)
    return action_page(
        request,
        form,
        title=_("停用单位"),
        said=_("已停用"),
        back=_page_of(party),
        note=_("%(name)s不再出现在查找里，过去的记录还在") % {"name": party.name},
        run=lambda given: actions.close_party(party=party, reason=given["reason"], by=by),
    )


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that it serves here again."""
    party, by = _editable(pk), signed_in(request)
    form = Form(request.POST if request.method == "POST" else None)
    return action_page(
        request,
        form,
        title=_("恢复单位"),
        said=_("已恢复"),
        back=_page_of(party),
        note=party.name,
        run=lambda _given: actions.reopen_party(party=party, by=by),
    )


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def add_contact(request: HttpRequest, pk: int) -> HttpResponse:
    """Add somebody who can be called."""
    party, by = _editable(pk), signed_in(request)
    form = ContactForm(request.POST or None)
    return action_page(
        request,
        form,
        title=_("新增联系人"),
        said=_("已新增"),
        back=_page_of(party),
        note=party.name,
        run=lambda _given: _done(actions.add_contact(party=party, facts=form.facts(), by=by)),
    )


def _done(_made: object) -> None:
    """Go back to the organisation's page."""


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def edit_contact(request: HttpRequest, pk: int, contact: int) -> HttpResponse:
    """Correct somebody who can be called."""
    party, by = _editable(pk), signed_in(request)
    person_called = contact_or_not_found(party, contact)
    form = ContactForm(request.POST or None, contact=person_called)
    return action_page(
        request,
        form,
        title=_("更新联系人"),
        said=_("已更新"),
        back=_page_of(party),
        note=party.name,
        button=_("保存"),
        run=lambda _given: _done(
            actions.edit_contact(contact=person_called, facts=form.facts(), by=by)
        ),
    )


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def remove_contact(request: HttpRequest, pk: int, contact: int) -> HttpResponse:
    """Take somebody off."""
    party, by = _editable(pk), signed_in(request)
    person_called = contact_or_not_found(party, contact)
    form = Form(request.POST if request.method == "POST" else None)
    return action_page(
        request,
        form,
        title=_("删除联系人"),
        said=_("已删除"),
        back=_page_of(party),
        note=_("%(name)s和号码会从这里彻底删除") % {"name": person_called.name},
        run=lambda _given: _done(actions.remove_contact(contact=person_called, by=by)),
    )
