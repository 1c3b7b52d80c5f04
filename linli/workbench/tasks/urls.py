"""Addresses of tasks."""

from __future__ import annotations

from django.urls import path

from linli.workbench.tasks.pages import action_pages, gaps, inbox

PREFIX = "tasks/"
app_name = "tasks"

urlpatterns = [
    path("", inbox.show, name="inbox"),
    path("nobody/", gaps.nobody, name="gaps"),
    path("nobody/estates/<int:pk>/", gaps.estate, name="estate"),
    path("working-days/", action_pages.working_days, name="working-days"),
    path("<int:pk>/", inbox.task, name="task"),
    path("<int:pk>/accept/", action_pages.accept, name="accept"),
    path("<int:pk>/call/", action_pages.call, name="call"),
    path("<int:pk>/finish/", action_pages.finish, name="finish"),
    path("<int:pk>/refuse/", action_pages.refuse, name="refuse"),
    path("<int:pk>/hand-over/", action_pages.hand_over, name="hand-over"),
    path("<int:pk>/remind/", action_pages.remind, name="remind"),
    path("<int:pk>/cancel/", action_pages.cancel, name="cancel"),
    path("<int:pk>/reopen/", action_pages.reopen, name="reopen"),
]
