"""Doors that take more than one step: rules on the past, what is kept, lists of guesses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.adversary.spraying import Form, Forms, texts
from tests.adversary.worlds import ONE, Attacker, Try
from tests.guards.walker.walk import everything_said
from tests.imports.files import xlsx

STEPS = 4
NEW = re.compile(r"\b[0-9]{1,6}\b")


def forms_at(who: Attacker, path: str) -> list[tuple[str, Form]]:
    """Return the forms of a page with where they go."""
    reader = Forms()
    reader.feed(who.client.get(path).content.decode())
    return [
        (path + form.action if form.action[:1] in ("", "?") else form.action, form)
        for form in reader.forms
        if form.method == "post"
    ]


def send(who: Attacker, path: str, wants: str, **typed: Any) -> Any:
    """Fill the form of a page that has a certain box, and send it."""
    for target, form in forms_at(who, path):
        if wants in form.values or wants in form.files:
            return who.client.post(target, {**form.values, **typed}, follow=True)
    return who.client.get(path)


def where(answer: Any) -> str:
    """Return where an answer led to."""
    chain = getattr(answer, "redirect_chain", [])
    return str(chain[-1][0]).split("?")[0].split("#")[0] if chain else ""


def rules_tried(role: str) -> Iterator[Try]:
    """Write a rule about a hidden date and try it on periods that end between the two worlds."""
    born = date(2026, 2, 7)
    for when in ("date", "silence", "holds", "disagree"):
        for field in ("person.birth_date", "household.youngest_birth_date", "person.phone"):
            typed = {
                "name": "试",
                "subject": field.split(".")[0],
                "sentence": "",
                "when": when,
                "field": field,
                "other": field,
                "years": "85",
                "lead": "0",
                "months": "",
                "days": "31000",
                "role": role if role != "subdistrict_officer" else "secretary",
                "message": "{名称}{日期}",
                "repeat": "",
                "until": "done",
            }

            def ask(who: Attacker, typed: dict[str, Any] = typed) -> Any:
                made = send(who, "/whistles/rules/add/", "sentence", **typed)
                told = [made]
                for day in (born, born + timedelta(days=8)):
                    if where(made):
                        told.append(who.get(where(made), since="2025-12-01", until=day.isoformat()))
                        told.append(who.get(where(made), since=day.isoformat(), until="2026-12-31"))
                return told

            yield Try(f"a rule: {when} {field}", ask)


def conditions_kept(role: str) -> Iterator[Try]:
    """Keep a condition where it is only run later: a rule, a plan, a canvass, a saved question."""
    for subject, text, _tree in texts(role):
        if subject != "person":
            continue
        rule = {
            "name": "试",
            "subject": "person",
            "sentence": text,
            "when": "holds",
            "field": "",
            "other": "",
            "role": "grid_worker",
            "message": "{名称}",
            "repeat": "",
            "until": "done",
        }
        plan = {"name": "试", "sentence": text, "every": "7"}
        canvass = {"title": "试", "why": "燃气条例", "sentence": text, "until_on": "2026-12-30"}
        notice = {"audience": text, "subject": "题", "text": "文", "step": "look"}
        for path, typed in (
            ("/whistles/rules/add/", rule),
            ("/visits/plans/add/", plan),
            ("/canvasses/start/", canvass),
        ):
            yield Try(f"{path} {text}", lambda who, p=path, t=typed: send(who, p, "sentence", **t))
        yield Try(
            f"/notices/write/ {text}",
            lambda who, t=notice: send(who, "/notices/write/", "audience", **t),
        )
        yield Try(
            f"/ask/save/ {text}",
            lambda who, t=text: who.client.post(
                f"/ask/save/?s=person&c={t}", {"name": "试"}, follow=True
            ),
        )


GUESSES = {
    "identity": ["姓名", "身份证号码"],
    "phone": ["姓名", "联系电话"],
    "birth": ["姓名", "出生日期"],
    "all": ["姓名", "身份证号码", "联系电话", "出生日期", "工作单位", "户籍地址"],
}
VALUES = {
    "姓名": "虞阿香",
    "身份证号码": ONE.identity_number,
    "联系电话": ONE.phone,
    "出生日期": "1941-02-07",
    "工作单位": ONE.workplace,
    "户籍地址": ONE.hukou_address,
}


def lists_of_guesses(_role: str) -> Iterator[Try]:
    """Bring a list with a guess, and look at what is said of its row before anything is written."""
    for path in ("/imports/", "/fusing/"):
        for name, headings in GUESSES.items():
            table = xlsx([headings, [VALUES[heading] for heading in headings]])

            def ask(who: Attacker, path: str = path, table: bytes = table) -> Any:
                file = SimpleUploadedFile("名单.xlsx", table)
                brought = send(
                    who,
                    path,
                    "file",
                    file=file,
                    department="区残联",
                    source="visit",
                    subject="person",
                )
                told = [brought]
                for target, form in forms_at(who, where(brought)) if where(brought) else ():
                    if any(key.startswith("column_") for key in form.values):
                        done = who.client.post(target, form.values, follow=True)
                        told += [done, *_looked_at(who, where(done))]
                return told

            yield Try(f"{path} {name}", ask)


def _looked_at(who: Attacker, path: str) -> Iterator[Any]:
    for more in ("", "?heap=sure", "?heap=decide", "?heap=new", "?fate=new", "?fate=change"):
        if path:
            yield who.client.get(path + more)
    if "/fusing/" in path:
        yield who.client.get(f"{path}rows/2/")


def people_added(_role: str) -> Iterator[Try]:
    """Add somebody whose number may be there already."""
    for key, value in (("identity_number", ONE.identity_number), ("phone", ONE.phone)):

        def ask(who: Attacker, key: str = key, value: str = value) -> Any:
            home = who.town.walk.areas["ours"].home.pk
            page = f"/people/add/?home={home}"
            typed = {"name": "路人甲", "home": home, "source": "visit", key: value}
            answer = send(who, page, "name", **typed)
            # A sequence of PostgreSQL is not taken back: the new rows' numbers tell no secret.
            return f"{answer.status_code} {NEW.sub('', everything_said(answer))}"

        yield Try(f"/people/add/ {key}", ask)


__all__ = ["conditions_kept", "lists_of_guesses", "people_added", "rules_tried"]
