"""Addresses of bringing phones into the office's network."""

from __future__ import annotations

from django.urls import path

from linli.faces.office import pages

app_name = "office"

urlpatterns = [
    path("connect-phones/", pages.phones, name="phones"),
    # At the top: it is tried whether the whole site is trusted.
    path("trust.js", pages.trust, name="trust"),
]
