"""What people do with facilities, their duties and their papers."""

from linli.register.facilities.actions.duties import (
    Cycle,
    check_date,
    end_duty,
    finish_duty,
    may_do,
    may_keep,
    set_duty,
    take_back_duty,
)
from linli.register.facilities.actions.lists import FacilityListResult, FacilityRow, take_list
from linli.register.facilities.actions.papers import NewPaper, end_paper, keep_paper
from linli.register.facilities.actions.things import (
    DATES,
    NewFacility,
    add_facilities,
    edit_facility,
    end_facility,
    move_facility,
)

__all__ = [
    "DATES",
    "Cycle",
    "FacilityListResult",
    "FacilityRow",
    "NewFacility",
    "NewPaper",
    "add_facilities",
    "check_date",
    "edit_facility",
    "end_duty",
    "end_facility",
    "end_paper",
    "finish_duty",
    "keep_paper",
    "may_do",
    "may_keep",
    "move_facility",
    "set_duty",
    "take_back_duty",
    "take_list",
]
