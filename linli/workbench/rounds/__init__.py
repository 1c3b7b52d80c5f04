"""The household round: at a door, everything due for anyone here on one screen (A6)."""
