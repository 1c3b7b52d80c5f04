"""Pages of linkage runs."""
