"""Pages of reports: asking, and keeping or taking away what was answered."""
