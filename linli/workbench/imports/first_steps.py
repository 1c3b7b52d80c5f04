"""The first week's steps about lists: are they done?"""

from __future__ import annotations

from django.urls import reverse

from linli.core.scope import Scope
from linli.register.people.models import Person
from linli.register.places.models import Place
from linli.workbench.imports.terms import ImportSubject


def where_dwellings_come_in(_scope: Scope) -> str:
    """Return the form for a list, filled in for dwellings."""
    return f"{reverse('imports:all')}?subject={ImportSubject.DWELLING}"


def has_dwellings(_scope: Scope) -> bool:
    """Is there a door to knock on, in what may be seen?"""
    return Place.objects.filter(kind="dwelling").exists()


def has_people(_scope: Scope) -> bool:
    """Does anybody stand in the register, in what may be seen?"""
    return Person.objects.exists()
