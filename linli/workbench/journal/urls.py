"""Addresses of the log."""

from __future__ import annotations

from django.urls import path

from linli.workbench.journal import pages

app_name = "journal"

urlpatterns = [path("logs/", pages.logs, name="logs")]
