"""PostgreSQL as the guide sets it up: roles, a half-made installation, moving, pooling."""
