"""Addresses of canvasses."""

from __future__ import annotations

from django.urls import path

from linli.capabilities.canvasses import pages

app_name = "canvasses"

urlpatterns = [
    path("canvasses/", pages.listed, name="list"),
    path("canvasses/start/", pages.start, name="start"),
    path("canvasses/<int:pk>/", pages.show, name="canvass"),
    path("canvasses/<int:pk>/buildings/<int:building>/", pages.board, name="board"),
    path("canvasses/<int:pk>/stops/<int:stop>/", pages.stop, name="stop"),
    path("canvasses/<int:pk>/stops/<int:stop>/correct/", pages.correct, name="correct"),
    path("canvasses/<int:pk>/calls/", pages.calls, name="calls"),
    path("canvasses/<int:pk>/calls/next/", pages.next_call, name="next-call"),
    path("canvasses/<int:pk>/close/", pages.close, name="close"),
]
