"""What an operator has when the next version comes: installations as each release stored them."""
