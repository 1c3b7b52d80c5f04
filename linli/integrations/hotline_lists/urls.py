"""Addresses of hotline lists; they hang below /cases/intake/."""

from __future__ import annotations

from django.urls import path

from linli.integrations.hotline_lists import pages

app_name = "hotline_lists"
PREFIX = "cases/intake/"

urlpatterns = [
    path("", pages.everything, name="all"),
    path("<str:link>/", pages.show, name="list"),
    path("<str:link>/take/", pages.take, name="take"),
    path("<str:link>/drop/", pages.drop, name="drop"),
    path("<str:link>/left/", pages.rows_left, name="rejected"),
]
