"""Addresses of notices."""

from __future__ import annotations

from django.urls import path

from linli.workbench.notices.pages import call_list, compose, inbox, notices, public, setup

app_name = "notices"

urlpatterns = [
    path("notices/", notices.show_all, name="notices"),
    path("notices/write/", compose.write, name="write"),
    path("notices/calls/", call_list.calls, name="calls"),
    path("notices/calls/sheet/", call_list.sheet, name="sheet"),
    path("notices/unsure/", notices.unsure, name="unsure"),
    path("notices/messages/", inbox.show, name="inbox"),
    path("notices/messages/<int:pk>/", inbox.message, name="message"),
    path("notices/templates/", setup.templates, name="templates"),
    path("notices/templates/<int:pk>/end/", setup.end_template, name="end-template"),
    path("notices/channels/", setup.channels, name="channels"),
    path("notices/channels/<int:pk>/", setup.channel, name="channel"),
    path("notices/channels/<int:pk>/test/", setup.test_channel, name="test-channel"),
    path("notices/channels/<int:pk>/switch/", setup.switch_channel, name="switch-channel"),
    path("notices/to/<int:pk>/call/", call_list.call, name="call"),
    path("notices/to/<int:pk>/number/", call_list.number, name="number"),
    path("notices/to/<int:pk>/settle/", notices.settle, name="settle"),
    path("notices/<int:pk>/", notices.show, name="notice"),
    path("notices/<int:pk>/stop/", notices.stop, name="stop"),
    path("n/<str:token>/", public.link, name="link"),
]
