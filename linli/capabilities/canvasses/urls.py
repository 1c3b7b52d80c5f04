"""Addresses of canvasses."""

from __future__ import annotations

from django.urls import path

from linli.capabilities.canvasses.pages import lists, stops

app_name = "canvasses"

urlpatterns = [
    path("canvasses/", lists.listed, name="list"),
    path("canvasses/start/", lists.start, name="start"),
    path("canvasses/<int:pk>/", lists.show, name="canvass"),
    path("canvasses/<int:pk>/buildings/<int:building>/", lists.board, name="board"),
    path("canvasses/<int:pk>/stops/<int:stop>/", stops.stop, name="stop"),
    path("canvasses/<int:pk>/stops/<int:stop>/correct/", stops.correct, name="correct"),
    path("canvasses/<int:pk>/stops/<int:stop>/number/<int:person>/", stops.number, name="number"),
    path("canvasses/moved/<int:stop>/", stops.moved, name="moved"),
    path("canvasses/<int:pk>/calls/", stops.calls, name="calls"),
    path("canvasses/<int:pk>/calls/next/", stops.next_call, name="next-call"),
    path("canvasses/<int:pk>/close/", lists.close, name="close"),
    path("canvasses/<int:pk>/carry-on/", lists.carry_on, name="carry-on"),
]
