"""The address of lists of colleagues."""

from __future__ import annotations

from django.urls import path

from linli.capabilities.colleague_lists import pages

app_name = "colleague_lists"

urlpatterns = [path("colleagues/", pages.take, name="take")]
