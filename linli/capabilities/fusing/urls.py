"""Addresses of fusing."""

from __future__ import annotations

from django.urls import path

from linli.capabilities.fusing.pages import deciding, lists, writing

app_name = "fusing"

urlpatterns = [
    path("fusing/", lists.everything, name="all"),
    path("fusing/<str:link>/", lists.show, name="show"),
    path("fusing/<str:link>/columns/", lists.columns, name="columns"),
    path("fusing/<str:link>/rows/<int:number>/", deciding.row, name="row"),
    path("fusing/<str:link>/rows/<int:number>/choose/", deciding.choose, name="choose"),
    path("fusing/<str:link>/column/", deciding.column, name="column"),
    path("fusing/<str:link>/add/", deciding.add, name="add"),
    path("fusing/<str:link>/write/", writing.write, name="write"),
    path("fusing/<str:link>/undo/", writing.undo, name="undo"),
    path("fusing/<str:link>/drop/", writing.drop, name="drop"),
    path("fusing/<str:link>/again/", writing.again, name="again"),
]
