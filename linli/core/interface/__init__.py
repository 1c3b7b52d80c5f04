"""What apps and faces agree on: the registry, view models, API schemas, tables and workbooks."""
