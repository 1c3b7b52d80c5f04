"""Addresses of alerts."""

from __future__ import annotations

from django.urls import path

from linli.capabilities.alerts.pages import alert_rules, alerts

app_name = "alerts"

urlpatterns = [
    path("whistles/", alerts.everything, name="all"),
    path("whistles/signal/", alerts.advisory, name="advisory"),
    path("whistles/signal/<int:pk>/end/", alerts.end_advisory, name="end-advisory"),
    path("whistles/rules/", alert_rules.listed, name="rules"),
    path("whistles/rules/add/", alert_rules.add, name="add"),
    path("whistles/rules/<int:pk>/", alert_rules.show, name="rule"),
    path("whistles/rules/<int:pk>/edit/", alert_rules.edit, name="edit"),
    path("whistles/rules/<int:pk>/on/", alert_rules.switch_on, name="on"),
    path("whistles/rules/<int:pk>/off/", alert_rules.switch_off, name="off"),
    path("whistles/library/<str:key>/", alert_rules.adopt, name="adopt"),
    path("whistles/<int:pk>/", alerts.show, name="alert"),
    path("whistles/<int:pk>/done/", alerts.finish, name="finish"),
    path("whistles/<int:pk>/false/", alerts.false_alarm, name="false"),
]
