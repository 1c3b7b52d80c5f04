"""Sessions of which the database keeps a hash: a row somebody reads lets nobody in."""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib.sessions.backends import db


def stored_key(key: str | None) -> str:
    """Return what is stored of a session's key: it is long and random, so a plain hash will do."""
    return hashlib.blake2b((key or "").encode(), digest_size=20).hexdigest()


class SessionStore(db.SessionStore):
    """Django's sessions in the database, found by the hash of their key."""

    def _get_session_from_db(self) -> Any:
        key = self._session_key
        self._session_key = stored_key(key)
        found = super()._get_session_from_db()  # type: ignore[misc]
        self._session_key = key if found else None
        return found

    def exists(self, session_key: str) -> bool:
        """Is there such a session?"""
        return super().exists(stored_key(session_key))

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        """Return the row of this session."""
        row = super().create_model_instance(data)
        row.session_key = stored_key(row.session_key)
        return row

    def delete(self, session_key: str | None = None) -> None:
        """End a session; this one, if none is named."""
        key = session_key or self.session_key
        if key:
            super().delete(stored_key(key))
