"""Reached is one fact: every action that reaches somebody notes the contact, or says why not."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Any

from linli.core.actions import Action, every_action

# An action that is told by which way, from whom or with whom somebody spoke.
TELLS = frozenset({"way", "channel", "contact", "source", "met", "reached", "answered_by"})
SAYS = re.compile("联系|走访|走户|看望|通话|打电话|回访|核实|探望|上门")
NOTES = frozenset({"record_contact", "contact_by_facts"})
# It notes a contact only where it is told of one: whoever calls it has not thereby said so.
NOT_FOLLOWED = "finish_task"
DEEP = 4
NOT_A_CONTACT = {
    "asking.expire": "the installation itself: nobody answered",
    "asking.open": "asks a colleague to speak with somebody later",
    "canvass.close": "a list ends; nobody is spoken with",
    "canvass.carry_on": "a list begins",
    "canvass.correct": "takes a contact back",
    "canvass.open": "a list begins",
    "canvass.settle_move": "who has moved away was not spoken with",
    "care_plan.save": "a plan, no visit",
    "care_plan.switch": "a plan, no visit",
    "door.save": "its parts act, each by an action of its own",
    "imports.bring": "a list is no contact",
    "notice.call_instead": "puts somebody on the list of calls",
    "party.add": "a company, no resident",
    "party.add_contact": "somebody of a company, no resident",
    "party.edit_contact": "somebody of a company, no resident",
    "party.remove_contact": "somebody of a company, no resident",
    "people.apply_rows": "a list is no contact",
    "people.settle_in_bulk": "a list is no contact",
    "person.take_contact_back": "takes a contact back",
    "visit.at_once": "wants a visit, is none",
    "visit.plan": "plans visits",
    "visit.stop": "a visit that is not wanted any more",
    "working_days.enter": "where the plan of a year comes from",
}


def reaches(action: Action) -> bool:
    """Does an action, by what it is told or called, reach somebody?"""
    told = TELLS & set(inspect.signature(action.function).parameters)
    return bool(told or SAYS.search(action.term))


def notes_contact(function: Any, deep: int = DEEP) -> bool:
    """Does a function note a contact, itself or by what it calls?"""
    names = set(function.__code__.co_names)
    if names & NOTES or function.__name__ in NOTES:
        return True
    return deep > 0 and any(notes_contact(one, deep - 1) for one in _called(function, names))


def _called(function: Any, names: set[str]) -> Iterator[Any]:
    for name in names - {NOT_FOLLOWED}:
        one = inspect.unwrap(found) if callable(found := function.__globals__.get(name)) else None
        if inspect.isfunction(one) and one.__module__.startswith("linli."):
            yield one


def silent(actions: list[Action]) -> list[str]:
    """Return the actions that reach somebody and neither note it nor say why not."""
    return [
        one.key
        for one in actions
        if reaches(one) and not notes_contact(one.function) and one.key not in NOT_A_CONTACT
    ]


def test_every_action_that_reaches_somebody_notes_it() -> None:
    assert silent(every_action()) == []


def test_no_reason_is_given_for_what_needs_none() -> None:
    known = {one.key: one for one in every_action()}
    needed = {key for key, one in known.items() if reaches(one)}
    assert NOT_A_CONTACT.keys() - needed == set()
    noting = {key for key in NOT_A_CONTACT if notes_contact(known[key].function, 0)}
    assert noting == set()


def test_a_new_door_that_forgets_is_found() -> None:
    def ring_at_the_door(*, person: Any, way: str, by: Any) -> None:
        """Speak with somebody."""

    def told_in_words(*, person: Any, by: Any) -> None:
        """Speak with somebody."""

    def nothing_of_the_kind(*, place: Any, by: Any) -> None:
        """Do something else."""

    rows = [
        Action("toy.ring", "按门铃", bool, "toy.rung", ring_at_the_door),
        Action("toy.speak", "上门谈话", bool, "toy.spoken", told_in_words),
        Action("toy.other", "改名", bool, "toy.other", nothing_of_the_kind),
    ]
    assert silent(rows) == ["toy.ring", "toy.speak"]
