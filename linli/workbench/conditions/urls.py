"""Addresses of the offices' own fields."""

from __future__ import annotations

from django.urls import path

from linli.workbench.conditions import pages

app_name = "conditions"

urlpatterns = [
    path("own-fields/", pages.own_fields, name="own-fields"),
    path("own-fields/add/", pages.add_own_field, name="add-own-field"),
    path("own-fields/<int:pk>/retire/", pages.retire_own_field, name="retire-own-field"),
    path("own-fields/<int:pk>/of/<int:subject_id>/", pages.own_fact, name="own-fact"),
    path("care-groups/", pages.care_groups, name="care-groups"),
    path("care-groups/<slug:key>/", pages.care_group, name="care-group"),
    path("care-groups/<slug:key>/change/", pages.change_care_group, name="change-care-group"),
    path(
        "care-groups/<slug:key>/take-back/<int:number>/",
        pages.take_back_group_rule,
        name="take-back-group-rule",
    ),
]
