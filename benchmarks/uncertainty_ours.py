"""What the program itself is asked in the uncertainty benchmark: every call of it stands here and nowhere else."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from uncertainty_model import DRAWS, FACTORS, PUT_IN, Array, outcomes, value_map
from uncertainty_reference import CHANCES, NAMES

import sroi
from sroi.uncertainty.structure import Structure, structure_of, uncertain_numbers

SEED = 0
THRESHOLD = 1.0
# Enough for several blocks, too few to take long.
FEW_DRAWS = 50_000


@cache
def impact_map() -> sroi.ImpactMap:
    """Return the model's value map."""
    return sroi.ImpactMap.model_validate(value_map(outcomes()))


def structure(of: sroi.ImpactMap | None = None) -> Structure:
    """Return a map's lines with the laws of its numbers, which is where every answer begins."""
    of = of or impact_map()
    return structure_of(of, uncertain_numbers(of))


# ---- what is timed ----


def simulation(threads: int = 1) -> Array:
    """Return the total present value of each draw; the tables are built each time."""
    from sroi.uncertainty.simulation import simulate

    return simulate(structure(), DRAWS, seed=SEED, threads=threads).present_values


def simulation_in_two_threads() -> Array:
    """Return the same, bit for bit, by two threads."""
    return simulation(threads=2)


def exact_engine() -> dict[str, float]:
    """Return the distribution's figures; chance of passing a threshold, shares and values of knowing come with them."""
    from sroi.uncertainty.distribution import distribution_function
    from sroi.uncertainty.exact import exact

    found = exact(structure(), decision_ratio=THRESHOLD)
    found.chance_above(THRESHOLD)
    points, below = distribution_function(found.law)
    quantiles = np.interp(CHANCES, below, points)
    return _in_currency(found.shares.mean, found.shares.variance**0.5, *quantiles)


def full_pack() -> dict[str, float]:
    """Return what `exact_engine` does, the tornado and all switching values worked out too."""
    from sroi.sensitivity import break_even, one_way

    one_way(impact_map())
    break_even(impact_map(), THRESHOLD)
    return exact_engine()


def study() -> dict[str, float]:
    """Return the public study's figures; it has, beside the exact engine's, the range with deductions together."""
    from sroi.uncertainty import study_uncertainty

    found = study_uncertainty(impact_map(), above=(THRESHOLD,))
    found.chance_above(THRESHOLD)
    return _in_currency(found.mean, found.sd, *(found.quantile(chance) for chance in CHANCES))


def sobol() -> Array:
    """Return first and total Sobol indices, in the order of the model's outcomes and factors."""
    from sroi.uncertainty.exact import exact_indices

    found = exact_indices(impact_map())
    places = {name: place for place, name in enumerate(found.names)}
    order = [places[f"outcome_{place}.{factor}"] for place in range(len(outcomes())) for factor in FACTORS]
    return np.concatenate([found.first[order], found.total[order]])


def _in_currency(*ratios: float) -> dict[str, float]:
    return {name: PUT_IN * float(ratio) for name, ratio in zip(NAMES, ratios, strict=True)}


# ---- same seed, same bits ----


def broken_promises() -> list[str]:
    """Return in what ways the same seed gave other draws; nothing if in none."""
    from sroi.uncertainty.simulation import drawn_numbers, simulate

    def ratios(of: Any, threads: int = 1, sampling: Any = "monte_carlo") -> Array:
        return simulate(structure(of), FEW_DRAWS, seed=SEED, threads=threads, sampling=sampling).ratios

    tree = value_map(outcomes())
    moved = sroi.ImpactMap.model_validate(tree | {"outcomes": tree["outcomes"][::-1]})
    fewer = sroi.ImpactMap.model_validate(tree | {"outcomes": tree["outcomes"][1:]})
    usual = ratios(impact_map())
    few, all_ = (drawn_numbers(structure(of), 1_000, seed=SEED) for of in (fewer, impact_map()))
    again = [
        (sampling, [ratios(impact_map(), 1, sampling) for _ in range(2)]) for sampling in ("latin_hypercube", "sobol")
    ]
    kept = {
        "2 threads": np.array_equal(usual, ratios(impact_map(), threads=2)),
        "3 threads": np.array_equal(usual, ratios(impact_map(), threads=3)),
        "outcomes in another order": np.array_equal(usual, ratios(moved)),
        "an outcome added": all(np.array_equal(few[name], all_[name]) for name in few),
        **{f"{sampling} once more": np.array_equal(*both) for sampling, both in again},
    }
    return [way for way, same in kept.items() if not same]
