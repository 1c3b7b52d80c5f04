"""Figures, printed by ``make bench``: ratios in one run, medians of several."""
