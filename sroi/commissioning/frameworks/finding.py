"""A framework by its id, or from a file: a form that was filled in, or somebody's own workbook with a mapping."""

from __future__ import annotations

from pathlib import Path

from sroi.commissioning.frameworks.framework import Framework
from sroi.commissioning.frameworks.shipped import SHIPPED, framework, named_framework
from sroi.errors import FileRefused, NameRefused, Problem, did_you_mean


def find_framework(name: str, mapping: str = "") -> Framework:
    """Return the framework that is named: the id of a shipped one, or a file.

    Parameters: `mapping`, the file that says how somebody's own workbook is read. Raises NameRefused for what is
    neither, FileRefused for a file that cannot stand.
    """
    if mapping:
        from sroi.commissioning.frameworks.mapped import mapped_framework

        return mapped_framework(name, mapping)
    if name in SHIPPED:
        return framework(name)
    if not Path(name).suffix and not Path(name).exists():
        if (found_by_name := named_framework(name)) is not None:
            return found_by_name
        found = f"'{name[:60]}' is neither a framework of the program nor a file"
        raise NameRefused(Problem(found, did_you_mean(name, SHIPPED, f"There are {', '.join(SHIPPED)}.")))
    from sroi.commissioning.frameworks.filled import read_framework

    try:
        return read_framework(name)
    except FileRefused as refused:
        if not any("there is no sheet" in each.found for each in refused.problems):
            raise
        remedy = "If this is your own workbook of measures, say how it is read: --mapping FILE (`sroi commission new frameworks_mapping FILE` begins one)."  # fmt: skip  # noqa: E501
        own = Problem("this is not the program's form of a framework", remedy)
        raise FileRefused((*refused.problems, own), refused.source) from None
