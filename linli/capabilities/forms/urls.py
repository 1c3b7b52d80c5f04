"""Addresses of forms."""

from __future__ import annotations

from django.urls import path

from linli.capabilities.forms.pages import catalogue, doors, issuing, sheets, verbs

app_name = "forms"

urlpatterns = [
    path("forms/", sheets.everything, name="all"),
    path("forms/catalogue/", catalogue.patterns, name="catalogue"),
    path("forms/asked/", catalogue.asked, name="asked"),
    path("forms/zip/", verbs.take_many, name="zip"),
    path("forms/doors/<int:pk>/", doors.door, name="door"),
    path("forms/records/<int:pk>/", sheets.by_number, name="record"),
    path("forms/issues/<str:link>/", issuing.progress, name="issued"),
    path("forms/<str:link>/", sheets.show, name="sheet"),
    path("forms/<str:link>/headings/", sheets.confirm, name="confirm"),
    path("forms/<str:link>/blank/", verbs.original, name="original"),
    path("forms/<str:link>/filled/", verbs.take, name="take"),
    path("forms/<str:link>/ask/", verbs.ask, name="ask"),
    path("forms/<str:link>/hand-in/", verbs.hand_in, name="hand-in"),
    path("forms/<str:link>/drop/", verbs.drop, name="drop"),
    path("forms/<str:link>/accept/", verbs.accept, name="accept"),
    path("forms/<str:link>/return/", verbs.send_back, name="return"),
    path("forms/<str:link>/issue/", issuing.issue, name="issue"),
    path("forms/<str:link>/archive/<int:pk>/", verbs.archived, name="archived"),
]
