"""Reading a blank form: its cells, its shape, and the facts its headings ask for."""
