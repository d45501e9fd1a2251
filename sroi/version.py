"""The version of the program, as every result states it."""

__version__ = "0.1.0"
