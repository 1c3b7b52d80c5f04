"""Stories of the directory."""
