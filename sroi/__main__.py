"""`python -m sroi` is the command line."""

from sroi.cli import command

if __name__ == "__main__":
    command()
