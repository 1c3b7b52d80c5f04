# ruff: noqa: E402 - Django is set up before the product is imported
"""Run inside a copy of the product that has the toy folder: prints what it found as JSON."""

from __future__ import annotations

import json
import os
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "linli.settings"

import django

django.setup()

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from linli.capabilities.toys.actions import bring_toy

from linli.core.actions import writes_allowed
from linli.core.database import triggers
from linli.core.interface.shell import place_figures
from linli.core.scope import Scope, system_scope, use_scope
from linli.faces.cli.documents import all_pages
from linli.faces.cli.main import commands, main
from linli.register.places.models import Place
from linli.register.posts.models import Post, User
from linli.workbench.journal.models import JournalEntry


def set_up() -> tuple[User, Place, Place]:
    with system_scope("toy"), writes_allowed("toy"):
        places = [
            Place.objects.create(
                kind="community", name=f"社区{n}", path=f"{n}/", scope_path=f"{n}/"
            )
            for n in (1, 2)
        ]
        user = User.objects.create(username="toy", name="玩具")
        Post.objects.create(
            user=user, role="secretary", place=places[0], from_date="2026-01-01", scope_path="1/"
        )
    return user, places[0], places[1]


def try_it() -> dict[str, object]:
    call_command("migrate", verbosity=0)
    user, here, there = set_up()
    with use_scope(Scope(("1/",), "secretary", user_id=user.pk)):
        bring_toy(name="积木", place=here, by=user)
    with use_scope(Scope(("2/",), "secretary")):
        bring_toy(name="金丝雀", place=there, by=None)
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("toys:list")).content.decode()
    documents = all_pages()
    home = client.get("/").content.decode()
    walk = client.get(reverse("web:walk")).content.decode()
    money = client.get(reverse("place_pages:place", args=[here.pk]), {"tab": "money"})
    with use_scope(Scope(("1/",), "subdistrict_officer", user_id=user.pk)):
        figures = {figure.key: figure.count([here]) for figure in place_figures.all()}
    with system_scope("toy"):
        journal = JournalEntry.objects.filter(kind="toy.brought").count()
    return {
        "page shows ours": "积木" in page,
        "page hides theirs": "金丝雀" not in page,
        "menu": reverse("toys:list") in client.get(reverse("web:everything")).content.decode(),
        "today": "收回积木" in home and "收回金丝雀" not in home,
        "walk": "去取积木" in walk and "去取金丝雀" not in walk,
        "quick verb": "登记玩具" in client.get(reverse("web:add")).content.decode(),
        "tab of a place": "架上有积木" in money.content.decode() and "钱" in money.content.decode(),
        "figure": figures["toys"] == {here.pk: 1},
        "search": ">积木<" in client.get("/find/?q=积木").content.decode(),
        "search hides theirs": ">金丝雀<" not in client.get("/find/?q=金丝雀").content.decode(),
        "verb": "带来玩具" in client.get(f"/places/{here.pk}/").content.decode(),
        "triggers": "linli_path_toys_toy_insert" in triggers.present(connection),
        "journal": journal == 2,
        "rules page": "玩具最多借十四天" in client.get("/rules/").content.decode(),
        "permissions": "登记玩具" in documents["permissions.md"],
        "glossary": "借出" in documents["glossary.md"],
        "command": "toys" in commands() and main(["toys", "--as", "toy", "--json"]) == 0,
        "where": main(["where", "登记玩具", "--json"]) == 0,
        "found by folder": "linli.capabilities.toys" in settings.INSTALLED_APPS,
    }


if __name__ == "__main__":
    sys.stdout.write("\n" + json.dumps(try_it(), ensure_ascii=False))
