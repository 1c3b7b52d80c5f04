"""Addresses of reports."""

from django.urls import path

from linli.capabilities.reports.pages import asking, keeping

PREFIX = "ask/"
app_name = "reports"

urlpatterns = [
    path("", asking.ask, name="ask"),
    path("cross/", asking.cross, name="cross"),
    path("columns/", asking.columns, name="columns"),
    path("more/", asking.more, name="more"),
    path("save/", keeping.save, name="save"),
    path("saved/", keeping.saved, name="saved"),
    path("saved/<str:link>/", keeping.report, name="report"),
    path("saved/<str:link>/end/", keeping.end, name="end"),
    path("take/", keeping.take, name="take"),
    path("taken/", keeping.exports, name="exports"),
    path("taken/<str:link>/", keeping.export, name="export"),
    path("taken/<str:link>/decide/", keeping.decide, name="decide"),
    path("taken/<str:link>/file/", keeping.download, name="download"),
]
