"""Addresses of reports."""

from django.urls import path

from linli.capabilities.reports.pages import query, saved

PREFIX = "ask/"
app_name = "reports"

urlpatterns = [
    path("", query.ask, name="ask"),
    path("cross/", query.cross, name="cross"),
    path("columns/", query.columns, name="columns"),
    path("more/", query.more, name="more"),
    path("save/", saved.save, name="save"),
    path("saved/", saved.saved, name="saved"),
    path("saved/<str:link>/", saved.report, name="report"),
    path("saved/<str:link>/end/", saved.end, name="end"),
    path("take/", saved.take, name="take"),
    path("taken/", saved.exports, name="exports"),
    path("taken/<str:link>/", saved.export, name="export"),
    path("taken/<str:link>/decide/", saved.decide, name="decide"),
    path("taken/<str:link>/file/", saved.download, name="download"),
]
