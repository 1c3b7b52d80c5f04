"""The pages of canvasses."""
