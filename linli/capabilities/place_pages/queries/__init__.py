"""What the pages of places show: counts of a branch, a building from the front."""
