"""Visits and promises: nobody is forgotten, and a word given at a door is kept or known."""
