"""Signing a message by the Standard Webhooks convention: webhook-id, -timestamp, -signature.

HMAC SHA-256 over ``id.timestamp.body`` with the key behind ``whsec_``, in base64 after ``v1,``.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

PREFIX = "whsec_"
KEY_BYTES = 32


def new_secret() -> str:
    """Return a fresh key that the receiver checks signatures with."""
    return PREFIX + base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def new_id() -> str:
    """Return an id by which a receiver knows a message it already has."""
    return f"msg_{secrets.token_hex(12)}"


def signature(*, secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """Return the signature of one sending."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{message_id}.{timestamp}.".encode() + body
    digest = hmac.new(key, signed, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def headers(*, secret: str, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """Return the three headers of one sending."""
    signed = signature(secret=secret, message_id=message_id, timestamp=timestamp, body=body)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signed,
    }
