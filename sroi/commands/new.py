"""`sroi new`: a value map to begin from."""

from __future__ import annotations

import argparse
from pathlib import Path

from sroi.commands.printing import DONE, say


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments and options."""
    parser.add_argument("file", metavar="FILE", help="the file to write, such as our_project.yaml")
    parser.add_argument(
        "--example", metavar="NAME", help="begin from a case study, such as befriending or wheels_to_meals"
    )
    parser.add_argument("--force", action="store_true", help="replace a file that is there")


def run(options: argparse.Namespace) -> int:
    """Write the starter, or a case study, as YAML or as a workbook."""
    from sroi.files.safety import write_whole
    from sroi.files.starter import starter
    from sroi.files.value_maps import WRITTEN, YAML, refuse_other_endings, value_map_bytes
    from sroi.files.yaml import parse_yaml
    from sroi.shipped import case_study

    path = Path(options.file)
    refuse_other_endings(path, WRITTEN)
    content = case_study(options.example).read_bytes() if options.example else starter().encode("utf-8")
    if path.suffix.lower() not in YAML:
        content = value_map_bytes(parse_yaml(content, options.file), path)
    write_whole(path, content, overwrite=options.force)
    say(f"Wrote {path}.", f"Edit it, then: sroi check {path}")
    return DONE
