"""The components as template tags, one module for each kind."""
