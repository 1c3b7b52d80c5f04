"""What the pages of every app share: the small page of one action."""
