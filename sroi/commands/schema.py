"""`sroi schema`: the JSON Schema of value maps."""

from __future__ import annotations

import argparse
from pathlib import Path

from sroi.commands.printing import DONE, say


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments and options."""
    parser.add_argument("--out", metavar="FILE", help="the file to write (default: standard output)")


def run(options: argparse.Namespace) -> int:
    """Write the schema to a file or to standard output."""
    import json

    from sroi.files.safety import write_whole
    from sroi.files.schema import value_map_schema

    content = json.dumps(value_map_schema(), indent=2) + "\n"
    if options.out:
        write_whole(Path(options.out), content.encode("utf-8"), overwrite=True)
        say(f"Wrote {options.out}.", f"First line of a value map: # yaml-language-server: $schema={options.out}")
    else:
        say(content.rstrip("\n"))
    return DONE
