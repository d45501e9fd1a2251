"""What is known about the world, with its sources. Nothing here knows of value maps."""
