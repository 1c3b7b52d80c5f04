"""Stories of organisations and their hours."""
