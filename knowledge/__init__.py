"""What is on record: sources, passages, arguments, positions, and the library that finds them."""
