"""The words of the product in three languages, from one list of sentences.

What stands in the code is simplified Chinese. Traditional Chinese is made from it by rule (opencc,
with the words used in Taiwan); English is written by hand in ``linli/locale/en``. Nothing
here needs GNU gettext.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.apps import AppConfig, apps
from django.utils.translation.template import templatize

from linli.core.autodiscover import autodiscover
from linli.core.fields import DICTIONARY, Kind
from linli.core.rules import RULES
from linli.core.words import DECLARED, UNIT, with_unit
from linli.workbench.conditions.tree import OP_WORDS

PACKAGE = Path(__file__).resolve().parents[2]
LOCALE = PACKAGE / "locale"
BY_HAND = "en"
BY_RULE = "zh_Hant"
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "Said": None,
    "npgettext": ((1, "c"), 2, 3),
}
# A date would make every run a change; what a translator needs is the list, not when it was made.
NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)
# 社区 is a level of administration here, not a group of users.
NOT_AS_IN_SOFTWARE = {"社群": "社區"}
IN_DECLARATIONS = "linli/core/words.py"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def sources() -> Iterator[Path]:
    """Return the files whose words a user may read, in a fixed order."""
    for suffix in ("py", "html", "txt"):
        for file in sorted(PACKAGE.rglob(f"*.{suffix}")):
            if not {"tests", "migrations", "node_modules", "static"} & set(file.parts):
                yield file


def sentences() -> Catalog:
    """Return every sentence in code and templates, with the files it stands in."""
    catalog = Catalog(project="linli", creation_date=NO_DATE, charset="utf-8")
    for file in sources():
        text = file.read_text(encoding="utf-8")
        if file.suffix != ".py":
            # Templates become something like Python; their indents would not be.
            text = re.sub(r"(?m)^[ \t]+", "", templatize(text, origin=str(file)))
        where = str(file.relative_to(PACKAGE.parent))
        for _line, message, _comments, context in extract(
            "python", BytesIO(text.encode()), KEYWORDS, options={"encoding": "utf-8"}
        ):
            catalog.add(message, locations=[(where, 0)], context=context)
    for message in declared():
        if re.search(r"[\u3400-\u9fff]", _first(Message(message))):
            context = UNIT if isinstance(message, tuple) else None
            catalog.add(message, locations=[(IN_DECLARATIONS, 0)], context=context)
    return catalog


def declared() -> Iterator[str | tuple[str, str]]:
    """Return the words that are declared in Chinese, not wrapped: of facts, rules, shipped data."""
    autodiscover("rules")
    for subject in DICTIONARY.subjects:
        of = [subject.counter, *(one.counter for one in subject.relations)]
        yield from (subject.label, *(one.label for one in subject.relations), *of)
        yield from (f"{counter}数" for counter in of)
        for fact in DICTIONARY.fields_of(subject.key, all=True):
            yield from (fact.label, fact.negative, *(choice.label for choice in fact.choices))
            if fact.unit:
                yield fact.unit
                yield (with_unit(fact.unit),) * 2
            if fact.bands:
                yield (with_unit(f"{fact.unit}以上"),) * 2
            if fact.kind is Kind.PLACE:
                yield f"不在任何{fact.label}"
    yield (with_unit("年"),) * 2
    yield from ("是", "否", "未填", *OP_WORDS.values())
    yield from (rule.says for rule in RULES.values() if rule.key.startswith("linli."))
    yield from (str(one.verbose_name) for one in apps.get_app_configs() if _is_ours(one))
    for words in DECLARED:
        yield from words()


def _is_ours(config: AppConfig) -> bool:
    return config.name.startswith("linli.")


def catalogue(language: str) -> Catalog:
    """Return the translations kept for a language; none yet is an empty one."""
    file = _po(language)
    if not file.is_file():
        return Catalog(locale=language, project="linli", creation_date=NO_DATE)
    with file.open("rb") as stream:
        return read_po(stream, locale=language)


def refresh() -> dict[str, list[str]]:
    """Bring both catalogues up to the code; return what is still missing in each."""
    wanted = sentences()
    for language in (BY_HAND, BY_RULE):
        catalog = catalogue(language)
        catalog.update(wanted, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        catalog.creation_date = catalog.revision_date = NO_DATE
        if language == BY_RULE:
            _convert(catalog)
        _write(catalog, language)
    return {language: missing(language, wanted) for language in (BY_HAND, BY_RULE)}


def compile_all() -> list[Path]:
    """Write the binary catalogues that the running product reads."""
    written = []
    for language in (BY_HAND, BY_RULE):
        file = _po(language).with_suffix(".mo")
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("wb") as stream:
            write_mo(stream, catalogue(language))
        written.append(file)
    return written


def missing(language: str, wanted: Catalog | None = None) -> list[str]:
    """Return the sentences without a sound translation: none, doubtful, or other placeholders."""
    catalog = catalogue(language)
    lacking = []
    for message in wanted or sentences():
        if not message.id:
            continue
        have = catalog.get(message.id, message.context)
        if have is None or have.fuzzy or not _is_whole(have):
            lacking.append(_first(message))
    return lacking


def _first(message: Message) -> str:
    return message.id[0] if isinstance(message.id, (tuple, list)) else str(message.id)


def _forms(text: Any) -> list[Any]:
    return list(text) if isinstance(text, (tuple, list)) else [text]


def _is_whole(message: Message) -> bool:
    forms: list[str] = [str(form or "") for form in _forms(message.string)]
    if not all(forms):
        return False
    wanted = set(PLACEHOLDER.findall(_first(message)))
    return all(set(PLACEHOLDER.findall(translated)) == wanted for translated in forms)


def _convert(catalog: Catalog) -> None:
    import opencc

    by_rule = opencc.OpenCC("s2twp").convert

    def convert(text: str) -> str:
        # Names in braces are what people type into a template: they are the same everywhere.
        parts = re.split(r"(\{[^{}]*\})", text)
        converted = "".join(part if part.startswith("{") else by_rule(part) for part in parts)
        for wrong, right in NOT_AS_IN_SOFTWARE.items():
            converted = converted.replace(wrong, right)
        return converted

    for message in catalog:
        if not message.id:
            continue
        converted = convert(_first(message))
        message.string = (converted,) * catalog.num_plurals if message.pluralizable else converted
        message.flags.discard("fuzzy")


def _po(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def _write(catalog: Catalog, language: str) -> None:
    file = _po(language)
    file.parent.mkdir(parents=True, exist_ok=True)
    catalog.header_comment = f"# Linli: {language}"
    catalog.fuzzy = False
    with file.open("wb") as stream:
        write_po(stream, catalog, width=0, sort_output=False, include_lineno=False)
