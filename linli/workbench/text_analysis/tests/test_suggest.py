"""A message comes in; the product says what kind of case it is, or that it is not sure."""

from __future__ import annotations

import csv
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.register.posts.terms import Role
from linli.workbench.text_analysis import category_model, classifier, training
from linli.workbench.text_analysis.tests.shared import labelled_texts, needs_messages
from linli.workbench.text_analysis.texts import as_learnt

ODD = (
    "",
    " ",
    "\n\t",
    "12345678901234567890",
    "<script>alert(1)</script>" * 50,
    "\U0001f600\U0001f4a9" * 40,
    "漏" * 50_000,
    "\x00\ud800",
    "a" * 50_000,
)


@pytest.fixture(scope="module")
def model() -> classifier.Model:
    """Return the model of a new installation."""
    return category_model.learn()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("电梯坏了三天了，老人下不去楼", "010301"),
        ("楼上半夜装修吵死了", "020202"),
        ("楼下烧烤店油烟太大", "020301"),
        ("有人从窗户拉电线给电瓶车充电，飞线充电", "030102"),
        ("请问低保怎么申请", "050201"),
        ("暖气不热，家里才十三度", "040301"),
    ],
)
def test_a_new_installation_suggests_from_the_first_day(
    model: classifier.Model, text: str, code: str
) -> None:
    said = model.suggest(text)
    assert said.category == code
    assert not said.unsure
    assert said.runner_up != code
    assert said.confidence > said.runner_up_confidence


def test_what_it_does_not_know_it_calls_unsure(model: classifier.Model) -> None:
    assert model.suggest("今天天气真好，下午去看电影").unsure
    assert model.suggest("12345") == classifier.NOTHING


def test_dispatchers_corrections_change_its_mind(model: classifier.Model) -> None:
    """A subdistrict keeps bees under roof repairs, because that is where they were found."""
    bees = [f"{n}号楼屋檐下有蜂箱，蜜蜂飞进家里" for n in range(12)]
    assert model.suggest("我家屋檐下有蜂箱").category != "010202"
    taught = category_model.learn([(text, "010202") for text in bees])
    assert taught.suggest("我家屋檐下有蜂箱").category == "010202"
    assert taught.version != model.version


def test_a_category_that_is_out_of_use_is_not_suggested(model: classifier.Model) -> None:
    others = set(model.categories) - {"010301"}
    assert model.suggest("电梯坏了三天了", others).category != "010301"
    assert model.suggest("电梯坏了三天了", {"none"}) == classifier.NOTHING


def test_what_would_be_a_category_out_of_use_is_not_pressed_into_another(
    model: classifier.Model,
) -> None:
    assert model.suggest("电梯坏了三天了，老人下不去楼", {"050201", "060201"}).unsure


@needs_messages
@pytest.mark.parametrize("has_title", [True, False])
def test_four_of_five_real_messages_are_put_where_people_put_them(has_title: bool) -> None:
    texts = labelled_texts()
    assert len(texts) == 295
    rows = [(as_learnt(title, text), label) for title, text, label in texts]
    asked = [as_learnt(title if has_title else "", text) for title, text, _label in texts]
    assert training.tried_otherwise(rows, asked).accuracy >= 0.78


def test_a_title_made_of_the_text_is_no_title_of_its_own() -> None:
    text = "楼道灯坏了三天。老人看不见台阶，请来修"
    assert as_learnt("楼道灯坏了三天", text) == as_learnt("", text)
    assert as_learnt("楼道灯坏…", text) == as_learnt("", text)
    assert as_learnt("黑楼道", text).startswith("黑楼道 黑楼道")


def test_it_learns_again_only_when_there_is_something_new() -> None:
    asked = []

    def corrections() -> list[training.Row]:
        asked.append(1)
        return [(f"{n}号楼屋檐下有蜂箱", "010202") for n in range(len(asked))]

    learner = category_model.Learner(again_after=0, in_background=False)
    first = learner.model(("3", 7), corrections)
    assert learner.model(("3", 7), corrections) is first
    assert len(asked) == 1
    assert learner.model(("4", 8), corrections) is not first
    assert len(asked) == 2


def test_nobody_waits_for_learning_and_choices_close_together_are_learnt_at_once() -> None:
    def choices() -> list[training.Row]:
        return [("屋檐下有蜂箱", "010202")]

    learner = category_model.Learner(again_after=3600)
    first = learner.model(1)
    assert learner.model(2, choices) is first
    eager = category_model.Learner(again_after=0)
    before = eager.model(1)
    assert eager.model(2, choices) is before
    for _wait in range(600):
        if eager.model(2, choices) is not before:
            break
        time.sleep(0.1)
    assert eager.model(2, choices).version != before.version


def test_what_was_learnt_outlives_the_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = category_model.Learner()
    first.file = tmp_path / "categories.npz"
    version = first.model(1).version
    monkeypatch.setattr(category_model, "_learnt", None)  # nothing is learnt a second time
    second = category_model.Learner()
    second.file = first.file
    assert second.model("another mark").version == version
    assert first.file.stat().st_mode & 0o077 == 0


def test_a_kept_model_says_the_same_and_a_foreign_file_is_refused(
    model: classifier.Model, tmp_path: Path
) -> None:
    file = tmp_path / "model.npz"
    model.save(file)
    again = classifier.load(file)
    assert again.suggest("电梯坏了三天了") == model.suggest("电梯坏了三天了")
    assert (again.version, again.threshold) == (model.version, model.threshold)
    for bad in (b"", b"PK\x03\x04 not really", file.read_bytes()[:2000]):
        file.write_bytes(bad)
        with pytest.raises(classifier.BadModel):
            classifier.load(file)


def test_one_category_alone_cannot_be_learnt() -> None:
    with pytest.raises(training.TooFew):
        training.train(["电梯坏了", "电梯不动"], ["lift", "lift"])
    two = training.train(["电梯坏了修一修", "电梯不动", "噪音太大", "半夜噪音"], list("aabb"))
    assert two.suggest("电梯坏了").category == "a"


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_odd_input_is_answered(model: classifier.Model, text: str) -> None:
    said = model.suggest(text)
    assert 0 <= said.confidence <= 1


@settings(max_examples=150, deadline=None)
@given(text=st.text(max_size=300))
def test_any_text_is_answered_the_same_way_twice(text: str) -> None:
    model = category_model.LEARNER.model()
    said = model.suggest(text)
    assert said == model.suggest(text)
    assert said.category == "" or said.category in model.categories


def test_the_shipped_taxonomy_holds_together() -> None:
    with (category_model.DATA / "taxonomy.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["code"]: row for row in csv.DictReader(file)}
    for code, row in rows.items():
        assert row["parent"] == code[:-2]
        assert not row["parent"] or int(rows[row["parent"]]["level"]) == int(row["level"]) - 1
        assert row["role"] in Role.values
        assert 1 <= int(row["working_days"]) <= 365
    leaves = {code for code, row in rows.items() if row["level"] == "3"}
    assert {code for _text, code in category_model.shipped()} == leaves
    assert rows["060201"]["name"] == "家庭暴力"
    assert rows["060201"]["confidential"] == "1"
