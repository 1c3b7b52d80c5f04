"""The form templates of the subdistrict, what they cost, and what a year asked."""
