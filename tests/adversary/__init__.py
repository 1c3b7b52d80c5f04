"""Somebody who did not build it: what can be learned by asking, taken in slices, or stopped."""
