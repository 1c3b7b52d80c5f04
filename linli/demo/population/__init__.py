"""A believable subdistrict, made from a seed: nobody in it exists."""
