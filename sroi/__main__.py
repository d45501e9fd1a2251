"""`python -m sroi` is the command line."""

from sroi.cli import command

command()
