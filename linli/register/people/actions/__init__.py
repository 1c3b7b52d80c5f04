"""What is done to people and households: one function per thing somebody does."""

from linli.register.people.actions.contact import (
    contact_by_facts,
    record_contact,
    take_contacts_back,
)
from linli.register.people.actions.departures import (
    departure_obstacles,
    departure_of,
    undo_departure,
)
from linli.register.people.actions.facts import change_facts, confirm_facts
from linli.register.people.actions.homes import (
    move_home,
    move_in,
    move_out,
    record_death,
    record_stay,
    register_person,
)
from linli.register.people.actions.households import (
    form_household,
    recount_household,
    set_head,
    split_household,
)
from linli.register.people.actions.look_up import look_up
from linli.register.people.actions.reveal import is_covered, may_reveal, reveal_field

__all__ = [
    "change_facts",
    "confirm_facts",
    "contact_by_facts",
    "departure_obstacles",
    "departure_of",
    "form_household",
    "is_covered",
    "look_up",
    "may_reveal",
    "move_home",
    "move_in",
    "move_out",
    "record_contact",
    "record_death",
    "record_stay",
    "recount_household",
    "register_person",
    "reveal_field",
    "set_head",
    "split_household",
    "take_contacts_back",
    "undo_departure",
]
