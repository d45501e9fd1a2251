"""The tables of facts that travel with the program, `sroi/data/`, as rows of text."""

from __future__ import annotations


def shipped_rows(*path: str) -> list[dict[str, str]]:
    """Return the rows of a table in `sroi/data/`, each by its columns' names.

    >>> shipped_rows("licences.csv")[0].keys() >= {"resource", "licence", "ship"}
    True
    """
    # Imported here: `sroi evaluate` comes by this room for its discount rates, and is to feel instant.
    import csv
    from importlib.resources import files

    with (files("sroi") / "data").joinpath(*path).open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))
