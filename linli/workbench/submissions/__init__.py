"""What a signed-in user sends under a key counts once, however often it arrives."""
