"""What parses a table; runs in the child process and imports nothing of Django."""
