"""Addresses of facilities."""

from __future__ import annotations

from django.urls import path

from linli.capabilities.facilities.pages import browse, edit, papers

app_name = "facilities"

urlpatterns = [
    path("facilities/", browse.listed, name="list"),
    path("facilities/add/", edit.add, name="add"),
    path("facilities/take/", edit.take_list, name="take"),
    path("facilities/<int:pk>/", browse.show, name="facility"),
    path("facilities/<int:pk>/code/", browse.code, name="code"),
    path("facilities/<int:pk>/edit/", edit.edit, name="edit"),
    path("facilities/<int:pk>/move/", edit.move, name="move"),
    path("facilities/<int:pk>/end/", edit.end, name="end"),
    path("facilities/<int:pk>/papers/add/", papers.add, name="add-paper"),
    path("facilities/<int:pk>/papers/<int:paper>/", papers.read, name="paper"),
    path("facilities/<int:pk>/papers/<int:paper>/end/", papers.end, name="end-paper"),
    path("facilities/<int:pk>/duties/add/", edit.set_duty, name="set-duty"),
    path("facilities/<int:pk>/duties/<int:duty>/done/", edit.finish, name="finish"),
    path("facilities/<int:pk>/duties/<int:duty>/back/", edit.take_back_duty, name="take-back-duty"),
    path("facilities/<int:pk>/duties/<int:duty>/end/", edit.end_duty, name="end-duty"),
]
