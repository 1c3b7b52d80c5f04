"""Toys that neighbours lend each other: the smallest capability, used by a guard."""
