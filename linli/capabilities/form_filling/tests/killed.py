"""A process that fills a form and hands it in, to be killed while it does: see test_killed.py.

``python -m linli.capabilities.form_filling.tests.killed prepare`` makes the installation
of LINLI_DATA and a form, ``… hand-in`` says "go" and hands it in, ``… look`` says what is there.
"""

from __future__ import annotations

import io
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.settings")


def prepare() -> None:
    """Make the database, the town and a confirmed form."""
    from linli.capabilities.form_filling.tests.builders import a_town, as_worker, brought
    from tests import prepared
    from tests.scope.world import by_the_system

    with by_the_system():
        prepared.migrate()
        here = a_town()
    with as_worker(here):
        brought(here)


def hand_in() -> None:
    """Fill the form and hand it in, or find that it was."""
    from linli.capabilities.form_filling import actions
    from linli.capabilities.form_filling.models import FormInstance
    from linli.core.errors import Refused
    from linli.register.places.models import Place
    from linli.register.posts.models import User
    from tests.people import working_as
    from tests.scope.world import by_the_system

    with by_the_system():
        form_instance = FormInstance.objects.select_related("place", "form_template").get()
        place = Place.objects.get(pk=form_instance.place_id)
        user = User.objects.get(username="worker")
    with working_as("community_worker", place.path):
        print("go", flush=True)
        try:
            actions.hand_in_form(form_instance=form_instance, by=user, with_open_questions=True)
        except Refused as refused:
            print(refused.code, flush=True)


def look() -> None:
    """Say state, hand-ins, journal entries, and how many rows the archived file holds."""
    from openpyxl import load_workbook

    from linli.capabilities.form_filling.models import FormInstance, FormReturn
    from linli.core.personal_data.crypto import keyring
    from linli.workbench.journal.models import JournalEntry
    from tests.scope.world import by_the_system

    with by_the_system():
        kept = list(FormReturn.objects.all())
        names = 0
        for one in kept:
            book = load_workbook(io.BytesIO(keyring().decrypt(bytes(one.file))))
            names += sum(cell == "虞阿香" for row in book.active.values for cell in row)
        told = JournalEntry.objects.filter(kind="form.handed_in").count()
        print(FormInstance.objects.get().state, len(kept), told, names, flush=True)


if __name__ == "__main__":
    import django

    django.setup()
    {"prepare": prepare, "hand-in": hand_in, "look": look}[sys.argv[1]]()
