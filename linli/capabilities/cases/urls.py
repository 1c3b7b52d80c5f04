"""Addresses of matters."""

from __future__ import annotations

from django.urls import include, path

from linli.capabilities.cases.pages import (
    board,
    categories,
    dispatch,
    intake,
    listing,
    public,
    show,
    taking,
    taxonomy,
    verbs,
)

app_name = "cases"

urlpatterns = [
    path("open311/", include("linli.capabilities.cases.open311.urls")),
    path("cases/webhooks/", include("linli.capabilities.cases.webhooks.urls")),
    path("cases/", listing.everything, name="all"),
    path("cases/take/", taking.take, name="take"),
    path("cases/take/advice/", taking.advice, name="advice"),
    path("cases/intake/", intake.everything, name="intake"),
    path("cases/intake/<str:link>/", intake.show, name="intake-list"),
    path("cases/intake/<str:link>/take/", intake.take, name="intake-take"),
    path("cases/intake/<str:link>/drop/", intake.drop, name="intake-drop"),
    path("cases/intake/<str:link>/left/", intake.rows_left, name="intake-left"),
    path("cases/board/", board.show, name="board"),
    path("cases/categories/", categories.everything, name="categories"),
    path("cases/categories/add/", categories.add, name="add-category"),
    path("cases/categories/load/", taxonomy.load, name="load-categories"),
    path("cases/categories/<int:pk>/", categories.edit, name="category"),
    path("cases/<int:pk>/", show.show, name="case"),
    path("cases/<int:pk>/dispatch/", dispatch.dispatch, name="dispatch"),
    path("cases/<int:pk>/start/", verbs.start, name="start"),
    path("cases/<int:pk>/review/", verbs.review, name="review"),
    path("cases/<int:pk>/answer/", verbs.answer, name="answer"),
    path("cases/<int:pk>/verdict/<int:report>/", verbs.verdict, name="verdict"),
    path("cases/<int:pk>/withdraw/", verbs.withdraw, name="withdraw"),
    path("cases/<int:pk>/reopen/", verbs.reopen, name="reopen"),
    path("cases/<int:pk>/merge/", verbs.merge, name="merge"),
    path("cases/<int:pk>/unmerge/", verbs.unmerge, name="unmerge"),
    path("cases/<int:pk>/move/", verbs.move, name="move"),
    path("cases/<int:pk>/category/", verbs.set_category, name="set-category"),
    path("cases/<int:pk>/confidential/", verbs.confidential, name="confidential"),
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
    path("cases/<int:pk>/phone/<int:report>/", verbs.phone, name="phone"),
]
