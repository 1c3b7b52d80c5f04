"""No tables: Django tells of migrations only to apps that have this file, and core must hear."""
