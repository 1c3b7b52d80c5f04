"""Pages of residents' files."""
