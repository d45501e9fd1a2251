"""Which way a notebook is run: in a forked shell, in a forked kernel, or in a kernel of its own as papermill does."""

from __future__ import annotations

import ast
import os
import re
import sys
from typing import Any

WAYS = ("auto", "shell", "kernel", "stock")

# Of these a notebook has something that only a real kernel answers: widgets, and what speaks to the kernel itself.
_TALK_TO_THE_KERNEL = frozenset(
    {
        *("ipywidgets", "ipympl", "ipyparallel", "ipykernel", "jupyter_client", "jupyter_ui_poll", "zmq", "comm"),
        *("anywidget", "ipyvuetify", "ipyleaflet", "bqplot", "plotly", "panel", "bokeh", "solara", "jupyter_server"),
    }
)
_KERNEL_MAGICS = re.compile(
    r"^\s*%(gui|connect_info|qtconsole|autosave|subshell|matplotlib\s+(?!inline\b|--list\b|agg\b)\w)", re.MULTILINE
)
_KERNEL_ATTRIBUTE = re.compile(r"\bget_ipython\(\)\s*\.\s*kernel\b")
_IMPORT = re.compile(r"^\s*(?:import|from)\s+(\w+)", re.MULTILINE)


def needs_kernel(notebook: Any) -> str | None:
    """Return why a notebook wants a real kernel, None if it does not."""
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.get("cell_type") != "code":
            continue
        found = imported(cell.source) & _TALK_TO_THE_KERNEL
        if found:
            return f"cell {number} imports {min(found)}"
        magic = _KERNEL_MAGICS.search(cell.source)
        if magic:
            return f"cell {number} uses {magic.group().strip()}"
        if _KERNEL_ATTRIBUTE.search(cell.source):
            return f"cell {number} asks for get_ipython().kernel"
    return None


def imported(source: str) -> set[str]:
    """Return the top names that a cell imports; where magics make it no Python, those of its lines that look so."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set(_IMPORT.findall(source))
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names


def asked_for(notebook: Any, asked: str) -> str:
    """Return the way that the caller, or else the notebook's own metadata (`sroi: {warm: kernel}`), asks for."""
    if asked not in WAYS:
        raise ValueError(f"there is no way '{asked}' to run a notebook; there are {', '.join(WAYS)}")
    if asked != "auto":
        return asked
    own = notebook.metadata.get("sroi", {})
    own = own.get("warm", "auto") if isinstance(own, dict) else "auto"
    return own if own in WAYS else "auto"


def why_not_warm(notebook: Any, kernel_name: str) -> str | None:
    """Return why this notebook cannot be forked from a process of this Python, None if it can."""
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    try:
        spec = KernelSpecManager().get_kernel_spec(kernel_name)
    except NoSuchKernel:
        return f"there is no kernel '{kernel_name}'"
    if spec.language.lower() != "python":
        return f"its language is {spec.language}"
    program, rest = spec.argv[0], [each for each in spec.argv[1:] if each != "-Xfrozen_modules=off"]
    ours = {"python", "python3", f"python3.{sys.version_info.minor}", sys.executable}
    if program not in ours and os.path.abspath(program) != os.path.abspath(sys.executable):
        return f"its kernel '{kernel_name}' is another Python ({program})"
    if rest != ["-m", "ipykernel_launcher", "-f", "{connection_file}"] or spec.env:
        return f"its kernel '{kernel_name}' is started in a way of its own"
    if os.path.exists("matplotlibrc"):
        return "its folder has a matplotlibrc, which is read when matplotlib is imported"
    return None
