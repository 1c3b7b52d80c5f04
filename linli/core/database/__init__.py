"""What the database itself holds to: append-only tables, paths, row security, backup."""
