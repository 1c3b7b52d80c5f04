"""Is this somebody we know? By number, else by name, birth date and home; never by a guess."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from linli.core.batches import in_batches
from linli.core.chinese.names import name_key, same_name, written_name
from linli.core.personal_data.masking import (
    mask_address,
    mask_identity_number,
    mask_name,
    mask_phone,
)
from linli.core.scope import system_scope
from linli.core.time import PartialDate, with_precision
from linli.register.people.birth import fact_of, says_less
from linli.register.people.models import Person
from linli.register.people.terms import PersonStatus
from linli.workbench.imports.parsed_row import Draft
from linli.workbench.imports.terms import RowFate

MASKS = {"phone": mask_phone, "identity_number": mask_identity_number}
LOST = "?？□■○◯●�_*某"
CANDIDATES_NAMED = 3


@dataclass(frozen=True)
class KnownPerson:
    """As much of a person as is needed to tell whether they are the one."""

    pk: int
    name: str
    birth_date: date | None
    birth_precision: str
    home_id: int
    identity_index: str
    status: str
    address: str
    sex: str

    @property
    def born(self) -> date | None:
        """Return the day or the month of birth, as much as is known."""
        born: date | None = with_precision(self.birth_date, self.birth_precision)
        return born


COLUMNS = (
    "pk",
    "name",
    "birth_date",
    "birth_precision",
    "home_id",
    "identity_index",
    "status",
    "home__address",
    "sex",
)


class Register:
    """The people that a list may be about, read in a few questions."""

    def __init__(self, drafts: Sequence[Draft]) -> None:
        numbers = {d.prepared["identity_index"] for d in drafts if d.prepared.get("identity_index")}
        names = {name_key(d.facts["name"]) for d in drafts if d.facts.get("name")}
        born = (fact_of(draft.prepared, "birth_date") for draft in drafts)
        infants = {day for day in born if day and not isinstance(day, PartialDate)}
        self.by_number: dict[str, list[KnownPerson]] = defaultdict(list)
        self.by_name: dict[str, list[KnownPerson]] = defaultdict(list)
        for batch in in_batches(sorted(numbers)):
            for person in _known(identity_index__in=batch):
                self.by_number[person.identity_index].append(person)
        for batch in in_batches(sorted(names)):
            for person in _known(name_key__in=batch):
                self.by_name[name_key(person.name)].append(person)
        self.unnamed = _unnamed(infants)
        self.elsewhere = registered_elsewhere(numbers - set(self.by_number))

    def match(self, draft: Draft) -> None:
        """Find the person a row is about, or refuse it; a row about nobody known stays new."""
        index = draft.prepared.get("identity_index", "")
        if index in self.elsewhere:
            draft.refuse(_("这个证件号码登记在您的范围以外"), _("请联系街道办理转入；不要重复登记"))
            return
        same_number = self.by_number.get(index, []) if index else []
        living = [one for one in same_number if one.status == PersonStatus.CURRENT]
        if living:
            draft.subject_id = living[0].pk
            _heed_name(draft, living[0])
        elif any(one.status == draft.gone for one in same_number):
            # The register knows what the list tells.
            draft.fate = RowFate.UNCHANGED
        elif same_number:
            self._refuse_gone(draft, same_number[0])
        elif draft.lost_digits:
            draft.refuse(
                _("证件号码后三位是000，可能是表格软件丢失了后几位"),
                _("请对照证件核对；确实如此，请在人员页面登记"),
            )
        else:
            self._match_by_name(draft, index)

    def _match_by_name(self, draft: Draft, index: str) -> None:
        birth, name = fact_of(draft.prepared, "birth_date"), name_key(draft.facts.get("name", ""))
        named = [
            person
            for person in self.by_name.get(name, [])
            # Two numbers that differ are two people, whatever else agrees.
            if person.status == PersonStatus.CURRENT and not (index and person.identity_index)
        ]
        exact = [o for o in named if birth and o.born == birth and o.home_id == draft.place_id]
        exact = exact or _covered_alike(draft, named) or self._newborn(draft, birth)
        if len(exact) == 1:
            draft.subject_id = exact[0].pk
            _heed_name(draft, exact[0])
            return
        # The same name and birthday elsewhere, or the same name behind the same door with a
        # birthday missing on one side or only a month: it may be the same person, and may not.
        doubtful = exact or [
            person
            for person in named
            if (birth and person.born == birth)
            or (person.home_id == draft.place_id and _may_agree(birth, person.born))
        ]
        if doubtful:
            self._refuse_doubtful(draft, doubtful)
        else:
            self._refuse_other_number(draft, index)

    def _newborn(self, draft: Draft, birth: date | None) -> list[KnownPerson]:
        """Return who was registered at birth as somebody's child, at this home on this day."""
        there = self.unnamed.get((draft.place_id, birth), []) if birth and draft.place_id else []
        sex = draft.prepared.get("sex")
        return [one for one in there if not (sex and one.sex) or one.sex == sex]

    def _refuse_other_number(self, draft: Draft, index: str) -> None:
        birth = fact_of(draft.prepared, "birth_date")
        for person in self.by_name.get(name_key(draft.facts.get("name", "")), []):
            same = person.born == birth and person.home_id == draft.place_id
            if index and same and person.identity_index and person.identity_index != index:
                draft.refuse(
                    _("这一户已有同名同生日的人，证件号码与表中不同"), _("请对照证件核对号码")
                )
                return

    def _refuse_gone(self, draft: Draft, person: KnownPerson) -> None:
        label = PersonStatus(person.status).label
        draft.refuse(
            _("这个证件号码登记的人%(status)s") % {"status": label}, _("请先在人员页面更正，再导入")
        )

    def _refuse_doubtful(self, draft: Draft, candidates: Sequence[KnownPerson]) -> None:
        named = "、".join(_masked(known_person) for known_person in candidates[:CANDIDATES_NAMED])
        draft.refuse(
            _("可能是已登记的人：%(named)s") % {"named": named},
            _("请补上身份证号码，或先核对住址和出生日期"),
        )


def _may_agree(one: date | None, other: date | None) -> bool:
    """Can two births be the same: is one unknown, or the month of the other?"""
    return one is None or other is None or says_less(one, other) or says_less(other, one)


def _masked(person: KnownPerson) -> str:
    year = _("%(year)s年生") % {"year": person.birth_date.year} if person.birth_date else ""
    return " ".join(filter(None, (mask_name(person.name), year, mask_address(person.address))))


def _heed_name(draft: Draft, person: KnownPerson) -> None:
    """Keep the known name; another one is a doubt, and of a stranger's row nothing is taken."""
    name = draft.facts.get("name", "")
    if not name or name == person.name:
        return
    if same_name(name, person.name):
        draft.leave_out("name")
        return
    names = {"known": person.name, "new": name}
    if _is_placeholder(person.name, name) and not draft.doubted_name:
        draft.doubt(_("底册里登记的是“%(known)s”，改为“%(new)s”") % names)
        return
    draft.leave_out("name")
    if set(name_key(name)) & set(name_key(person.name)):
        draft.doubt(_("同一证件号码，底册里是“%(known)s”，表里是“%(new)s”：姓名没有改") % names)
        return
    # A number copied into the next row: nothing of it may be about this person.
    draft.leave_out(*list(draft.facts))
    draft.own.clear()
    draft.is_stranger = True
    draft.doubt(
        _("同一证件号码，底册里是“%(known)s”，表里是“%(new)s”：这一行没有录入") % names,
        _("请核对说的是谁"),
    )


def _is_placeholder(known: str, name: str) -> bool:
    """Does a registered name wait for this one? 王某之子 does, and 许□ for 许明."""
    problem = written_name(known).problem
    if problem != "lost" or len(known) != len(name):
        return problem == "kinship"
    return all(a == b or a in LOST for a, b in zip(known, name, strict=True))


def _covered_alike(draft: Draft, named: Sequence[KnownPerson]) -> list[KnownPerson]:
    """Return who shows these very stars, behind the same door: a list of our own came back."""
    there = [one for one in named if one.home_id == draft.place_id and draft.place_id]
    masks = {key: mask for key, mask in MASKS.items() if key in draft.covered}
    if not there or not masks:
        return []
    people = Person.objects.in_bulk([one.pk for one in there])
    return [
        one
        for one in there
        if one.pk in people
        and all(
            mask(str(getattr(people[one.pk], key) or "")) == draft.covered[key]
            for key, mask in masks.items()
        )
    ]


def _unnamed(days: Iterable[date]) -> dict[tuple[int | None, date | None], list[KnownPerson]]:
    """Return infants without a name of their own, by home and birthday."""
    found: dict[tuple[int | None, date | None], list[KnownPerson]] = defaultdict(list)
    for batch in in_batches(sorted(days)):
        for person in _known(birth_date__in=batch, name__contains="之", identity_index=""):
            if written_name(person.name).problem == "kinship":
                found[person.home_id, person.birth_date].append(person)
    return found


def _known(**where: Any) -> list[KnownPerson]:
    return [KnownPerson(*row) for row in Person.objects.filter(**where).values_list(*COLUMNS)]


def registered_elsewhere(numbers: Iterable[str]) -> set[str]:
    """Return which numbers are registered in another scope: a number is registered once."""
    elsewhere: set[str] = set()
    with system_scope("whether numbers of an import are registered in another scope"):
        for batch in in_batches(sorted(numbers)):
            rows = Person.objects.filter(identity_index__in=batch)
            # Whoever moved away from there may be registered anew here.
            living = rows.exclude(status=PersonStatus.MOVED_OUT)
            elsewhere |= set(living.values_list("identity_index", flat=True))
    return elsewhere
