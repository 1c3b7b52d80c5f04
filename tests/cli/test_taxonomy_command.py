"""`linli init` begins with categories; `linli cases taxonomy` brings an office's own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from linli.capabilities.cases.models import Category
from linli.capabilities.cases.queries import suggest
from linli.capabilities.cases.queries.taxonomy import every_path
from linli.capabilities.cases.tests.builders import a_station
from linli.core.scope import system_scope
from linli.faces.cli.main import main
from linli.workbench.text_analysis.tests.shared import MESSAGES

pytestmark = [pytest.mark.django_db]
LIFT = "电梯坏了三天了，老人下不去楼"


def test_a_real_installation_begins_with_the_usual_categories(db: None) -> None:
    assert main(["init", "330212007", "--officer", "陆颖"]) == 0
    with system_scope("look"):
        assert Category.objects.count() > 100
        told = suggest(LIFT, Category.objects.all()[0].place)
    assert told.category is not None
    assert told.category.name == "电梯故障"


@pytest.mark.skipif(not (MESSAGES / "taxonomy.csv").is_file(), reason=f"nothing at {MESSAGES}")
def test_the_real_taxonomy_of_517_rows_comes_in_whole(capsys: pytest.CaptureFixture[str]) -> None:
    station = a_station()
    file = Path(MESSAGES / "taxonomy.csv")
    rows = [tuple(line.split(",")) for line in file.read_text("utf-8-sig").splitlines()[1:]]
    wanted = every_path(rows)
    command = ["cases", "taxonomy", str(file), "--as", station.officer.username, "--json"]
    assert main(command) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["applied"], told["new"], told["left"]) == (False, len(wanted), 0)
    assert told["level_1"] == len({row[0] for row in rows})
    with system_scope("look"):
        before = Category.objects.count()
    assert main([*command, "--apply"]) == 0
    with system_scope("look"):
        assert Category.objects.count() == before + len(wanted)
