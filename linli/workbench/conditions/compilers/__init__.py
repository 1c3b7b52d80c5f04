"""From a condition to rows: the ORM, and DuckDB over the snapshot."""
