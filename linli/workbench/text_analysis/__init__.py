"""Reading what citizens write: category, place, alike, topics. Plain Python; only advice."""
