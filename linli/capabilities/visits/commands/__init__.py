"""Commands of visits."""
