"""Many cases at once: the list of a hotline, read, looked over, and taken in exactly once."""
