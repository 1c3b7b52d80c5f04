"""What several capabilities share beyond the workbench: one folder each, in one order."""
