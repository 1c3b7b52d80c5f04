"""From a condition to rows: the ORM, DuckDB over the snapshot, and plain Python as their judge."""
