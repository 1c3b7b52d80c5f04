"""Personal data at rest and on the screen: encryption, masks, identity numbers, watermarks."""
