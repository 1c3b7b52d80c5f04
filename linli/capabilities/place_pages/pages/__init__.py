"""Pages of places: looking, growing, shaping."""
