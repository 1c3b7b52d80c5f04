"""Stories of facilities in the pages."""
