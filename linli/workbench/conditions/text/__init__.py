"""A condition as text: canonical Chinese, written and read, and JSON."""
