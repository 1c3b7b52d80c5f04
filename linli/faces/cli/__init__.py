"""The command line: the same scope and masks as the pages."""
