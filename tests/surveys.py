"""Invented surveys for the tests: tables of answers as .csv, and groups of people drawn at random."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sroi.formulas import Array
from sroi.survey import Answers

HEADINGS = ("Person", "Group", "Before", "After")


def table(path: Path, rows: Sequence[Sequence[Any]], headings: Sequence[str] = HEADINGS, delimiter: str = ",") -> Path:
    """Write rows under headings as a .csv file."""
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, delimiter=delimiter)
        writer.writerow(headings)
        writer.writerows(rows)
    return path


def people(
    seed: int, helped: int = 60, waiting: int = 50, effect: float = 1.5, drop: float = 0.2, scale: int = 10
) -> list[list[Any]]:
    """Return rows of two groups, of which the first rose by about `effect`; ids that could be anybody's."""
    rng = np.random.default_rng(seed)
    rows = []
    for place in range(helped + waiting):
        group = "helped" if place < helped else "waiting"
        before = int(np.clip(round(rng.normal(scale / 2, scale / 6)), 0, scale))
        gain = rng.normal(effect if group == "helped" else 0.0, scale / 8)
        after = int(np.clip(round(before + gain), 0, scale))
        rows.append([f"ID-{place}-zebra", group, before, "" if rng.random() < drop else after])
    return rows


def answers_of(before: Array, after: Array, participant: Any = None) -> Answers:
    """Return answers to one question from two arrays, NaN where there is none."""
    groups = ("helped", "waiting") if participant is not None else None
    taken = np.asarray(participant, dtype=bool) if participant is not None else None
    return Answers("invented.csv", ("Score",), np.asarray(before, dtype=float)[:, None],
                   np.asarray(after, dtype=float)[:, None], taken, groups)  # fmt: skip
