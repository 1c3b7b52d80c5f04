"""From a sentence to a question: the subject, the condition, what is asked, what was not known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from linli.core.errors import Refused
from linli.core.fields import BUILDING, DICTIONARY, HOUSEHOLD, PERSON, Condition, Dictionary, all_of
from linli.workbench.conditions.results import Asks, Chip, Question
from linli.workbench.conditions.sentence.cutting import cut
from linli.workbench.conditions.sentence.items import Read
from linli.workbench.conditions.sentence.joining import Part, parts_of
from linli.workbench.conditions.sentence.lexicon import Lexicon, PlaceWords
from linli.workbench.conditions.sentence.pieces import Amount, Cut, Facts, FieldName, Mark
from linli.workbench.conditions.sentence.reading import Reader
from linli.workbench.conditions.sentence.reversals import with_reversals
from linli.workbench.conditions.text.text_writer import PlaceNames, said_of, text_of
from linli.workbench.conditions.tree import validated

LONGEST = 200
# Numbers whose unit is a noun: 三口之家, 6层楼.
NOUNS = {"口之家": HOUSEHOLD, "人户": HOUSEHOLD, "层楼": BUILDING}


def understood(
    sentence: str,
    *,
    lexicon: Lexicon,
    dictionary: Dictionary,
    places: PlaceWords,
    names: PlaceNames,
    today: date,
) -> Question:
    """Understand a sentence with the words and places given."""
    if len(sentence) > LONGEST:
        raise Refused(
            "sentence.too_long",
            _("一句话最多%(longest)s个字") % {"longest": LONGEST},
            "q",
            _("可以分几次问"),
        )
    pieces = cut(sentence, lexicon, places, today)
    subject, read = _read(pieces, dictionary, today)
    relation = next(
        (one.key for one in dictionary.subject(subject).relations if one.target == PERSON), ""
    )
    parts = parts_of(read.items, relation, read.at_least)
    where = all_of(*(part.where for part in parts))
    unknown = tuple(dict.fromkeys(read.unknown))
    # What was left out stays with the condition, whoever counts it.
    condition = validated(Condition(subject, where, unknown), dictionary)
    asks: Asks = "spread" if read.spread_by else _asks(pieces)
    return Question(
        sentence=sentence,
        condition=condition,
        text=text_of(replace(condition, unread=()), dictionary, names),
        chips=tuple(_chip(part, subject, dictionary, names) for part in parts),
        unknown=unknown,
        asks=asks,
        spread_by=read.spread_by,
    )


def _read(pieces: Cut, dictionary: Dictionary, today: date) -> tuple[str, Read]:
    """Read the pieces; what is not understood takes the reversals beside it along."""
    while True:
        subject = _subject(pieces)
        read = Reader(pieces, subject, dictionary, today).run()
        bound = with_reversals(pieces, read.unread, subject)
        # Each round leaves fewer pieces that say something, so it comes to an end.
        if bound.pieces == pieces.pieces:
            return subject, read
        pieces = bound


def _chip(part: Part, subject: str, dictionary: Dictionary, names: PlaceNames) -> Chip:
    one = validated(Condition(subject, part.where), dictionary)
    # Seventy addresses do not fit on a chip; what was typed and the note say as much.
    text = part.words if part.note else text_of(one, dictionary, names)
    said = part.words if part.note else said_of(one, dictionary, names)
    return Chip(part.words, text, one.where, part.note, said)


def _subject(pieces: Cut) -> str:
    """Return what is asked about: what is counted ("几户"), else the last noun, else people."""
    for piece in pieces.pieces:
        if isinstance(piece, Mark) and piece.kind in ("count", "names") and piece.of:
            return piece.of
    for piece in reversed(pieces.pieces):
        if isinstance(piece, Mark) and piece.kind == "subject":
            return piece.of
        if isinstance(piece, Facts | FieldName) and piece.head:
            return piece.head
        if isinstance(piece, Amount) and piece.unit in NOUNS:
            return NOUNS[piece.unit]
    return PERSON


def _asks(pieces: Cut) -> Asks:
    kinds = [piece.kind for piece in pieces.pieces if isinstance(piece, Mark)]
    return "count" if "count" in kinds and "names" not in kinds else "list"


def understand(sentence: str) -> Question:
    """Understand a sentence within the active scope."""
    from linli.core.time import today
    from linli.workbench.conditions.own_fields import dictionary
    from linli.workbench.conditions.places import NamesInScope
    from linli.workbench.conditions.sentence.place_words import place_words

    words = dictionary()
    return understood(
        sentence,
        lexicon=_lexicon(words),
        dictionary=words,
        places=place_words(),
        names=NamesInScope(),
        today=today(),
    )


_built: dict[tuple[Any, ...], Lexicon] = {}
MOST_BUILT = 16


def _lexicon(dictionary: Dictionary) -> Lexicon:
    """Return the words of a dictionary, kept by what offices added or changed: building is slow."""
    declared = {
        id(one)
        for subject in DICTIONARY.subjects
        for one in DICTIONARY.fields_of(subject.key, all=True)
    }
    own = tuple(
        (
            one.subject,
            one.key,
            one.label,
            one.synonyms,
            one.choices,
            one.kind,
            one.unit,
            one.listed,
            repr(one.spoken_as),
        )
        for subject in dictionary.subjects
        for one in dictionary.fields_of(subject.key, all=True)
        if id(one) not in declared
    )
    key = (len(dictionary.fields_of(PERSON)), own)
    if key not in _built:
        if len(_built) >= MOST_BUILT:
            _built.clear()
        _built[key] = Lexicon(dictionary)
    return _built[key]
