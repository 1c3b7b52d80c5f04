"""Distinct people read in a day: limits, races, slices."""
