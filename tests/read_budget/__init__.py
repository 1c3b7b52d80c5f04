"""The read budget through every door: pages, programs, files."""
