"""Commands of fusing."""
