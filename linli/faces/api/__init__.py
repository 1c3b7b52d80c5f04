"""The API: the same questions, scope and masks as the pages, for programs."""
