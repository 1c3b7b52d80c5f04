"""Stories of alerts."""
