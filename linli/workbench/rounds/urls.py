"""Addresses of the household round."""

from __future__ import annotations

from django.urls import path

from linli.workbench.rounds import contact_pages, pages

app_name = "rounds"

urlpatterns = [
    path("round/", pages.start, name="start"),
    path("round/<int:pk>/", pages.building, name="building"),
    path("round/doors/<int:pk>/", pages.door, name="door"),
    path("round/doors/<int:pk>/seen/", contact_pages.seen, name="seen"),
    path("round/doors/<int:pk>/seen/<str:token>/undo/", contact_pages.undo, name="undo-seen"),
    path("round/doors/<int:pk>/call/<int:person>/", pages.call, name="call"),
]
