"""A notebook's parameters: what it declares, and text from a command line or a plan as the type that it expects.

papermill only logs a parameter that the notebook does not have, and guesses types from text. Here both are refused.
"""

from __future__ import annotations

import ast
import json
import re
import warnings
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from sroi.errors import Problem, TemplateRefused, did_you_mean
from sroi.reading import shown


@dataclass(frozen=True)
class Parameter:
    """One parameter that a notebook declares: its name, type (str, int, float, bool, list, dict or "") and default."""

    name: str
    kind: str
    default: str


def declared(template: Path) -> dict[str, Parameter]:
    """Return the parameters of a notebook by name; TemplateRefused if the file is no notebook or declares none."""
    notebook = read_notebook(template)
    tagged = [cell for cell in notebook.cells if "parameters" in (cell.get("metadata", {}).get("tags") or [])]
    if not tagged:
        found = "this notebook has no cell tagged `parameters`"
        raise TemplateRefused(
            Problem(found, "Tag the cell that sets its parameters, in the cell's metadata."), str(template)
        )
    try:
        lines = ast.parse(tagged[0].source).body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        where = f"{error.msg}, its line {error.lineno}" if isinstance(error, SyntaxError) else "it cannot be read"
        found = f"the parameters cell is not Python ({where})"
        raise TemplateRefused(Problem(found, "Correct the cell."), str(template)) from None
    try:
        return _parameters_of(lines)
    except RecursionError:
        found = "the parameters cell nests too deep to be read"
        raise TemplateRefused(Problem(found, "Keep plain values in it."), str(template)) from None


def _parameters_of(lines: list[ast.stmt]) -> dict[str, Parameter]:
    parameters: dict[str, Parameter] = {}
    for line in lines:
        if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name):
            default = ast.unparse(line.value) if line.value is not None else ""
            parameters[line.target.id] = Parameter(line.target.id, _annotated(line.annotation), default)
        elif isinstance(line, ast.Assign):
            for target in line.targets:
                if isinstance(target, ast.Name):
                    parameters[target.id] = Parameter(target.id, _kind(line.value), ast.unparse(line.value))
    return parameters


def read_notebook(template: Path) -> Any:
    """Return the notebook in a file; FileRefused or TemplateRefused if there is none."""
    import nbformat

    from sroi.files.safety import read_bytes

    content = read_bytes(template, largest=50_000_000, what="notebook")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return nbformat.reads(content.decode("utf-8"), as_version=4)
    except Exception:  # nbformat raises many kinds; all mean that this is no notebook
        raise TemplateRefused(Problem("this file is not a notebook", "Name an .ipynb file."), str(template)) from None


def _annotated(annotation: ast.expr) -> str:
    """Return the kind that an annotation names: `float` for float | None, Optional[float] and "float" too."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        with suppress(SyntaxError, ValueError):
            return _annotated(ast.parse(annotation.value, mode="eval").body)
    if isinstance(annotation, ast.BinOp) and isinstance(annotation.op, ast.BitOr):
        sides = [side for side in (annotation.left, annotation.right) if ast.unparse(side) != "None"]
        return _annotated(sides[0]) if len(sides) == 1 else ast.unparse(annotation)
    if isinstance(annotation, ast.Subscript):
        outer = ast.unparse(annotation.value).rpartition(".")[2]
        return _annotated(annotation.slice) if outer == "Optional" else outer.lower()
    return ast.unparse(annotation)


def _kind(value: ast.expr) -> str:
    try:
        literal = ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return ""
    return "" if literal is None else type(literal).__name__


def checked(template: Path, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters as the notebook's types; TemplateRefused with every unknown name and misfit at once."""
    known = declared(template)
    problems: list[Problem] = []
    values: dict[str, Any] = {}
    for name, value in given.items():
        if name not in known:
            remedy = did_you_mean(name, known)
            problems.append(Problem(f"the notebook has no parameter '{name}'", remedy))
            continue
        try:
            values[name] = as_kind(value, known[name].kind)
        except ValueError:
            problems.append(misfit(name, value, known[name].kind))
    if problems:
        raise TemplateRefused(problems, template.name)
    return values


def misfit(name: str, value: Any, kind: str) -> Problem:
    """Return what is wrong with a value that the parameter `name` cannot take."""
    text = value.strip() if isinstance(value, str) else ""
    remedy = f"Give {_KIND_WORDS[kind]}."
    if kind == "float" and re.fullmatch(r"[-+]?[0-9]+,[0-9]{1,2}", text):
        remedy = f"Did you mean {text.replace(',', '.')}?"
    elif kind in ("int", "float") and re.fullmatch(r"[-+]?[0-9]{1,3}([,_ ][0-9]{3})+(\.[0-9]+)?", text):
        remedy = f"Did you mean {re.sub('[,_ ]', '', text)}?"
    elif kind == "int" and re.fullmatch(r"[-+]?[0-9]+\.0*", text):
        remedy = f"Did you mean {text.partition('.')[0]}?"
    elif kind == "list" and re.fullmatch(r"[^][(){}'\"]{1,200}", text):
        remedy = f"A list stands in brackets. Did you mean {[word.strip() for word in text.split(',')]}?"
    return Problem(f"the parameter '{name}' is given {shown(value)}", remedy)


_KIND_WORDS = {
    "int": "a whole number",
    "float": "a number",
    "bool": "yes or no",
    "list": "a list, such as [1, 2]",
    "dict": "a group, such as {'a': 1}",
}


def as_kind(value: Any, kind: str) -> Any:
    """Return text as the type that the notebook expects; other values as they are. ValueError for a misfit."""
    if kind not in _KIND_WORDS:
        return value
    if not isinstance(value, str):
        if isinstance(value, list | dict) and type(value).__name__ != kind:
            raise ValueError
        return value
    text = value.strip()
    text.encode("utf-8")  # a lone surrogate is no text that a notebook can hold
    if kind == "bool":
        if text.lower() in ("yes", "true", "no", "false"):
            return text.lower() in ("yes", "true")
        raise ValueError
    if kind == "int":
        if not re.fullmatch(r"[-+]?[0-9]{1,18}", text):
            raise ValueError
        return int(text)
    if kind == "float":
        bare = text.removesuffix("%").rstrip()
        if not re.fullmatch(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]{1,2})?", bare):
            raise ValueError
        return float(bare) if bare == text else float(Decimal(bare) / 100)
    try:
        literal = ast.literal_eval(text)
    except (SyntaxError, TypeError, MemoryError, RecursionError):
        raise ValueError from None
    # What JSON does not carry as it is, a notebook's parameters cannot either.
    if type(literal).__name__ != kind or json.loads(json.dumps(literal, default=str, allow_nan=False)) != literal:
        raise ValueError
    return literal
