"""Stories of organisations and whom to call there."""
