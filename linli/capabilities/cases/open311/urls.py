"""Addresses of Open311; they hang below /open311/."""

from __future__ import annotations

from django.urls import path

from linli.capabilities.cases.open311 import api

urlpatterns = [
    path("discovery.<str:ending>", api.discovery, name="open311-discovery"),
    path("v2/", api.nowhere, name="open311-root"),
    path("v2/services.<str:ending>", api.services, name="open311-services"),
    path("v2/services", api.services),
    path("v2/services/<str:code>.<str:ending>", api.definition, name="open311-service"),
    path("v2/services/<str:code>", api.definition),
    path("v2/requests.<str:ending>", api.requests, name="open311-requests"),
    path("v2/requests", api.requests),
    path("v2/requests/<str:number>.<str:ending>", api.one_request, name="open311-request"),
    path("v2/requests/<str:number>", api.one_request),
    path("v2/tokens/<str:token>.<str:ending>", api.token, name="open311-token"),
    path("v2/tokens/<str:token>", api.token),
    path("<path:rest>", api.nowhere),
]
