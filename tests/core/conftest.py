"""Property tests run without a stopwatch: a dictionary loaded late is no failure."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("calm", deadline=None)
settings.load_profile("calm")
