"""Addresses of the place tree."""

from __future__ import annotations

from django.urls import path

from linli.capabilities.place_pages.pages import add, browse, outlines, plan, restructure

app_name = "place_pages"

urlpatterns = [
    path("places/", browse.places, name="places"),
    path("places/<int:pk>/", browse.place, name="place"),
    path("places/<int:pk>/history/", browse.history, name="history"),
    path("places/<int:pk>/add/", add.add, name="add"),
    path("places/<int:pk>/add-building/", add.add_whole_building, name="add-building"),
    path("places/<int:pk>/rename/", add.rename, name="rename"),
    path("places/<int:pk>/facts/", add.facts, name="facts"),
    path("places/<int:pk>/end/", add.end, name="end"),
    path("places/<int:pk>/take-back/", add.take_back, name="take-back"),
    path("places/<int:pk>/move/", restructure.move, name="move"),
    path("places/<int:pk>/merge/", restructure.merge, name="merge"),
    path("places/<int:pk>/plan/", plan.plan, name="plan"),
    path("places/<int:pk>/plan/draw/", plan.draw, name="draw-plan"),
    path("places/<int:pk>/plan/outlines/", outlines.take, name="outlines"),
    path("places/<int:pk>/plan/undo/<int:entry>/", plan.undo, name="undo-plan"),
    path("places/<int:pk>/split/", restructure.split, name="split"),
]
