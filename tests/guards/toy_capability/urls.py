"""Addresses of toys."""

from __future__ import annotations

from django.urls import path
from linli.capabilities.toys import pages

PREFIX = "toys/"
app_name = "toys"
urlpatterns = [path("", pages.toy_list, name="list")]
