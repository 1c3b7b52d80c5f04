"""Addresses of notices."""

from __future__ import annotations

from django.urls import path

from linli.workbench.notices.pages import calling, inbox, public, setup, showing, writing

app_name = "notices"

urlpatterns = [
    path("notices/", showing.show_all, name="notices"),
    path("notices/write/", writing.write, name="write"),
    path("notices/calls/", calling.calls, name="calls"),
    path("notices/calls/sheet/", calling.sheet, name="sheet"),
    path("notices/unsure/", showing.unsure, name="unsure"),
    path("notices/messages/", inbox.show, name="inbox"),
    path("notices/messages/<int:pk>/", inbox.message, name="message"),
    path("notices/templates/", setup.templates, name="templates"),
    path("notices/templates/<int:pk>/end/", setup.end_template, name="end-template"),
    path("notices/channels/", setup.channels, name="channels"),
    path("notices/channels/<int:pk>/switch/", setup.switch_channel, name="switch-channel"),
    path("notices/to/<int:pk>/call/", calling.call, name="call"),
    path("notices/to/<int:pk>/number/", calling.number, name="number"),
    path("notices/to/<int:pk>/settle/", showing.settle, name="settle"),
    path("notices/<int:pk>/", showing.show, name="notice"),
    path("notices/<int:pk>/stop/", showing.stop, name="stop"),
    path("n/<str:token>/", public.link, name="link"),
]
