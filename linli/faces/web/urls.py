"""Addresses of the shell itself."""

from __future__ import annotations

from django.urls import path

from linli.faces.web import (
    bulk,
    first_week,
    home,
    pages,
    patterns,
    patterns_pictures,
    rules_page,
    search,
)

app_name = "web"

urlpatterns = [
    path("", home.home, name="home"),
    path("everything/", pages.everything, name="everything"),
    path("walk/", pages.walk, name="walk"),
    path("record/", pages.add, name="add"),
    path("my-place/", pages.places, name="places"),
    path("mine/", pages.mine, name="mine"),
    path("first-week/", first_week.first_week, name="first-week"),
    path("mine/post/", pages.choose_post, name="choose-post"),
    path("find/", search.find, name="find"),
    path("find/part/", search.part, name="find-part"),
    path("care/", pages.care, name="care"),
    path("language/", pages.language, name="language"),
    path("rules/", rules_page.rules, name="rules"),
    path("many/<str:list_key>/<slug:verb_key>/", bulk.many, name="many"),
    path("patterns/", patterns.patterns, name="patterns"),
    path("patterns/pictures/", patterns_pictures.pictures, name="patterns-pictures"),
    path("patterns/part/", patterns.part, name="patterns-part"),
]
