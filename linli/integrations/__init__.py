"""Programs of others: what speaks their formats and calls the capabilities below."""
