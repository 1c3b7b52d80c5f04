"""Open311 GeoReport v2: cases in the words that other cities' programs already speak."""
