"""What the site makes of the program itself: its commands, the fields of a value map, its public names."""
