"""Addresses of visits."""

from __future__ import annotations

from django.urls import path

from linli.capabilities.visits.pages import answering, figures, plans, visiting

app_name = "visits"

urlpatterns = [
    path("visits/", plans.home, name="home"),
    path("visits/plans/add/", plans.add, name="add"),
    path("visits/plans/<int:pk>/", plans.show, name="plan"),
    path("visits/plans/<int:pk>/edit/", plans.edit, name="edit"),
    path("visits/plans/<int:pk>/on/", plans.switch_on, name="on"),
    path("visits/plans/<int:pk>/off/", plans.switch_off, name="off"),
    path("visits/library/<str:key>/", plans.adopt, name="adopt"),
    path("visits/changes/", plans.changes, name="changes"),
    path("visits/changes/not-now/", plans.not_now, name="not-now"),
    path("visits/figures/", figures.show, name="figures"),
    path("visits/people/<int:pk>/", visiting.visit_person, name="person"),
    path("visits/people/<int:pk>/at-once/", visiting.at_once, name="at-once"),
    path("visits/people/<int:pk>/promise/", visiting.promise_person, name="promise-to"),
    path("visits/promises/<int:pk>/", visiting.promise, name="promise"),
    path("visits/promises/<int:pk>/kept/", visiting.keep, name="keep"),
    path("visits/promises/<int:pk>/broken/", visiting.broken, name="break"),
    path("visits/promises/<int:pk>/withdraw/", visiting.withdraw, name="withdraw"),
    path("visits/askings/<int:pk>/", answering.ask, name="asking"),
    path("visits/askings/<int:pk>/decline/", answering.decline, name="decline"),
    path("visits/<int:pk>/", visiting.visit, name="visit"),
    path("visits/<int:pk>/stop/", visiting.stop, name="stop"),
    path("felt/<str:token>/", answering.felt, name="felt"),
]
