"""Stories of things with dates and duties."""
