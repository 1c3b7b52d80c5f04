"""Facts and conditions: the words in which the register can be asked anything.

A ``Field`` says what a fact is called, where it stands, how sensitive it is; a ``Condition`` says
which rows. Neither knows the database: columns are named by path, and the workbench compiles them.
"""

from linli.core.fields.dictionary import (
    DICTIONARY,
    Dictionary,
    field,
    fields_of,
    reached,
    register_fields,
    register_subject,
)
from linli.core.fields.field import Choice, Field, RelatedSubject, Row, Subject
from linli.core.fields.kinds import BUILDING, DWELLING, HOUSEHOLD, PERSON, Kind, Op, Sensitivity
from linli.core.fields.nodes import (
    EVERYONE,
    AllOf,
    AnyOf,
    Compare,
    Condition,
    Has,
    Node,
    Not,
    Scalar,
    Value,
    all_of,
    any_of,
    fields_asked,
    normal,
    walk,
)
from linli.core.fields.silence import ALWAYS_SET, NOT_ASKED, OWN_RECORD, UNCLEAR, Silence

__all__ = [
    "ALWAYS_SET",
    "BUILDING",
    "DICTIONARY",
    "DWELLING",
    "EVERYONE",
    "HOUSEHOLD",
    "NOT_ASKED",
    "OWN_RECORD",
    "PERSON",
    "UNCLEAR",
    "AllOf",
    "AnyOf",
    "Choice",
    "Compare",
    "Condition",
    "Dictionary",
    "Field",
    "Has",
    "Kind",
    "Node",
    "Not",
    "Op",
    "RelatedSubject",
    "Row",
    "Scalar",
    "Sensitivity",
    "Silence",
    "Subject",
    "Value",
    "all_of",
    "any_of",
    "field",
    "fields_asked",
    "fields_of",
    "normal",
    "reached",
    "register_fields",
    "register_subject",
    "walk",
]
