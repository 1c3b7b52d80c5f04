"""Addresses of webhooks; they hang below /cases/webhooks/."""

from __future__ import annotations

from django.urls import path

from linli.capabilities.cases.webhooks import pages

urlpatterns = [
    path("", pages.webhooks, name="webhooks"),
    path("add/", pages.add, name="webhook-add"),
    path("<int:pk>/", pages.webhook, name="webhook"),
    path("<int:pk>/test/", pages.test, name="webhook-test"),
    path("<int:pk>/stop/", pages.stop, name="webhook-stop"),
    path("<int:pk>/start/", pages.start, name="webhook-start"),
    path("<int:pk>/secret/", pages.renew, name="webhook-secret"),
    path("<int:pk>/again/<int:delivery>/", pages.again, name="webhook-again"),
]
