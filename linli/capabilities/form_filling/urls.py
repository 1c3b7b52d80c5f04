"""Addresses of forms."""

from __future__ import annotations

from django.urls import path

from linli.capabilities.form_filling.pages import (
    action_pages,
    catalogue,
    distributions,
    form_instances,
    open_questions,
)

app_name = "form_filling"

urlpatterns = [
    path("forms/", form_instances.everything, name="all"),
    path("forms/catalogue/", catalogue.form_templates, name="catalogue"),
    path("forms/asked/", catalogue.asked, name="asked"),
    path("forms/zip/", action_pages.take_many, name="zip"),
    path("forms/doors/<int:pk>/", open_questions.door, name="door"),
    path("forms/records/<int:pk>/", form_instances.by_number, name="record"),
    path("forms/issues/<str:link>/", distributions.progress, name="distribution"),
    path("forms/<str:link>/", form_instances.show, name="form-instance"),
    path("forms/<str:link>/headings/", form_instances.confirm, name="confirm"),
    path("forms/<str:link>/blank/", action_pages.original, name="original"),
    path("forms/<str:link>/filled/", action_pages.take, name="take"),
    path("forms/<str:link>/ask/", action_pages.ask, name="ask"),
    path("forms/<str:link>/hand-in/", action_pages.hand_in, name="hand-in"),
    path("forms/<str:link>/drop/", action_pages.drop, name="drop"),
    path("forms/<str:link>/accept/", action_pages.accept, name="accept"),
    path("forms/<str:link>/return/", action_pages.send_back, name="return"),
    path("forms/<str:link>/issue/", distributions.distribute, name="distribute"),
    path("forms/<str:link>/archive/<int:pk>/", action_pages.archived, name="archived"),
]
