"""Is this somebody we know? By number, else by name, birth date and home; never by a guess."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from linli.core.personal_data.masking import mask_address, mask_name
from linli.core.scope import system_scope
from linli.register.people.models import Person
from linli.register.people.terms import PersonStatus
from linli.workbench.imports.parsed_row import Draft

AT_ONCE = 500
CANDIDATES_NAMED = 3
T = TypeVar("T")


@dataclass(frozen=True)
class KnownPerson:
    """As much of a person as is needed to tell whether they are the one."""

    pk: int
    name: str
    birth_date: date | None
    home_id: int
    identity_index: str
    status: str
    address: str


COLUMNS = ("pk", "name", "birth_date", "home_id", "identity_index", "status", "home__address")


def in_batches(items: Iterable[T], size: int = AT_ONCE) -> Iterator[list[T]]:
    """Yield lists of at most ``size``."""
    ordered = list(items)
    for start in range(0, len(ordered), size):
        yield ordered[start : start + size]


class Register:
    """The people that a list may be about, read in a few questions."""

    def __init__(self, drafts: Sequence[Draft]) -> None:
        numbers = {d.prepared["identity_index"] for d in drafts if d.prepared.get("identity_index")}
        names = {d.facts["name"] for d in drafts if d.facts.get("name")}
        self.by_number: dict[str, list[KnownPerson]] = defaultdict(list)
        self.by_name: dict[str, list[KnownPerson]] = defaultdict(list)
        for batch in in_batches(sorted(numbers)):
            for person in _known(identity_index__in=batch):
                self.by_number[person.identity_index].append(person)
        for batch in in_batches(sorted(names)):
            for person in _known(name__in=batch):
                self.by_name[person.name].append(person)
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
        elif same_number:
            self._refuse_gone(draft, same_number[0])
        else:
            self._match_by_name(draft, index)

    def _match_by_name(self, draft: Draft, index: str) -> None:
        birth = draft.prepared.get("birth_date")
        named = [
            person
            for person in self.by_name.get(draft.facts.get("name", ""), [])
            # Two numbers that differ are two people, whatever else agrees.
            if person.status == PersonStatus.CURRENT and not (index and person.identity_index)
        ]
        exact = [
            o for o in named if birth and o.birth_date == birth and o.home_id == draft.place_id
        ]
        if len(exact) == 1:
            draft.subject_id = exact[0].pk
            return
        # The same name and birthday elsewhere, or the same name behind the same door with a
        # birthday missing on one side: it may be the same person, and may not.
        doubtful = exact or [
            person
            for person in named
            if (birth and person.birth_date == birth)
            or (person.home_id == draft.place_id and (birth is None or person.birth_date is None))
        ]
        if doubtful:
            self._refuse_doubtful(draft, doubtful)
        else:
            self._refuse_other_number(draft, index)

    def _refuse_other_number(self, draft: Draft, index: str) -> None:
        birth = draft.prepared.get("birth_date")
        for person in self.by_name.get(draft.facts.get("name", ""), []):
            same = person.birth_date == birth and person.home_id == draft.place_id
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


def _masked(person: KnownPerson) -> str:
    year = _("%(year)s年生") % {"year": person.birth_date.year} if person.birth_date else ""
    return " ".join(filter(None, (mask_name(person.name), year, mask_address(person.address))))


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
