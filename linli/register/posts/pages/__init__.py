"""Pages of signing in, posts and tokens."""
