"""Addresses of visits."""

from __future__ import annotations

from django.urls import path

from linli.capabilities.visits.pages import feedback, figures, plan, visit

app_name = "visits"

urlpatterns = [
    path("visits/", plan.home, name="home"),
    path("visits/plans/add/", plan.add, name="add"),
    path("visits/plans/<int:pk>/", plan.show, name="plan"),
    path("visits/plans/<int:pk>/edit/", plan.edit, name="edit"),
    path("visits/plans/<int:pk>/on/", plan.switch_on, name="on"),
    path("visits/plans/<int:pk>/off/", plan.switch_off, name="off"),
    path("visits/library/<str:key>/", plan.adopt, name="adopt"),
    path("visits/changes/", plan.changes, name="changes"),
    path("visits/changes/not-now/", plan.not_now, name="not-now"),
    path("visits/figures/", figures.show, name="figures"),
    path("visits/people/<int:pk>/", visit.visit_person, name="person"),
    path("visits/people/<int:pk>/at-once/", visit.at_once, name="at-once"),
    path("visits/people/<int:pk>/promise/", visit.promise_person, name="promise-to"),
    path("visits/promises/<int:pk>/", visit.promise, name="promise"),
    path("visits/promises/<int:pk>/kept/", visit.keep, name="keep"),
    path("visits/promises/<int:pk>/broken/", visit.broken, name="break"),
    path("visits/promises/<int:pk>/withdraw/", visit.withdraw, name="withdraw"),
    path("visits/askings/<int:pk>/", feedback.ask, name="feedback"),
    path("visits/askings/<int:pk>/decline/", feedback.decline, name="decline"),
    path("visits/askings/<int:pk>/finding/", feedback.settle, name="settle"),
    path("visits/<int:pk>/", visit.visit, name="visit"),
    path("visits/<int:pk>/stop/", visit.stop, name="stop"),
    path("felt/<str:token>/", feedback.feedback_page, name="feedback-page"),
]
