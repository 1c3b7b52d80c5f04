"""What somebody types into every box and every address: numbers, sentences, conditions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from linli.core.fields import DICTIONARY
from linli.workbench.conditions import queries
from tests.adversary.doors import LEFT_OUT, masked, nodes
from tests.adversary.worlds import NOW, ONE, Attacker, Town, Try
from tests.guards.walker.test_every_address import plan
from tests.guards.walker.walk import addresses
from tests.residents.world import by_the_system

SEARCHED = (
    ONE.phone,
    f"+86 {ONE.phone}",
    "138 1111 2345",
    ONE.phone[4:],
    ONE.identity_number,
    ONE.identity_number[:14],
    ONE.identity_number[-6:],
    "19410207",
    "1941-02-07",
    "1941年2月7日",
    ONE.workplace,
    ONE.hukou_address,
    "甲医院",
    f"虞阿香 {ONE.phone}",
    f"虞阿香 {ONE.identity_number}",
)
SENTENCES = (
    f"手机是{ONE.phone}的居民",
    f"手机{ONE.phone}",
    f"身份证号是{ONE.identity_number}的居民",
    "1941-02-07出生的居民",
    "1941年2月15日前出生的居民",
    "1941年2月7日出生的居民",
    "出生日期早于1941-02-15的居民",
    "生日早于1941-02-15的老人",
    "出生日期在1941-01-01到1941-02-15之间",
    f"工作单位是{ONE.workplace}的居民",
    "工作单位含甲船厂",
    "在宁波甲船厂上班的人",
    f"户籍地址是{ONE.hukou_address}",
    "户籍地址含12号",
    "隐私text是甲医院的居民",
    "隐私number大于50",
    "隐私flag的居民",
    "隐私choice是常来的居民",
    "隐私date在2026-03-01以前",
    "按出生日期排序的居民",
    "各出生日期有多少人",
    "家里有1941-02-15以前出生的人的户",
    "最大的老人",
    "年龄最大的居民",
)
NAMES = ("q", "search", "find", "name", "phone", "sentence", "text", "audience", "words", "who")


def texts(role: str) -> list[tuple[str, str, dict[str, Any]]]:
    """Return a condition on every masked field in canonical Chinese and as JSON, by subject."""
    found = []
    for one in masked(role):
        for node in list(nodes(one))[:3]:
            with by_the_system():
                asked = {"subject": one.subject, "where": node}
                try:
                    said = queries.condition_text(queries.read_json(asked))
                except Exception:  # a comparison that this field does not know
                    continue
            found.append((one.subject, said, asked))
    return found


def open_paths(town: Town) -> list[str]:
    """Return every address about the resident's neighbourhood."""
    every = [address for address in addresses() if not address.route.startswith(LEFT_OUT)]
    return list(
        dict.fromkeys(
            path for one in every for area, path, _ in plan(one, town.walk) if area in ("", "ours")
        )
    )


def in_addresses(paths: Sequence[str], role: str, *, every: bool = True) -> Iterator[Try]:
    """Put every guess behind every address."""
    import json

    said = [*SEARCHED, *SENTENCES]
    asked: list[dict[str, Any]] = [dict.fromkeys(NAMES, one) for one in said]
    for subject, text, tree in texts(role):
        asked.append({"s": subject, "c": text, "subject": subject})
        asked.append({"condition": json.dumps(tree), "q": text, "where": json.dumps(tree["where"])})
    for one in masked(role):
        asked.append(
            {
                "s": one.subject,
                "sort": one.key,
                "col": [one.key, "age", "name"],
                "subject": one.subject,
            }
        )
        asked.append({"s": one.subject, "r": one.key, "k": "none", "f": one.key})
    for subject in ("person", "household"):
        for one in DICTIONARY.fields_of(subject):
            asked.append({"s": subject, "sort": one.key, "order": one.key, "o": one.key})
            asked.append({"s": subject, "r": one.key, "k": "none", "by": one.key})
    for path in paths:
        for words in asked:
            yield Try(f"GET {path} {words}", lambda who, p=path, w=words: who.get(p, **w))


@dataclass
class Form:
    """One form of a page: where it goes, what stands in it, where something can be typed."""

    method: str = "get"
    action: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    boxes: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


FILLED = {"date": NOW.date().isoformat(), "number": "1", "datetime-local": NOW.isoformat()[:16]}
NO_BOX = ("hidden", "radio", "checkbox", "file", "submit", "button", "image")


class Forms(HTMLParser):
    """Read the forms of a page as a browser would send them, untouched."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.form: Form | None = None
        self.select: str = ""
        self.area: str = ""

    def handle_starttag(self, tag: str, found: list[tuple[str, str | None]]) -> None:
        about = {name: value or "" for name, value in found}
        if tag == "form":
            self.form = Form(about.get("method", "get").lower(), about.get("action", ""))
            self.forms.append(self.form)
        if self.form is None:
            return
        name = about.get("name", "")
        if tag == "input" and name:
            self._input(self.form, name, about)
        elif tag == "select" and name:
            self.select = name
            self.form.boxes.append(name)
        elif tag == "option" and self.select:
            if "selected" in about or not self.form.values.get(self.select):
                self.form.values[self.select] = about.get("value", "")
        elif tag == "textarea" and name:
            self.area = name
            self.form.values[name] = ""
            self.form.boxes.append(name)
        elif tag == "button" and name:
            self.form.values.setdefault(name, about.get("value", ""))

    def _input(self, form: Form, name: str, about: dict[str, str]) -> None:
        kind, value = about.get("type", "text"), about.get("value", "")
        if kind == "file":
            form.files.append(name)
        elif kind == "radio":
            if "checked" in about or name not in form.values:
                form.values[name] = value
        elif kind == "checkbox":
            if "checked" in about or name == "confirmed":
                form.values[name] = value or "on"
        else:
            form.values[name] = value or FILLED.get(kind, "")
            if kind not in NO_BOX or (
                kind == "hidden" and name not in ("csrfmiddlewaretoken", "client_id", "sent")
            ):
                form.boxes.append(name)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.select = ""
        elif tag == "textarea":
            self.area = ""

    def handle_data(self, data: str) -> None:
        if self.form is not None and self.area:
            self.form.values[self.area] += data


def forms_of(attacker: Attacker, paths: Sequence[str]) -> list[tuple[str, Form]]:
    """Return every form of every page that somebody can open, once."""
    seen, found = set(), []
    for path in paths:
        answer = attacker.client.get(path)
        if answer.status_code != 200 or "html" not in answer.get("Content-Type", ""):
            continue
        reader = Forms()
        reader.feed(answer.content.decode())
        for form in reader.forms:
            target = form.action or path
            key = (form.method, target, tuple(form.values))
            if key not in seen and urlsplit(target).path.startswith("/"):
                seen.add(key)
                found.append((target, form))
    return found


OUT = ("logout", "sign-out", "/language/", "/mine/post/", "/reveal/")


def in_forms(attacker: Attacker, paths: Sequence[str], said: Sequence[str]) -> Iterator[Try]:
    """Type every guess into every box of every form, and send it."""
    for target, form in forms_of(attacker, paths):
        if any(one in target for one in OUT):
            continue
        for box in form.boxes:
            for guess in said:
                yield _send(target, form, {**form.values, box: guess}, f"{box}={guess}")


def _send(target: str, form: Form, typed: dict[str, Any], name: str) -> Try:
    def ask(who: Attacker) -> Any:
        if form.method == "post":
            return who.client.post(target, typed, follow=True)
        return who.client.get(target, typed)

    return Try(f"{form.method.upper()} {target} {name}", ask)
