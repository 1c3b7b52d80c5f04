"""What goes out and who calls: checked addresses, mail, limits by address."""
