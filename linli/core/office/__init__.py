"""An office without a server room: how it is found in its own network, and by which certificate."""
