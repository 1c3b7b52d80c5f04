"""Addresses of the shell itself."""

from __future__ import annotations

from django.urls import path

from linli.faces.web import pages, patterns, patterns_pictures, rules_page

app_name = "web"

urlpatterns = [
    path("", pages.home, name="home"),
    path("tab/<slug:key>/", pages.tab, name="tab"),
    path("mine/", pages.mine, name="mine"),
    path("mine/post/", pages.choose_post, name="choose-post"),
    path("care/", pages.care, name="care"),
    path("language/", pages.language, name="language"),
    path("rules/", rules_page.rules, name="rules"),
    path("patterns/", patterns.patterns, name="patterns"),
    path("patterns/pictures/", patterns_pictures.pictures, name="patterns-pictures"),
    path("patterns/part/", patterns.part, name="patterns-part"),
]
