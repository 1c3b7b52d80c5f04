"""Addresses of facilities."""

from __future__ import annotations

from django.urls import path

from linli.capabilities.facilities.pages import keeping, papers, showing

app_name = "facilities"

urlpatterns = [
    path("facilities/", showing.listed, name="list"),
    path("facilities/add/", keeping.add, name="add"),
    path("facilities/take/", keeping.take_list, name="take"),
    path("facilities/<int:pk>/", showing.show, name="facility"),
    path("facilities/<int:pk>/code/", showing.code, name="code"),
    path("facilities/<int:pk>/edit/", keeping.edit, name="edit"),
    path("facilities/<int:pk>/move/", keeping.move, name="move"),
    path("facilities/<int:pk>/end/", keeping.end, name="end"),
    path("facilities/<int:pk>/papers/add/", papers.add, name="add-paper"),
    path("facilities/<int:pk>/papers/<int:paper>/", papers.read, name="paper"),
    path("facilities/<int:pk>/papers/<int:paper>/end/", papers.end, name="end-paper"),
    path("facilities/<int:pk>/duties/add/", keeping.set_duty, name="set-duty"),
    path("facilities/<int:pk>/duties/<int:duty>/done/", keeping.finish, name="finish"),
    path("facilities/<int:pk>/duties/<int:duty>/end/", keeping.end_duty, name="end-duty"),
]
