"""Departments' blank forms: what they ask, and which of it the register knows."""
