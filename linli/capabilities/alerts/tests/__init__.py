"""Stories of whistles."""
