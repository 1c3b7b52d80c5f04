"""Addresses of the place tree."""

from __future__ import annotations

from django.urls import path

from linli.capabilities.overview.pages import browse, growing, shaping

app_name = "overview"

urlpatterns = [
    path("places/", browse.places, name="places"),
    path("places/<int:pk>/", browse.place, name="place"),
    path("places/<int:pk>/history/", browse.history, name="history"),
    path("places/<int:pk>/add/", growing.add, name="add"),
    path("places/<int:pk>/add-building/", growing.add_whole_building, name="add-building"),
    path("places/<int:pk>/rename/", growing.rename, name="rename"),
    path("places/<int:pk>/facts/", growing.facts, name="facts"),
    path("places/<int:pk>/end/", growing.end, name="end"),
    path("places/<int:pk>/take-back/", growing.take_back, name="take-back"),
    path("places/<int:pk>/move/", shaping.move, name="move"),
    path("places/<int:pk>/merge/", shaping.merge, name="merge"),
    path("places/<int:pk>/split/", shaping.split, name="split"),
]
