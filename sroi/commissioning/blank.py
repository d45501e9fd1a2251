"""The forms of the parts, by name: to be written blank, or filled with the illustrative example."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from sroi.commissioning import FORMS
from sroi.errors import FileRefused, Problem
from sroi.files.form import Form
from sroi.files.form_writer import form_bytes

_ENDINGS = (".xlsx", ".yaml", ".yml")


def form_of(name: str) -> tuple[Form, Mapping[str, Any]]:
    """Return a form, and its illustrative example by sheet."""
    module = import_module(FORMS[name])
    return module.FORM, module.EXAMPLE


def blank_form(name: str, path: Path, example: bool = False) -> bytes:
    """Return the bytes of a form for a file of this name; FileRefused for an ending that is not written."""
    if path.suffix.lower() not in _ENDINGS:
        raise FileRefused(
            Problem("a form is a workbook or YAML", "Give a name that ends in .xlsx or .yaml."), str(path)
        )
    form, filled = form_of(name)
    return form_bytes(form, filled if example else {}, path.suffix)
