"""Addresses of the journal and its log."""

from __future__ import annotations

from django.urls import path

from linli.workbench.journal.pages import logs, notes

app_name = "journal"

urlpatterns = [
    path("logs/", logs.logs, name="logs"),
    path("logs/about/<str:label>/<int:pk>/", logs.about, name="log-about"),
    path("journal/", notes.mine, name="mine"),
    path("journal/note/", notes.note_here, name="note-here"),
    path("journal/photo/<int:pk>/", notes.photo, name="photo"),
    path("journal/about/<str:label>/<int:pk>/", notes.about, name="about"),
    path("journal/note/<str:label>/<int:pk>/", notes.note, name="note"),
    path("journal/note/<str:label>/<int:pk>/<int:entry>/", notes.correct, name="correct"),
    path("journal/note/<str:label>/<int:pk>/<int:entry>/redact/", notes.redact, name="redact"),
]
