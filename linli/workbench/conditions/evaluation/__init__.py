"""What a condition means of one flat row, and of what is blank in it: no database."""
