"""Webhooks out: other programs hear what happened to cases, signed and without personal data."""
