"""What the commissioning commands share: the paper that a notebook makes of what they worked out."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sroi.arguments import add_json
from sroi.commands.printing import say

_LEFT = {
    ".html": "open it in a browser, or print it",
    ".docx": "the same, to edit in Word",
    ".pdf": "the same, to send",
    ".ipynb": "the notebook that made it",
    ".json": "all figures, for other programs",
    "figures": "every figure as PNG and SVG",
    "tables": "every table as CSV",
    "value_map.yaml": "the value map, for `sroi check` and `sroi report`",
}
_LETTER = "a letter to one bidder, a draft to check and sign"


def add_paper_options(parser: argparse.ArgumentParser) -> None:
    """Let a command leave a paper in a folder, and its figures as JSON."""
    parser.add_argument("--out", metavar="DIR", help="leave the paper in this folder: page, Word document, tables")
    parser.add_argument("--formats", default="html,docx", metavar="LIST", help="of html, docx, pdf (default: html,docx)")  # fmt: skip  # noqa: E501
    add_json(parser, "the figures")


def leave_paper(part: str, given: Mapping[str, Any], options: argparse.Namespace) -> None:
    """Make the paper of a part by its notebook, and say what was left; nothing if no folder was asked for.

    `given` are the notebook's parameters beside `out` and `formats`; files among them are named from where the command
    runs, and a notebook runs elsewhere: whole paths are handed over.
    """
    if not options.out:
        return
    from sroi.batch.paper import make_paper
    from sroi.shipped import template

    whole = {name: str(value.resolve()) if isinstance(value, Path) else value for name, value in given.items()}
    out = Path(options.out)
    names, kept = make_paper(template(f"commissioning/{part}.ipynb"), out, {**whole, "formats": options.formats})
    if getattr(options, "json", None) == "-":  # standard output then holds only JSON
        return
    say("", f"In {out.resolve()}:")
    width = max(len(name) for name in names)
    say(*(f"  {name:<{width}}  {what_for(name)}".rstrip() for name in names))
    for name, place in kept.items():
        say(f"{name} was edited since it was made, and is left as it is: the new one is {place}.")


def what_for(name: str) -> str:
    """Return what a file of the folder is for."""
    return _LETTER if name.startswith("letter_") else _LEFT.get(name, _LEFT.get(Path(name).suffix, ""))
