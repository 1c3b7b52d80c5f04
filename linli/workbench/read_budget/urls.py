"""Addresses of the read budget."""

from __future__ import annotations

from django.urls import path

from linli.workbench.read_budget import pages

app_name = "read_budget"

urlpatterns = [path("read-limits/", pages.limits, name="limits")]
