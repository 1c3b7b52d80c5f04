"""Addresses of imports."""

from __future__ import annotations

from django.urls import path

from linli.workbench.imports import pages

PREFIX = "imports/"
app_name = "imports"

urlpatterns = [
    path("", pages.everything, name="all"),
    path("<str:link>/", pages.show, name="show"),
    path("<str:link>/columns/", pages.columns, name="columns"),
    path("<str:link>/words/", pages.words, name="words"),
    path("<str:link>/refused/", pages.refused, name="refused"),
    path("<str:link>/apply/", pages.apply, name="apply"),
    path("<str:link>/undo/", pages.undo, name="undo"),
    path("<str:link>/drop/", pages.drop, name="drop"),
]
