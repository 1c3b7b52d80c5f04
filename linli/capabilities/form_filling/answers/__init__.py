"""What the register knows of a form: its cells, which row goes where, its statistics."""
