"""Addresses of Open311; they hang below /open311/."""

from __future__ import annotations

from django.urls import path, re_path

from linli.integrations.open311 import api

app_name = "open311"
PREFIX = "open311/"

urlpatterns = [
    path("discovery.<str:ending>", api.discovery, name="discovery"),
    path("v2/", api.nowhere, name="root"),
    path("v2/services.<str:ending>", api.services, name="services"),
    path("v2/services", api.services),
    path("v2/services/<str:code>.<str:ending>", api.definition, name="service"),
    path("v2/services/<str:code>", api.definition),
    path("v2/requests.<str:ending>", api.requests, name="requests"),
    path("v2/requests", api.requests),
    path("v2/requests/<str:number>.<str:ending>", api.one_request, name="request"),
    path("v2/requests/<str:number>", api.one_request),
    path("v2/tokens/<str:token>.<str:ending>", api.token, name="token"),
    path("v2/tokens/<str:token>", api.token),
    # Not <path:rest>: a line break in an address must not lead to a page of HTML either.
    re_path(r"^(?P<rest>[\s\S]+)$", api.nowhere),
]
