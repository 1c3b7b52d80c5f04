"""Addresses of cases."""

from __future__ import annotations

from django.urls import path

from linli.capabilities.cases.pages import (
    action_pages,
    board,
    categories,
    dispatch,
    finish,
    listing,
    public,
    register,
    show,
    taxonomy,
)

app_name = "cases"

urlpatterns = [
    path("cases/", listing.everything, name="all"),
    path("cases/take/", register.take, name="take"),
    path("cases/take/advice/", register.advice, name="advice"),
    path("cases/board/", board.show, name="board"),
    path("cases/categories/", categories.everything, name="categories"),
    path("cases/categories/add/", categories.add, name="add-category"),
    path("cases/categories/load/", taxonomy.load, name="load-categories"),
    path("cases/categories/<int:pk>/", categories.edit, name="category"),
    path("cases/<int:pk>/", show.show, name="case"),
    path("cases/<int:pk>/dispatch/", dispatch.dispatch, name="dispatch"),
    path("cases/<int:pk>/finish/", finish.finish, name="finish"),
    path("cases/<int:pk>/danger/", finish.danger, name="danger"),
    path("cases/<int:pk>/start/", action_pages.start, name="start"),
    path("cases/<int:pk>/review/", action_pages.review, name="review"),
    path("cases/<int:pk>/answer/", action_pages.answer, name="answer"),
    path("cases/<int:pk>/verdict/<int:report>/", action_pages.verdict, name="verdict"),
    path("cases/<int:pk>/withdraw/", action_pages.withdraw, name="withdraw"),
    path("cases/<int:pk>/reopen/", action_pages.reopen, name="reopen"),
    path("cases/<int:pk>/merge/", action_pages.merge, name="merge"),
    path("cases/<int:pk>/unmerge/", action_pages.unmerge, name="unmerge"),
    path("cases/<int:pk>/move/", action_pages.move, name="move"),
    path("cases/<int:pk>/category/", action_pages.set_category, name="set-category"),
    path("cases/<int:pk>/confidential/", action_pages.confidential, name="confidential"),
    path("cases/qr/<int:pk>/", public.qr_sheet, name="qr"),
    path("report/", public.report, name="report"),
    path("report/alike/", public.alike, name="alike"),
    path("report/sent/", public.sent, name="sent"),
    path("report/track/", public.track, name="track"),
    path("report/mine/", public.mine, name="mine"),
    path("report/mine/take-back/", public.take_back, name="take-back"),
    path("report/mine/leave/", public.leave, name="leave"),
    path("report/at/<str:code>/", public.report, name="report-at"),
    path("report/at/<str:code>/alike/", public.alike, name="alike-at"),
    path("cases/<int:pk>/phone/<int:report>/", action_pages.phone, name="phone"),
]
