"""A list of the 残联 is laid against the register, decided, written and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from linli.capabilities.record_linkage import actions, jobs, queries, runner
from linli.capabilities.record_linkage.models import Difference, LinkageRun
from linli.capabilities.record_linkage.outcomes import LinkageResult
from linli.capabilities.record_linkage.tests.builders import (
    AXIANG,
    DAUGHTER,
    GENFA,
    NAMELESS,
    NEW,
    NEXT_DOOR,
    OLD_PHONE,
    PHONE,
    Here,
    a_neighbourhood,
    brought,
    matched,
    row,
)
from linli.core.actions import writes_allowed
from linli.core.errors import NotFound, Refused
from linli.core.scope import Scope, use_scope
from linli.register.people.actions import change_facts
from linli.register.people.models import Person
from linli.register.people.provenance import stamps_of
from linli.workbench.imports.encrypted_rows import decode_row
from linli.workbench.journal.models import JournalEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Iterator[Here]:
    """The neighbourhood, with its worker at work."""
    made = a_neighbourhood()
    with use_scope(made.scope):
        yield made


def differing(linkage_run: LinkageRun, number: int) -> dict[str, Difference]:
    return {
        difference.field: difference
        for difference in Difference.objects.filter(row=row(linkage_run, number))
    }


def write(linkage_run: LinkageRun, here: Here) -> LinkageRun:
    runner.run(actions.begin_writing(linkage_run=linkage_run, by=here.worker), here.worker)
    return queries.run_or_not_found(linkage_run.link)


def fresh(person: Person) -> Person:
    return Person.objects.select_related("home").get(pk=person.pk)


def test_each_row_lies_on_its_heap(here: Here) -> None:
    linkage_run = matched(here)
    buckets = {one.number: one.bucket for one in queries.rows_of(linkage_run)}
    assert buckets == {
        AXIANG: "sure",
        GENFA: "decide",
        DAUGHTER: "sure",
        NEXT_DOOR: "elsewhere",
        NEW: "new",
        NAMELESS: "unusable",
    }
    assert linkage_run.counts["sure"] == 2


def test_nothing_is_written_before_it_is_chosen(here: Here) -> None:
    linkage_run = matched(here)
    assert fresh(here.axiang).phone == OLD_PHONE
    differ = differing(linkage_run, AXIANG)
    assert {name: one.choice for name, one in differ.items()} == {
        "phone": "later",
        "address": "later",
        "disability_level": "theirs",
    }
    assert (differ["phone"].is_older, differ["disability_level"].is_gap) == (True, True)
    assert decode_row(differ["phone"].told)["on"] == "2026-11-10"


def test_a_row_of_elsewhere_tells_nothing_but_that(here: Here) -> None:
    linkage_run = matched(here)
    told = decode_row(row(linkage_run, NEXT_DOOR).told)
    assert (told["rivals"], row(linkage_run, NEXT_DOOR).subject_id) == ([], None)
    with pytest.raises(NotFound):
        actions.answer_row(
            row=row(linkage_run, NEXT_DOOR),
            answer="same",
            person_id=here.elsewhere.pk,
            by=here.worker,
        )


def test_what_is_chosen_is_written_and_the_rest_stays(here: Here) -> None:
    linkage_run = matched(here)
    actions.choose_difference(
        difference=differing(linkage_run, AXIANG)["phone"], choice="theirs", by=here.worker
    )
    done = write(linkage_run, here)
    her = fresh(here.axiang)
    assert (her.phone, her.disability_level) == (PHONE, "2")
    assert her.home_id == here.axiang.home_id
    stamp = stamps_of(her)["phone"]
    assert (stamp.source, stamp.confirmed_on) == ("department", date(2026, 11, 1))
    assert done.state == "applied"
    assert JournalEntry.objects.filter(kind="record_linkage.written").exists()


def test_a_misspelt_name_is_decided_by_somebody(here: Here) -> None:
    linkage_run = matched(here)
    answered = actions.answer_row(
        row=row(linkage_run, GENFA), answer="same", person_id=here.genfa.pk, by=here.worker
    )
    differ = differing(linkage_run, answered.number)
    assert differ["name"].choice == "later"
    actions.choose_difference(difference=differ["disability_kind"], choice="theirs", by=here.worker)
    write(linkage_run, here)
    him = fresh(here.genfa)
    assert (him.name, him.disability_kind, him.disability_level) == ("邬根发", "1", "1")


def test_one_person_takes_one_row(here: Here) -> None:
    linkage_run = matched(here)
    twice = matched(
        here,
        [
            [1, "虞阿香", "", "1941-03-05", OLD_PHONE, "", "", ""],
            [2, "虞阿香", "", "1941-03-05", OLD_PHONE, "", "", ""],
        ],
    )
    assert linkage_run.link != twice.link
    second = row(twice, 3)
    assert (second.bucket, decode_row(second.told)["same_as"]) == ("decide", 2)
    with pytest.raises(Refused, match="第2行"):
        actions.answer_row(row=second, answer="same", person_id=here.axiang.pk, by=here.worker)


def test_a_whole_column_is_chosen_at_once(here: Here) -> None:
    linkage_run = matched(here)
    by = here.worker
    actions.choose_for_column(linkage_run=linkage_run, field="phone", choice="newer", by=by)
    actions.choose_for_column(linkage_run=linkage_run, field="address", choice="theirs", by=by)
    write(linkage_run, here)
    her = fresh(here.axiang)
    assert (her.phone, her.home.address) == (OLD_PHONE, here.town.home("2", "101").address)


def test_new_people_are_added_only_when_said(here: Here) -> None:
    linkage_run = matched(here)
    assert actions.add_all_new(linkage_run=linkage_run, add=True, by=here.worker) == 1
    write(linkage_run, here)
    assert Person.objects.get(name="洪小满").home_id == here.town.home("2", "202").pk


def test_nobody_is_added_without_a_home(here: Here) -> None:
    linkage_run = matched(here, [[1, "洪小满", "", "1988-08-08", "", "很远的地方", "", ""]])
    with pytest.raises(Refused, match="住址"):
        actions.answer_row(row=row(linkage_run, 2), answer="new", person_id=None, by=here.worker)


def test_what_changed_since_is_not_overwritten(here: Here) -> None:
    linkage_run = matched(here)
    actions.choose_for_column(
        linkage_run=linkage_run, field="phone", choice="theirs", by=here.worker
    )
    change_facts(
        person=fresh(here.axiang),
        changes={"phone": "14300007777"},
        source="visit",
        confirmed_on=date(2026, 11, 20),
        by=here.worker,
    )
    done = write(linkage_run, here)
    assert fresh(here.axiang).phone == "14300007777"
    assert done.counts["changed_since"] == 1


def test_all_of_it_is_taken_back(here: Here) -> None:
    linkage_run = matched(here)
    for field in ("phone", "address", "disability_level"):
        actions.choose_for_column(
            linkage_run=linkage_run, field=field, choice="theirs", by=here.worker
        )
    actions.add_all_new(linkage_run=linkage_run, add=True, by=here.worker)
    done = write(linkage_run, here)
    runner.run(actions.begin_undo(linkage_run=done, by=here.worker), here.worker)
    assert queries.run_or_not_found(done.link).state == "undone"
    her = fresh(here.axiang)
    assert (her.phone, her.disability_level, her.home_id) == (OLD_PHONE, "", here.axiang.home_id)
    assert not Person.objects.filter(name="洪小满").exists()
    with pytest.raises(Refused):
        actions.begin_undo(linkage_run=done, by=here.worker)


def test_a_written_list_is_decided_no_more(here: Here) -> None:
    linkage_run = write(matched(here), here)
    with pytest.raises(Refused, match="不能改"):
        actions.choose_for_column(
            linkage_run=linkage_run, field="phone", choice="theirs", by=here.worker
        )
    with pytest.raises(Refused):
        actions.drop_list(linkage_run=linkage_run, by=here.worker)


def test_a_list_without_names_and_numbers_is_refused(here: Here) -> None:
    linkage_run = matched(here)
    with pytest.raises(Refused, match="认不出"):
        actions.choose_columns(
            linkage_run=linkage_run, columns={"3": "phone"}, sheet=0, total=1, by=here.worker
        )


def test_the_neighbours_see_no_list(here: Here) -> None:
    linkage_run = matched(here)
    scope = Scope((here.town.next_community.path,), "community_worker", "", here.neighbour.pk)
    with use_scope(scope), pytest.raises(NotFound):
        queries.run_or_not_found(linkage_run.link)


def test_a_long_list_waits_for_the_worker(here: Here, monkeypatch: Any) -> None:
    waiting = brought(here)
    monkeypatch.setattr(runner, "ROWS_WHILE_WAITING", 1)
    with use_scope(None):
        assert jobs.do_long_work() == 1
        assert jobs.do_long_work() == 0
    assert queries.run_or_not_found(waiting.link).state == "matched"


def test_a_run_is_claimed_once_and_replaced_when_it_fell_silent(here: Here) -> None:
    waiting = brought(here)
    with writes_allowed("another process has it"):
        LinkageRun.objects.filter(pk=waiting.pk).update(claim="other", claimed_at=timezone.now())
    assert not runner.run(waiting, here.worker)
    with writes_allowed("and died"):
        long_ago = timezone.now() - timedelta(hours=1)
        LinkageRun.objects.filter(pk=waiting.pk).update(claimed_at=long_ago)
    assert runner.run(waiting, here.worker)


def test_a_run_that_fails_says_why_and_changes_nothing(here: Here, monkeypatch: Any) -> None:
    waiting = brought(here)

    def broken(*_given: Any) -> None:
        raise OSError("no room")

    monkeypatch.setattr(runner, "compared", broken)
    with pytest.raises(Refused, match="中断"):
        runner.run(waiting, here.worker)
    stopped = queries.run_or_not_found(waiting.link)
    assert (stopped.state, bool(stopped.error_text)) == ("read", True)


def test_lists_are_forgotten_on_their_day(here: Here) -> None:
    linkage_run = matched(here)
    with writes_allowed("time passes"):
        LinkageRun.objects.filter(pk=linkage_run.pk).update(purge_on=date(2026, 1, 1))
    with use_scope(None):
        assert jobs.forget_old_lists() == 1
    assert not queries.rows_of(linkage_run).exists()
    assert queries.file_of(linkage_run) == b""


def test_a_list_is_given_up(here: Here) -> None:
    linkage_run = matched(here)
    actions.drop_list(linkage_run=linkage_run, by=here.worker)
    assert not queries.linkage_runs().exists()


def test_who_died_is_not_brought_back(here: Here) -> None:
    with writes_allowed("he died"):
        Person.objects.filter(pk=here.axiang.pk).update(status="died")
    linkage_run = matched(here)
    mine = row(linkage_run, AXIANG)
    assert (mine.bucket, "已故" in decode_row(mine.told)["why"]) == ("unusable", True)


def test_a_grid_worker_may_do_none_of_it(here: Here) -> None:
    linkage_run = matched(here)
    mine, differ = row(linkage_run, GENFA), differing(linkage_run, AXIANG)["phone"]
    by = here.worker
    steps: list[tuple[Any, dict[str, Any]]] = [
        (
            actions.bring_list,
            {
                "data": b"",
                "name": "",
                "department": "",
                "sheets": [],
                "sheet": 0,
                "confirmed_on": date(2026, 1, 1),
            },
        ),
        (
            actions.choose_columns,
            {"linkage_run": linkage_run, "columns": {}, "sheet": 0, "total": 0},
        ),
        (actions.keep_matches, {"linkage_run": linkage_run, "result": LinkageResult()}),
        (actions.stop_run, {"linkage_run": linkage_run, "error_text": ""}),
        (actions.drop_list, {"linkage_run": linkage_run}),
        (actions.purge_lists, {}),
        (actions.answer_row, {"row": mine, "answer": "leave", "person_id": None}),
        (actions.add_all_new, {"linkage_run": linkage_run, "add": True}),
        (actions.choose_difference, {"difference": differ, "choice": "ours"}),
        (
            actions.choose_for_column,
            {"linkage_run": linkage_run, "field": "phone", "choice": "ours"},
        ),
        (actions.begin_writing, {"linkage_run": linkage_run}),
        (actions.apply_run, {"linkage_run": linkage_run}),
        (actions.begin_undo, {"linkage_run": linkage_run}),
        (actions.undo_run, {"linkage_run": linkage_run}),
    ]
    with use_scope(Scope((here.town.community.path,), "grid_worker", "", by.pk)):
        for step, given in steps:
            with pytest.raises(Refused):
                step(by=by, **given)
