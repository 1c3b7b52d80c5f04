"""Stays: opened, closed, and never two homes at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linli.core.errors import Refused
from linli.core.scope import one_or_not_found
from linli.register.people.models import Household, Person, Residence
from linli.register.people.rules import stays_overlap
from linli.register.places.models import Place
from linli.register.places.terms import PlaceKind


def locked(person: Person) -> Person:
    """Read the person again under a lock, so that what is decided next is decided once."""
    fresh: Person = one_or_not_found(Person.objects.select_for_update(of=("self",)), pk=person.pk)
    return fresh


def check_dwelling(place: Place) -> None:
    """Refuse a home that is no dwelling, or one that stands no more."""
    if place.kind != PlaceKind.DWELLING:
        raise Refused("residence.no_dwelling", _("“%(place)s”不是户室") % {"place": place}, "home")
    if place.ended_on is not None:
        raise Refused(
            "residence.ended_dwelling", _("“%(place)s”已撤销，不能入住") % {"place": place}, "home"
        )


def check_household(household: Household | None, dwelling: Place) -> None:
    """Refuse a household that lives elsewhere or has ended."""
    if household is None:
        return
    if household.dwelling_id != dwelling.pk or household.ended_on is not None:
        raise Refused("household.elsewhere", _("这一户不住在“%(place)s”") % {"place": dwelling})


def open_stay(
    person: Person,
    *,
    dwelling: Place,
    household: Household | None,
    from_date: date | None,
    to_date: date | None = None,
    is_home: bool = True,
) -> Residence:
    """Store a stay after it was compared with every other one of this person."""
    check_order(from_date, to_date)
    check_overlap(person, dwelling, from_date, to_date, is_home=is_home)
    stay = Residence(
        person=person,
        dwelling=dwelling,
        household=household,
        tenure=person.tenure,
        registered=person.registered,
        is_home=is_home,
        from_date=from_date,
        to_date=to_date,
        scope_path=dwelling.path,
    )
    with refused_when_doubled():
        stay.save()
    return stay


@contextmanager
def refused_when_doubled() -> Iterator[None]:
    """Say in words that the database has one already: its constraint decides who was first."""
    try:
        # A savepoint: on PostgreSQL the refused statement would spoil the whole transaction.
        with transaction.atomic():
            yield
    except IntegrityError as wrong:
        if "identity" in str(wrong):
            raise Refused(
                "person.identity_twice",
                _("这个证件号码已登记在另一位在住居民名下"),
                "identity_number",
                _("可能是同一个人：请先搜索；若在其他社区，请街道管理员办理迁居"),
            ) from wrong
        # PostgreSQL names the constraint, SQLite the column.
        if "residence" in str(wrong) or "person_id" in str(wrong):
            raise Refused("residence.overlap", _("已有一个现住地，请先迁出")) from wrong
        raise


def check_order(from_date: date | None, to_date: date | None) -> None:
    """Refuse a stay that ends before it begins."""
    if from_date and to_date and to_date < from_date:
        raise Refused("residence.order", _("迁出日期早于入住日期"), "to_date")


def check_overlap(
    person: Person,
    dwelling: Place,
    from_date: date | None,
    to_date: date | None,
    *,
    is_home: bool,
    other_than: int | None = None,
) -> None:
    """Refuse a second home in the same days, or the same second dwelling twice."""
    stays = Residence.objects.filter(person=person, is_home=is_home).select_related("dwelling")
    if not is_home:
        stays = stays.filter(dwelling=dwelling)
    for stay in stays.exclude(pk=other_than):
        if stays_overlap(first=(stay.from_date, stay.to_date), second=(from_date, to_date)):
            words = {"place": stay.dwelling, "days": days_in_words(stay)}
            raise Refused(
                "residence.overlap",
                _("与已登记的居住重叠：%(place)s，%(days)s") % words,
                "from_date",
                _("请先在那里办理迁出，或改日期"),
            )


def days_in_words(stay: Residence) -> str:
    """Say from when to when."""
    begin = stay.from_date.isoformat() if stay.from_date else _("入住日期不详")
    end = stay.to_date.isoformat() if stay.to_date else _("至今")
    return f"{begin} – {end}"


def close_home(person: Person, on: date) -> Residence | None:
    """End the present home on a day; return the stay, or None when none is open."""
    homes = Residence.objects.filter(person=person, is_home=True, to_date__isnull=True)
    stay: Residence | None = homes.first()
    if stay is None:
        return None
    if stay.from_date and on < stay.from_date:
        raise Refused(
            "residence.order",
            _("日期早于入住日期%(date)s") % {"date": stay.from_date.isoformat()},
            "on",
        )
    stay.to_date = on
    stay.save(update_fields=["to_date"])
    return stay
