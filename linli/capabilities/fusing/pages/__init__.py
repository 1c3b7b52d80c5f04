"""Pages of fusing."""
