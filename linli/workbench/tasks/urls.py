"""Addresses of tasks."""

from __future__ import annotations

from django.urls import path

from linli.workbench.tasks.pages import inbox, verbs

PREFIX = "tasks/"
app_name = "tasks"

urlpatterns = [
    path("", inbox.show, name="inbox"),
    path("nobody/", inbox.nobody, name="gaps"),
    path("working-days/", verbs.working_days, name="working-days"),
    path("<int:pk>/", inbox.task, name="task"),
    path("<int:pk>/accept/", verbs.accept, name="accept"),
    path("<int:pk>/finish/", verbs.finish, name="finish"),
    path("<int:pk>/refuse/", verbs.refuse, name="refuse"),
    path("<int:pk>/hand-over/", verbs.hand_over, name="hand-over"),
    path("<int:pk>/cancel/", verbs.cancel, name="cancel"),
    path("<int:pk>/reopen/", verbs.reopen, name="reopen"),
]
