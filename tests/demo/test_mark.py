"""Only data that bears the demonstration's mark is opened as a demonstration."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from linli.core.database import marks
from linli.core.errors import Refused
from linli.demo.commands import demo
from linli.faces.cli import health
from linli.faces.cli.commands import serve
from linli.register.posts.models import Post
from linli.workbench.notices.channels.factory import goes_to_a_file
from tests.posts.test_bypass import inside
from tests.residents.world import Neighbourhood, a_neighbourhood, a_user, by_the_system

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def here(db: None) -> Neighbourhood:
    return a_neighbourhood()


@pytest.mark.parametrize("marked", [False, True])
def test_the_setting_alone_opens_nothing(here: Neighbourhood, settings: Any, marked: bool) -> None:
    """With the mark all of it opens: the negative control of every line here."""
    settings.DEMO, settings.MODE, settings.SECOND_FACTOR_REQUIRED = True, "production", True
    if marked:
        marks.set_mark()
    lu = a_user("lu", "subdistrict_officer", here.town)
    with by_the_system():
        post = Post.objects.get(user=lu)
        lu.must_change_password = True
        lu.save()
    tapped = Client().post("/sign-in/demonstration/", {"post": post.pk})
    assert (tapped.status_code == 302) == marked
    page = Client().get("/sign-in/").content.decode()
    assert ("用户lu" in page) == marked
    assert ("demo-banner" in page) == marked
    assert (inside(lu).get("/mine/").status_code == 200) == marked
    lu.must_change_password = False
    with by_the_system():
        lu.save()
    assert (inside(lu).get("/mine/").status_code == 200) == marked
    assert (inside(lu).get("/api/v1/tasks").status_code == 200) == marked
    assert goes_to_a_file() == marked


def test_serving_and_checking_say_so(settings: Any, capsys: Any) -> None:
    settings.DEMO = True
    with pytest.raises(Refused) as refused:
        serve._check_mark()
    assert refused.value.code == "serve.not_demonstration"
    assert health.demonstration().state == "bad"
    with pytest.raises(Refused) as refused:
        demo._check_mark()
    assert refused.value.code == "demo.no_mark"
    marks.set_mark()
    serve._check_mark()
    demo._check_mark()
    assert health.demonstration().state == "good"
    assert not capsys.readouterr().err
    settings.DEMO, settings.MODE = False, "production"
    serve._check_mark()
    assert "演示数据" in capsys.readouterr().err
    assert health.demonstration().state == "bad"


@pytest.mark.nightly
def test_the_command_refuses_in_words(tmp_path: Path) -> None:
    ours = {"LINLI_MODE": "embedded", "LINLI_DATA": str(tmp_path), "DATABASE_URL": ""}
    given = {**os.environ, **ours}
    words = [sys.executable, "-m", "linli.faces.cli.main"]
    subprocess.run([*words, "migrate", "--json"], env=given, check=True, capture_output=True)
    done = subprocess.run(
        [*words, "serve"],
        env={**given, "LINLI_DEMO": "1"},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert "不是 linli demo 建的" in done.stderr
    said = subprocess.run(
        [*words, "check", "--json"],
        env={**given, "LINLI_DEMO": "1"},
        check=False,
        capture_output=True,
        text=True,
    )
    findings = json.loads(said.stdout)["findings"]
    assert [finding["state"] for finding in findings if finding["what"] == "演示"] == ["bad"]
