"""Addresses of the API."""

from __future__ import annotations

from django.urls import path

from linli.faces.api.v1 import make_api

PREFIX = "api/v1/"
api = make_api()
urlpatterns = [path("", api.urls)]
