"""Addresses of linkage runs."""

from __future__ import annotations

from django.urls import path

from linli.capabilities.record_linkage.pages import apply, decide, lists

app_name = "record_linkage"

urlpatterns = [
    path("fusing/", lists.everything, name="all"),
    path("fusing/<str:link>/", lists.show, name="show"),
    path("fusing/<str:link>/columns/", lists.columns, name="columns"),
    path("fusing/<str:link>/rows/<int:number>/", decide.row, name="row"),
    path("fusing/<str:link>/rows/<int:number>/choose/", decide.choose, name="choose"),
    path("fusing/<str:link>/column/", decide.column, name="column"),
    path("fusing/<str:link>/add/", decide.add, name="add"),
    path("fusing/<str:link>/write/", apply.write, name="write"),
    path("fusing/<str:link>/undo/", apply.undo, name="undo"),
    path("fusing/<str:link>/drop/", apply.drop, name="drop"),
    path("fusing/<str:link>/again/", apply.again, name="again"),
]
