"""Stories, driven through a real browser as their people would."""
