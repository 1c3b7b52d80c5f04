"""Tests of canvasses."""
