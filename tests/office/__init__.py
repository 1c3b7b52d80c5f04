"""An office without a server room."""
