"""Addresses of retention."""

from __future__ import annotations

from django.urls import path

from linli.workbench.retention import pages

app_name = "retention"

urlpatterns = [
    path("retention/", pages.listed, name="list"),
    path("retention/<int:pk>/", pages.line, name="line"),
    path("retention/<int:pk>/hold/", pages.hold, name="hold"),
    path("retention/<int:pk>/lift/", pages.lift, name="lift"),
    path("retention/ask/<int:person>/", pages.ask, name="ask"),
    path("retention/certificates/<int:certificate>/", pages.certificate, name="certificate"),
]
