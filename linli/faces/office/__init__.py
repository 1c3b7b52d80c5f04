"""How the phones of an office find it and learn to trust it."""
