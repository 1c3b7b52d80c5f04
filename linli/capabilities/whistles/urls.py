"""Addresses of whistles."""

from __future__ import annotations

from django.urls import path

from linli.capabilities.whistles.pages import hearing, ruling

app_name = "whistles"

urlpatterns = [
    path("whistles/", hearing.heard, name="heard"),
    path("whistles/signal/", hearing.signal, name="signal"),
    path("whistles/signal/<int:pk>/end/", hearing.end_signal, name="end-signal"),
    path("whistles/rules/", ruling.listed, name="rules"),
    path("whistles/rules/add/", ruling.add, name="add"),
    path("whistles/rules/<int:pk>/", ruling.show, name="rule"),
    path("whistles/rules/<int:pk>/edit/", ruling.edit, name="edit"),
    path("whistles/rules/<int:pk>/on/", ruling.switch_on, name="on"),
    path("whistles/rules/<int:pk>/off/", ruling.switch_off, name="off"),
    path("whistles/library/<str:key>/", ruling.adopt, name="adopt"),
    path("whistles/<int:pk>/", hearing.show, name="occasion"),
    path("whistles/<int:pk>/false/", hearing.false_alarm, name="false"),
]
