"""The files of the class side by side: which in a folder are an earlier run's, and no place of this machine in them."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

PAGE, NOTEBOOK, TABLE, PICTURE = "class.html", "class.ipynb", "class.csv", "ratios.png"
# What stands in each of them, and hardly in a file of another origin.
_SIGNS = {
    PAGE: b"no ranking: a higher ratio is not a better answer",
    NOTEBOOK: b'"class-00"',
    TABLE: b"team,sroi_ratio,low,high,rules,differs_by,mostly_because_of,file\r\n",
}


def not_of_a_class(folder: Path) -> list[str]:
    """Return which files of a folder have the names of a class's files, and are not those of an earlier run."""
    there = [name for name in (*_SIGNS, PICTURE) if os.path.lexists(folder / name)]
    ours = {name for name in there if name in _SIGNS and _holds(folder / name, _SIGNS[name])}
    # A picture says nothing of where it comes from: it is ours beside a page of ours.
    return [name for name in there if name not in ours and not (name == PICTURE and PAGE in ours)]


def _holds(path: Path, sign: bytes) -> bool:
    try:
        return path.is_file() and sign in path.read_bytes()
    except OSError:
        return False


def without_places(executed: Path, stage: Path, out: Path) -> None:
    """Let the notebook name its files as they lie from its own folder: it is handed out, and runs there again.

    Parameters: `stage`, where it ran; `out`, the folder in which it ends up.
    """
    from sroi.batch.run import name_folder

    notebook: dict[str, Any] = json.loads(executed.read_text(encoding="utf-8"))
    run = notebook["metadata"].get("papermill", {})
    parameters = {name: _from(value, stage, out) for name, value in run.get("parameters", {}).items()}
    run |= {"input_path": NOTEBOOK, "output_path": NOTEBOOK, "parameters": parameters}
    for cell in notebook["cells"]:
        if "injected-parameters" in cell["metadata"].get("tags", ()):
            cell["source"] = _as_source(parameters)
    executed.write_text(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    name_folder(executed, stage, ".")


def _from(value: Any, stage: Path, out: Path) -> Any:
    """Return a parameter with its paths as they lie from a folder; where nothing is shared, by their names alone."""
    if isinstance(value, list):
        return [_from(each, stage, out) for each in value]
    if not isinstance(value, str) or not os.path.isabs(value):
        return value
    path = Path(value)
    if path == stage:
        return "."
    if path.anchor != out.anchor or path.parts[:2] != out.parts[:2]:
        return path.name
    return Path(os.path.relpath(path, out)).as_posix()


def _as_source(parameters: Mapping[str, Any]) -> list[str]:
    lines = ["# Parameters", *(f"{name} = {value!r}" for name, value in parameters.items())]
    return [f"{line}\n" for line in lines[:-1]] + lines[-1:]
