"""What leaves a command: lines on the terminal, JSON for other programs, and how it ended."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from sroi.errors import FileRefused, Problem

DONE, FAULTS = 0, 1


def say(*lines: str) -> None:
    """Print lines."""
    print("\n".join(_showable(line, sys.stdout) for line in lines))  # noqa: T201


def complain(text: str) -> None:
    """Print a refusal."""
    print(_showable(text, sys.stderr), file=sys.stderr)  # noqa: T201


def _showable(text: str, stream: Any) -> str:
    """Return a text as this terminal can show it: plain signs where it lacks ours, no control codes from a file."""
    text = "".join(letter if letter == "\n" or letter.isprintable() or letter == "\u00a0" else "?" for letter in text)
    encoding = getattr(stream, "encoding", None) or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        for ours, plain in {"−": "-", "\u00a0": " ", "×": "x", "–": "-", "“": '"', "”": '"'}.items():
            text = text.replace(ours, plain)
        text = text.encode(encoding, errors="replace").decode(encoding)
    return text


def write_json(target: str, content: dict[str, Any], value_map: str | None = None) -> None:
    """Write JSON to a file, or to standard output for `-`; never over the value map, if there is one."""
    import json

    text = json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    if target == "-":
        sys.stdout.buffer.write(text.encode("utf-8"))
        return
    from sroi.files.safety import write_whole

    if value_map is not None and Path(target).exists() and os.path.samefile(target, value_map):
        raise FileRefused(Problem("--json would write over the value map", "Give it another name."), target)
    write_whole(Path(target), text.encode("utf-8"), overwrite=True)


def keep_apart(option: str, target: str | None, *read: str | Path | None, written: str | None = None) -> None:
    """Refuse a name to write to that a file which is read has, or (`written`, of --to) one that is written as well.

    With --force too: to replace an older file is one thing, to lose what the command works on another.
    """
    if target in (None, "-"):
        return
    if any(each and _is_same(target, each) for each in read):
        raise FileRefused(Problem(f"{option} would write over a file that is read", "Give it another name."), target)
    if written and _is_same(target, written):
        raise FileRefused(Problem(f"{option} and --to name the same file", "Give them two names."), target)


def _is_same(one: str | Path, other: str | Path) -> bool:
    one, other = Path(one), Path(other)
    try:
        return one.resolve() == other.resolve() or (one.exists() and other.exists() and one.samefile(other))
    except (OSError, ValueError, RuntimeError):  # whoever opens it says what is wrong with it
        return False
