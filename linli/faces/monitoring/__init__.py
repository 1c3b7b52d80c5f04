"""How programs that watch an installation see it: is it well, and in figures."""
