"""Addresses of residents' files."""

from __future__ import annotations

from django.urls import path

from linli.capabilities.residents.pages import (
    departure,
    facts,
    household,
    look_up,
    moves,
    person,
    search,
)

app_name = "residents"

urlpatterns = [
    path("people/", search.search, name="search"),
    path("people/look-up/", look_up.look_up, name="look-up"),
    path("people/add/", facts.add, name="add"),
    path("people/<int:pk>/", person.person, name="person"),
    path("people/<int:pk>/edit/", facts.edit, name="edit"),
    path("people/<int:pk>/confirm/", facts.confirm, name="confirm"),
    path("people/<int:pk>/reveal/<slug:field>/", person.reveal, name="reveal"),
    path("people/<int:pk>/move/", moves.move, name="move"),
    path("people/<int:pk>/leave/", moves.leave, name="leave"),
    path("people/<int:pk>/death/", moves.death, name="death"),
    path("people/<int:pk>/undo-departure/", departure.undo, name="undo-departure"),
    path("households/<int:pk>/", household.household, name="household"),
    path("households/<int:pk>/head/", household.head, name="head"),
    path("households/<int:pk>/split/", household.split, name="split"),
]
