"""The grid of communities and forms: who has not handed in, each field opening its form."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from linli.capabilities.form_filling.hand_in_grid import hand_in_grid
from linli.capabilities.form_filling.models import FormInstance
from linli.capabilities.form_filling.tests.builders import (
    HEADINGS,
    Town,
    a_form_of_the_officer,
    a_town,
    as_officer,
    as_worker,
    given_out,
)
from linli.core.actions import writes_allowed

pytestmark = pytest.mark.django_db


def test_an_officer_sees_who_has_not_handed_in_and_opens_each_form(time_machine: Any) -> None:
    time_machine.move_to("2026-11-02 10:00+08:00")
    here: Town = a_town()
    with as_officer(here):
        given_out(here, a_form_of_the_officer(here, HEADINGS[:-1]))
        given = FormInstance.objects.select_related("distribution")
        first, second = given.filter(distribution__isnull=False).order_by("place__path")
        with writes_allowed("test"):
            FormInstance.objects.filter(pk=first.pk).update(state="handed_in")
    time_machine.shift(timedelta(days=12))
    client = Client()
    client.force_login(here.officer)
    page = client.get("/forms/").content.decode()
    grid = page.split('class="heat-table"')[1].split("</table>")[0]
    assert "交1/2" in grid
    fields = dict(re.findall(r'class="heat (is-\w+)" href="([^"]+)"', grid))
    assert fields == {"is-good": f"/forms/{first.link}/", "is-bad": f"/forms/{second.link}/"}
    assert "逾期3天" in grid
    assert all(client.get(href).status_code == 200 for href in fields.values())
    assert f'<a href="/forms/issues/{first.distribution.link}/">' in grid


def test_a_community_has_nobody_to_compare_with(time_machine: Any) -> None:
    here = a_town()
    with as_officer(here):
        given_out(here, a_form_of_the_officer(here, HEADINGS[:-1]))
        assert hand_in_grid() is not None
    with as_worker(here):
        assert hand_in_grid() is None
