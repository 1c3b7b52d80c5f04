"""The filled file, what went out before, and what is different now."""
