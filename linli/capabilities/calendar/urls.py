"""Addresses of the calendar."""

from __future__ import annotations

from django.urls import path

from linli.capabilities.calendar import pages

app_name = "calendar"

urlpatterns = [
    path("calendar/", pages.month, name="month"),
    path("calendar/feeds/", pages.feeds, name="feeds"),
    path("calendar/feeds/<int:pk>/revoke/", pages.revoke, name="revoke"),
    path("cal/<str:token>.ics", pages.feed, name="feed"),
]
