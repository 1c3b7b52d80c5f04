"""Commands of whistles."""
