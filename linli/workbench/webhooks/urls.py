"""Addresses of webhooks; they hang below /cases/webhooks/."""

from __future__ import annotations

from django.urls import path

from linli.workbench.webhooks import pages

app_name = "webhooks"
PREFIX = "cases/webhooks/"

urlpatterns = [
    path("", pages.webhooks, name="all"),
    path("add/", pages.add, name="add"),
    path("<int:pk>/", pages.webhook, name="webhook"),
    path("<int:pk>/test/", pages.test, name="test"),
    path("<int:pk>/stop/", pages.stop, name="stop"),
    path("<int:pk>/start/", pages.start, name="start"),
    path("<int:pk>/secret/", pages.renew, name="secret"),
    path("<int:pk>/again/<int:delivery>/", pages.again, name="again"),
]
