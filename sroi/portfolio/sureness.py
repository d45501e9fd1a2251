"""How sure a portfolio is: each project's interval, and that of the ratio of all, from the stated ranges."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sroi.formulas import Array
from sroi.portfolio.money import Pot
from sroi.portfolio.projects import Project
from sroi.uncertainty.interval import interval_of
from sroi.uncertainty.simulation import simulate
from sroi.uncertainty.structure import structure_of, uncertain_numbers

DRAWS = 2**14


@dataclass(frozen=True)
class Sureness:
    """The central 90 % of the ratio of all projects, from draws of their stated ranges.

    `low` and `high` if the projects are independent of each other; `together_low` and `together_high` if the values
    of all rise and fall together. `with_ranges` of the `projects` state any range; the others stand still.
    """

    low: float
    high: float
    together_low: float
    together_high: float
    with_ranges: int
    projects: int
    draws: int
    seed: int


def intervals(projects: Sequence[Project]) -> tuple[tuple[float, float] | None, ...]:
    """Return the central 90 % of each project's ratio, None where it states no range or its map is not there."""
    return tuple(None if each.impact_map is None else interval_of(each.impact_map) for each in projects)


def sureness(pot: Pot, seed: int = 0, draws: int = DRAWS) -> Sureness | None:
    """Return how sure the ratio of all is; None where no project states a range, or nothing was put in.

    Each project is drawn by a seed of its own, made of `seed` and its name, so that numbers of one name in two projects
    are two numbers. Memory does not grow with the projects: their draws are added up as they are made.
    """
    worth, put_in, together = np.zeros(draws), np.zeros(draws), np.zeros(draws)
    with_ranges = 0
    for project, factor in zip(pot.projects, pot.factors, strict=True):
        drawn = _drawn(project, seed, draws)
        if drawn is None:
            drawn = np.full(draws, project.total_present_value), np.full(draws, project.total_inputs)
        else:
            with_ranges += 1
        worth += drawn[0] * factor
        put_in += drawn[1] * factor
        together += np.sort(drawn[0]) * factor
    if not with_ranges or not (put_in > 0).all():
        return None
    apart = np.quantile(worth / put_in, (0.05, 0.95))
    joint = np.quantile(together / put_in.mean(), (0.05, 0.95))
    (low, high), (together_low, together_high) = apart.tolist(), joint.tolist()
    return Sureness(low, high, together_low, together_high, with_ranges, len(pot.projects), draws, seed)


def _drawn(project: Project, seed: int, draws: int) -> tuple[Array, Array] | None:
    """Return draws of a project's total present value and inputs; None where it states no range."""
    if project.impact_map is None:
        return None
    structure = structure_of(project.impact_map, uncertain_numbers(project.impact_map))
    if not structure.uncertain:
        return None
    own = int.from_bytes(hashlib.sha256(f"{seed}\0{project.name}".encode("utf-8", "replace")).digest()[:7], "big")
    found = simulate(structure, draws=draws, seed=own)
    return found.present_values, found.inputs
