"""Facts of a person before they are stored: checked, in one spelling, with their indexes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from linli.core.chinese.names import name_key
from linli.core.chinese.normalise import tidy
from linli.core.chinese.pinyin import name_pinyin
from linli.core.chinese.search import index_name
from linli.core.errors import Refused
from linli.core.personal_data.crypto import blind_index
from linli.core.personal_data.identity import IdentityNumber, read_identity_number
from linli.core.personal_data.phones import Phone, read_phone
from linli.core.time import PartialDate, Precision, today
from linli.register.people.models import Person
from linli.register.people.terms import IdentityKind, ResidenceStatus

LONGEST_DOCUMENT = 30
# What somebody may say about a person; home, household and status have actions of their own.
EDITABLE: tuple[str, ...] = (
    "name",
    "sex",
    "birth_date",
    "identity_kind",
    "identity_number",
    "phone",
    "ethnicity",
    "education",
    "marital_status",
    "political_status",
    "employment",
    "workplace",
    "hukou_address",
    "disability_kind",
    "disability_level",
    "chronic_illness",
    "due_date",
    "care_level",
    "low_income",
    "extreme_hardship",
    "veteran",
    "volunteer",
    "medical_insurance",
    "pension",
    "preferred_channel",
    "last_contact_on",
    "tenure",
    "registered",
    "residence_status",
    "relation_to_head",
    "lives_since",
    "lease_until",
)
STAMPED_ALONG: tuple[str, ...] = ("source", "confirmed_on", "confirmed_by")
# Where the registered household is: what each word says of ``registered``.
REGISTERED_BY: dict[str, bool] = {
    ResidenceStatus.TOGETHER: True,
    ResidenceStatus.HUKOU_ONLY: True,
    ResidenceStatus.LIVING_ONLY: False,
    ResidenceStatus.EMPTY_HUKOU: True,
}
# Two facts that are one truth: taken over together or not at all.
OF_ONE_TRUTH = ("residence_status", "registered")
# Columns that are made from others and change with them.
DERIVED: dict[str, tuple[str, ...]] = {
    "name": ("name_key", "name_pinyin", "name_initials", "search_text"),
    "birth_date": ("birth_precision",),
    "identity_number": ("identity_index",),
    "phone": ("phone_index", "phone_tail_index"),
}


def identity_index(text: str) -> str:
    """Return the blind index of an identity number or other document, however it was typed."""
    read = read_identity_number(text)
    plain = read.value if isinstance(read, IdentityNumber) else _document(text)
    return blind_index(plain, "identity")


def phone_index(text: str) -> str:
    """Return the blind index of a whole phone number, however it was typed."""
    read = read_phone(text)
    return blind_index(read.normal, "phone") if isinstance(read, Phone) else ""


def phone_tail_index(text: str) -> str:
    """Return the blind index of the last four digits."""
    return blind_index(text[-4:], "phone_tail") if len(text) >= 4 else ""


def prepare(
    facts: Mapping[str, Any], *, day: date | None = None, known: Person | None = None
) -> dict[str, Any]:
    """Check and normalise facts and add the columns made from them; refuse in words by field.

    Only what is given is returned: an empty text clears a fact, a missing key leaves it alone.
    ``known`` is the person whose facts change.
    """
    prepared: dict[str, Any] = {}
    for name, value in facts.items():
        if name not in EDITABLE and name not in STAMPED_ALONG and name != "confirmed_by_id":
            raise Refused("person.unknown_fact", _("没有“%(name)s”这一项") % {"name": name}, name)
        prepared[name] = _one(name, value, day or today())
    if prepared.get("identity_number"):
        _take_identity(prepared, day or today())
    elif "identity_number" in prepared:
        prepared["identity_index"] = ""
    if "birth_date" in prepared:
        _take_birth(prepared)
    if "name" in prepared:
        _take_name(prepared)
    if "phone" in prepared:
        _take_phone(prepared)
    _take_residence(prepared, known)
    return prepared


@lru_cache(maxsize=64)
def _column(name: str) -> Any:
    return Person._meta.get_field(name)


def _one(name: str, value: Any, day: date) -> Any:
    column = _column(name)
    if isinstance(column, models.DateField):
        return _day(name, value, day)
    if isinstance(column, models.BooleanField):
        return None if value in ("", None) else bool(value)
    if isinstance(column, models.ForeignKey):
        return value
    text = tidy("" if value is None else str(value))
    if column.choices and text and text not in dict(column.choices):
        label = str(column.verbose_name)
        sentence = _("“%(label)s”没有“%(value)s”这个选项") % {"label": label, "value": text}
        raise Refused("person.choice", sentence, name)
    if column.max_length and len(text) > column.max_length:
        label = str(column.verbose_name)
        sentence = _("“%(label)s”最多%(most)s个字") % {"label": label, "most": column.max_length}
        raise Refused("person.too_long", sentence, name)
    return text


# A due date and the end of a lease lie ahead by nature; all else that is known has happened.
MAY_LIE_AHEAD = frozenset({"due_date", "lease_until"})


def _day(name: str, value: Any, day: date) -> date | None:
    if value in ("", None):
        return None
    # Of a birth the month alone may be known; no other day is kept without its day.
    if not isinstance(value, date) or (isinstance(value, PartialDate) and name != "birth_date"):
        raise Refused("person.date", _("请写成日期，例如1950-03-01"), name)
    if value > day and name not in MAY_LIE_AHEAD:
        label = str(_column(name).verbose_name)
        raise Refused("person.future", _("“%(label)s”在将来") % {"label": label}, name)
    return value


def _take_name(prepared: dict[str, Any]) -> None:
    if not prepared["name"]:
        raise Refused("person.no_name", _("请填写姓名"), "name")
    reading = name_pinyin(prepared["name"])
    prepared["name_key"] = name_key(prepared["name"])
    prepared["name_pinyin"] = reading.full[:120]
    prepared["name_initials"] = reading.initials[:20]
    prepared["search_text"] = index_name(prepared["name"])


def _take_birth(prepared: dict[str, Any]) -> None:
    """Store a month as its first day, and that it is no more than a month."""
    born = prepared["birth_date"]
    is_month = isinstance(born, PartialDate)
    prepared["birth_date"] = born.whole() if is_month else born
    prepared["birth_precision"] = str(Precision.MONTH) if is_month else ""


def _take_phone(prepared: dict[str, Any]) -> None:
    if not prepared["phone"]:
        prepared["phone_index"] = prepared["phone_tail_index"] = ""
        return
    read = read_phone(prepared["phone"])
    if not isinstance(read, Phone):
        raise Refused("person.phone", read.sentence, "phone")
    prepared["phone"] = read.normal
    prepared["phone_index"] = blind_index(read.normal, "phone")
    prepared["phone_tail_index"] = blind_index(read.tail, "phone_tail")


def _take_residence(prepared: dict[str, Any], known: Person | None) -> None:
    """Let the two facts about the registered household agree: the fuller one says the other."""
    status = prepared.get("residence_status")
    if not status:
        was = REGISTERED_BY.get(known.residence_status) if known is not None else None
        if "registered" in prepared and was is not None and was != prepared["registered"]:
            prepared["residence_status"] = ""
        return
    registered = REGISTERED_BY[status]
    if prepared.get("registered") not in (None, registered):
        words = {"status": ResidenceStatus(status).label}
        sentence = (
            _("人户状态是“%(status)s”，户籍人口却填了“否”")
            if registered
            else _("人户状态是“%(status)s”，户籍人口却填了“是”")
        )
        hint = _("请核对后只改一处，另一处会跟着变")
        raise Refused("person.residence", sentence % words, "residence_status", hint)
    prepared["registered"] = registered


def left_out_with(wrong: Refused) -> tuple[str, ...]:
    """Return the facts to leave out of a list for this refusal: of a contradiction both halves."""
    return OF_ONE_TRUTH if wrong.code == "person.residence" else (str(wrong.field),)


def _document(text: str) -> str:
    return "".join(text.split()).upper()


def _take_identity(prepared: dict[str, Any], day: date) -> None:
    """Check the number; a resident's also tells birth date and sex, which must agree."""
    kind = prepared.get("identity_kind") or IdentityKind.RESIDENT
    if kind not in (IdentityKind.RESIDENT, IdentityKind.FOREIGN_RESIDENT):
        prepared["identity_number"] = _document(prepared["identity_number"])[:LONGEST_DOCUMENT]
        prepared["identity_index"] = blind_index(prepared["identity_number"], "identity")
        return
    read = read_identity_number(prepared["identity_number"], day=day)
    if not isinstance(read, IdentityNumber):
        raise Refused("person.identity", read.sentence, "identity_number")
    prepared["identity_kind"] = kind
    prepared["identity_number"] = read.value
    prepared["identity_index"] = blind_index(read.value, "identity")
    born = prepared.get("birth_date")
    if isinstance(born, PartialDate) and born.holds(read.birth_date):
        born = None  # the number says the day
    if born and born != read.birth_date:
        raise Refused(
            "person.identity_birth",
            _("出生日期与身份证号码里的%(date)s不一致") % {"date": read.birth_date.isoformat()},
            "birth_date",
            _("请对照证件核对，或只填身份证号码"),
        )
    prepared["birth_date"] = read.birth_date
    prepared["sex"] = prepared.get("sex") or str(read.sex)
