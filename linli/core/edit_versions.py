"""What an edit was shown, so that it overwrites nothing that was written since (decision 0031).

The version of an edit is that of its fields, not of the row: a keyed mark of each value that was
shown. A mark can be compared and not be read, so sealed and covered values can have one too.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import models, transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from linli.core.errors import NotFound, Refused
from linli.core.storage import in_plain_words

SALT = "linli.edit_versions"
MARK_LENGTH = 24
LONGEST_TOKEN = 20_000


class ChangedMeanwhile(Refused):
    """Somebody else wrote the same fields since they were shown; ``details`` has both sides.

    ``details["fields"]`` is a list of ``{"field", "label", "theirs", "mine"}`` in words.
    """

    status = 409

    def __init__(self, fields: list[dict[str, str]]) -> None:
        labels = "、".join(one["label"] for one in fields)
        super().__init__(
            "edit.changed_meanwhile",
            _("您打开这一页以后，别人改了“%(labels)s”") % {"labels": labels},
            hint=_("还没有保存；两边都在下面，请逐项选好再保存"),
        )
        self.details = {"fields": fields}


class Shown:
    """The marks of the values that one page showed of one record.

    Each page has a number of its own, so that the marks of two pages say nothing about whether
    two values are the same.
    """

    def __init__(self, record: models.Model, number: str = "", marks: Any = None) -> None:
        self.record = record
        self.number = number or secrets.token_urlsafe(9)
        self.marks: dict[str, str] = marks or {}

    @classmethod
    def read(cls, record: models.Model, token: Any) -> Shown:
        """Read what a page sends back; a damaged or missing token knows of no value."""
        number, *pairs = str(token or "")[:LONGEST_TOKEN].split()[:1000] or [""]
        marks = dict(pair.split("=", 1) for pair in pairs if "=" in pair)
        return cls(record, number, marks)

    def mark(self, name: str, value: str) -> str:
        """Return the mark of a value of a field on this page."""
        about = f"{SALT}:{self.record._meta.label_lower}:{self.record.pk}:{name}:{self.number}"
        return salted_hmac(about, value, algorithm="sha256").hexdigest()[:MARK_LENGTH]

    def note(self, name: str, value: str) -> None:
        """Note that a field was shown with this value."""
        self.marks[name] = self.mark(name, value)

    def is_as_shown(self, name: str, value: str) -> bool:
        """Is this the value that was shown? Of a field without a mark nobody knows."""
        known = self.marks.get(name, "")
        return bool(known) and secrets.compare_digest(
            known.encode(), self.mark(name, value).encode()
        )

    def __str__(self) -> str:
        return " ".join([self.number, *(f"{name}={mark}" for name, mark in self.marks.items())])


@contextmanager
def under_lock(record: models.Model) -> Iterator[None]:
    """Hold a record's row until what is done with it is stored; it is read again first.

    What is compared inside stays true until the commit: on PostgreSQL the row is locked, on
    SQLite the transaction is the only one that writes.
    """
    # The words go outside, as around an action: a full disk may show no earlier than the commit.
    with in_plain_words(), transaction.atomic():
        rows: Any = type(record)._base_manager.select_for_update(of=("self",))
        try:
            record.refresh_from_db(from_queryset=rows)
        except ObjectDoesNotExist as gone:
            raise NotFound() from gone
        yield
