"""Commands of record linkage."""
