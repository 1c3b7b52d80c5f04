"""Households: formed, split, headed, counted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.core.actions import action, write_journal
from linli.core.errors import Refused
from linli.core.scope import one_or_not_found
from linli.core.time import today
from linli.register.people.actions.homes import may_edit_people
from linli.register.people.household_aggregates import recount
from linli.register.people.models import Household, Person, Residence
from linli.register.people.rules import relation_after_new_head
from linli.register.people.terms import PersonStatus, Relation
from linli.register.places.models import Place
from linli.register.posts.models import User


@action(
    "household.form", term=gettext_noop("立户"), may=may_edit_people, journal="household.formed"
)
def form_household(
    *,
    dwelling: Place,
    people: Sequence[Person],
    head: Person,
    number: str = "",
    on: date | None = None,
    by: User | None,
) -> Household:
    """Make one household of people who live in the same dwelling."""
    return _part("household.formed", _("立户"), dwelling, people, head, number, on, by)


@action(
    "household.split", term=gettext_noop("分户"), may=may_edit_people, journal="household.split"
)
def split_household(
    *,
    household: Household,
    leaving: Sequence[Person],
    head: Person,
    number: str = "",
    on: date | None = None,
    by: User | None,
) -> Household:
    """Let some members of a household become one of their own in the same dwelling."""
    staying = household.members.filter(status=PersonStatus.CURRENT).exclude(
        pk__in=[person.pk for person in leaving]
    )
    if any(person.household_id != household.pk for person in leaving):
        raise Refused("household.not_member", _("只能从这一户里分出"))
    if not staying.exists():
        raise Refused("household.all_leave", _("全部分出就不是分户了"))
    return _part("household.split", _("分户"), household.dwelling, leaving, head, number, on, by)


def _part(
    kind: str,
    text: str,
    dwelling: Place,
    people: Sequence[Person],
    head: Person,
    number: str,
    on: date | None,
    by: User | None,
) -> Household:
    keys = {person.pk for person in people}
    if head.pk not in keys:
        raise Refused("household.head_outside", _("户主要在这一户里"), "head")
    rows = list(Person.objects.select_for_update(of=("self",)).filter(pk__in=keys))
    if any(p.home_id != dwelling.pk or p.status != PersonStatus.CURRENT for p in rows):
        raise Refused("household.elsewhere", _("有人不住在“%(place)s”") % {"place": dwelling})
    left = {person.household_id for person in rows}
    new = Household(dwelling=dwelling, number=number, head=head, scope_path=dwelling.path)
    new.save()
    _join(rows, new, head)
    recount(households=[*left, new.pk], dwellings=[dwelling.pk], on=on or today())
    new.refresh_from_db()
    write_journal(kind, about=new, text=text, data={"people": len(rows)}, by=by)
    return new


def _join(people: Sequence[Person], household: Household, head: Person) -> None:
    for person in people:
        person.household = household
        person.relation_to_head = relation_after_new_head(
            was_head=False,
            is_head=person.pk == head.pk,
            relation="",
            relation_of_new_head=head.relation_to_head,
        )
        person.save()
    Residence.objects.filter(
        person__in=[person.pk for person in people], is_home=True, to_date__isnull=True
    ).update(household=household)


@action(
    "household.set_head",
    term=gettext_noop("变更户主"),
    may=may_edit_people,
    journal="household.head_set",
)
def set_head(*, household: Household, head: Person, by: User | None) -> Household:
    """Make a member the head; relations that no longer hold are cleared, not guessed."""
    household = one_or_not_found(Household.objects.select_for_update(of=("self",)), pk=household.pk)
    members = list(household.members.filter(status=PersonStatus.CURRENT))
    new = next((person for person in members if person.pk == head.pk), None)
    if new is None:
        raise Refused("household.head_outside", _("户主要在这一户里"), "head")
    # Read now: the loop makes it "head".
    was = new.relation_to_head
    for person in members:
        person.relation_to_head = relation_after_new_head(
            was_head=person.relation_to_head == Relation.HEAD and person.pk != new.pk,
            is_head=person.pk == new.pk,
            relation=person.relation_to_head,
            relation_of_new_head=was,
        )
        person.save(update_fields=["relation_to_head", "changed_at"])
    household.head, household.awaits_head = new, False
    household.save(update_fields=["head", "awaits_head", "changed_at"])
    write_journal("household.head_set", about=household, text=_("变更户主"), by=by)
    return household


@action(
    "household.recount",
    term=gettext_noop("重新点数"),
    may=may_edit_people,
    journal="household.recounted",
)
def recount_household(*, household: Household, by: User | None) -> Household:
    """Count a household and its dwelling again from the people who live there."""
    recount(households=[household.pk], dwellings=[household.dwelling_id], on=today())
    household.refresh_from_db()
    write_journal("household.recounted", about=household, data={"size": household.size}, by=by)
    return household
