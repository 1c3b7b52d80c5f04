"""The secret words that open a report, kept as a hash."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets

from django.conf import settings

from linli.capabilities.cases import rules

# No letters or digits that are taken for one another when read out.
EASY_TO_READ = "abcdefghjkmnpqrstuvwxyz23456789"


def hash_of_secret(secret: str) -> str:
    """Return the hash by which a secret is checked; blanks and capitals do not matter."""
    plain = re.sub(r"[\s-]", "", secret).lower()
    return hmac.new(settings.LINLI_INDEX_KEY.encode(), plain.encode(), hashlib.sha256).hexdigest()


def secret_for(client_id: str) -> str:
    """Return a secret; the same submission gets the same one, so its answer can be repeated."""
    if not client_id:
        return "".join(secrets.choice(EASY_TO_READ) for _n in range(rules.SECRET_LENGTH))
    # Derived and not stored: only the hash is kept, and yet a repeat gets the same word.
    key = settings.SECRET_KEY.encode()
    digest = hmac.new(key, f"case secret {client_id}".encode(), hashlib.sha256).digest()
    return "".join(EASY_TO_READ[byte % len(EASY_TO_READ)] for byte in digest[: rules.SECRET_LENGTH])
