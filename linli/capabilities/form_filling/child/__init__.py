"""What opens a form's file, to read or to fill it; runs in the child, imports nothing of Django."""
