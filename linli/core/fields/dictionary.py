"""The dictionary: every subject and fact by key, by label and by the other words for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from linli.core.chinese.normalise import for_matching
from linli.core.errors import Refused
from linli.core.fields.field import Field, Subject


class AlreadyDeclared(RuntimeError):
    """Two apps declare the same fact; one of them has to choose another key."""


class Dictionary:
    """Subjects and their facts; an office's own facts come in by ``with_fields``."""

    def __init__(self, subjects: Iterable[Subject] = (), fields: Iterable[Field] = ()) -> None:
        self._subjects = {subject.key: subject for subject in subjects}
        self._fields: dict[str, dict[str, Field]] = {}
        for fact in fields:
            self.add(fact)

    def add(self, *fields: Field) -> None:
        """Add facts; a key of a subject is given once."""
        for fact in fields:
            mine = self._fields.setdefault(fact.subject, {})
            if fact.key in mine:
                raise AlreadyDeclared(f"{fact.subject}.{fact.key}")
            mine[fact.key] = fact

    def add_subject(self, subject: Subject) -> None:
        """Add something to ask about."""
        if subject.key in self._subjects:
            raise AlreadyDeclared(subject.key)
        self._subjects[subject.key] = subject

    def with_fields(self, fields: Sequence[Field]) -> Dictionary:
        """Return this dictionary and some facts more; one of a declared key takes its place."""
        if not fields:
            return self
        facts = {
            (fact.subject, fact.key): fact for of in self._fields.values() for fact in of.values()
        }
        facts |= {(fact.subject, fact.key): fact for fact in fields}
        return Dictionary(self._subjects.values(), facts.values())

    @property
    def subjects(self) -> list[Subject]:
        """What a question can be about."""
        return list(self._subjects.values())

    def subject(self, key: str) -> Subject:
        """Return a subject, or refuse."""
        if key not in self._subjects:
            raise Refused("condition.subject", f"不能查询“{key}”", "subject")
        return self._subjects[key]

    def fields_of(self, subject: str, *, all: bool = False) -> list[Field]:
        """Return a subject's facts in the order they were declared; ``all`` with unlisted ones."""
        return [fact for fact in self._fields.get(subject, {}).values() if all or fact.listed]

    def field(self, subject: str, key: str) -> Field:
        """Return a fact, or refuse."""
        fact = self._fields.get(subject, {}).get(key)
        if fact is None:
            raise Refused("condition.unknown_field", f"没有“{key}”这个字段", key)
        return fact

    def has(self, subject: str, key: str) -> bool:
        """Is there such a fact?"""
        return key in self._fields.get(subject, {})

    def by_word(self, subject: str, word: str) -> Field | None:
        """Find a fact by its label or another word for it; stored facts come first."""
        wanted = spelling(word)
        facts = sorted(self.fields_of(subject), key=lambda fact: fact.is_derived)
        for fact in facts:
            if spelling(fact.label) == wanted:
                return fact
        return next((fact for fact in facts if wanted in map(spelling, fact.synonyms)), None)


def spelling(word: str) -> str:
    """Return a heading without spaces, marks and width, for comparing."""
    heading = for_matching(word).replace(" ", "")
    return heading.strip("*：:（）()【】[]")


DICTIONARY = Dictionary()


def register_subject(subject: Subject) -> None:
    """Let questions be asked about something."""
    DICTIONARY.add_subject(subject)


def register_fields(fields: Iterable[Field]) -> None:
    """Declare facts."""
    DICTIONARY.add(*fields)


def reached(fields: Iterable[Field], *, subject: str, through: str) -> list[Field]:
    """Return stored facts as seen from a row that belongs to theirs: a person's building's lift.

    ``through`` is the path from the subject's model to theirs, ending in "__".
    """
    return [replace(fact, subject=subject, column=through + fact.column) for fact in fields]


def field(subject: str, key: str) -> Field:
    """Return a declared fact, or refuse."""
    return DICTIONARY.field(subject, key)


def fields_of(subject: str) -> list[Field]:
    """Return the declared facts of a subject."""
    return DICTIONARY.fields_of(subject)
