"""Stories of the calendar."""
