"""How others do it: each tool given the model as its own users would, with the same seed and the same number of draws.

Every function returns the total present value of each draw (or the Sobol indices), and reckons it with the same loop
over the years; so what differs is the drawing and what the tool does around it. A tool's module is imported by the
function that needs it, so that the memory of each can be told apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from uncertainty_model import DRAWS, Array, Law, Outcome, numpy_loop, outcomes, present_value

SEED = 0
PIECE = 8_192
SCIPY_POINTS = 256
SALIB_POINTS = 1_024
SALIB_POINTS_WHEN_QUICK = 64


@cache
def model() -> list[Outcome]:
    """Return the model."""
    return outcomes()


def _total(columns: Sequence[Any]) -> Array:
    """Return the total present value from 360 columns of draws, those of each outcome side by side."""
    total = np.zeros(np.shape(columns[0]))
    for place, outcome in enumerate(model()):
        total += present_value(outcome.years, columns[6 * place : 6 * place + 6])
    return total


# ---- drawing and adding up ----


def floor() -> Array:
    """Draw 36 million uniforms and do nothing with them, in pieces that stay in the processor's cache."""
    generator = np.random.Generator(np.random.SFC64(SEED))
    piece = np.empty(PIECE)
    numbers = DRAWS * 6 * len(model())
    for _ in range(numbers // PIECE):
        generator.random(out=piece)
    generator.random(out=piece[: numbers % PIECE])
    return np.zeros(0)


def loop() -> Array:
    """Run the competent analyst's loop."""
    return numpy_loop(model(), DRAWS, SEED)


def with_squigglepy() -> Array:
    """Draw arrays with squigglepy."""
    import squigglepy

    def drawn(law: Law) -> Array:
        if law.shape == "triangular":
            given = squigglepy.triangular(*law.numbers)
        elif law.shape == "lognormal":
            given = squigglepy.lognorm(norm_mean=law.numbers[0], norm_sd=law.numbers[1])
        else:
            given = squigglepy.pert(*law.numbers) if law.shape == "pert" else squigglepy.beta(*law.numbers)
        return np.asarray(squigglepy.sample(given, n=DRAWS))

    squigglepy.set_seed(SEED)
    total = np.zeros(DRAWS)
    for outcome in model():
        total += present_value(outcome.years, [drawn(law) for law in outcome.laws])
    return total


def with_openturns() -> Array:
    """Draw a sample of the joint distribution with OpenTURNS."""
    import openturns

    def marginal(law: Law) -> Any:
        if law.shape == "triangular":
            return openturns.Triangular(*law.numbers)
        if law.shape == "lognormal":
            return openturns.LogNormal(*law.numbers)
        return openturns.Beta(*law.beta)

    openturns.RandomGenerator.SetSeed(SEED)
    joint = openturns.JointDistribution([marginal(law) for outcome in model() for law in outcome.laws])
    return _total(np.asarray(joint.getSample(DRAWS)).T)


def with_chaospy() -> Array:
    """Draw a sample of the joint distribution with chaospy."""
    import chaospy

    def marginal(law: Law) -> Any:
        if law.shape == "triangular":
            return chaospy.Triangle(*law.numbers)
        if law.shape == "lognormal":
            return chaospy.LogNormal(*law.numbers)
        return chaospy.Beta(*law.beta)

    joint = chaospy.J(*[marginal(law) for outcome in model() for law in outcome.laws])
    return _total(joint.sample(DRAWS, rule="random", seed=SEED))


# ---- Sobol indices: first and total, 720 numbers ----


def with_scipy_sobol() -> Array:
    """Return SciPy's estimate of the indices from 256 x 362 points."""
    from scipy import stats

    laws = [law.scipy() for outcome in model() for law in outcome.laws]
    found = stats.sobol_indices(func=_total, n=SCIPY_POINTS, dists=laws, rng=np.random.default_rng(SEED))
    return np.concatenate([found.first_order, found.total_order])


def with_salib_sobol(points: int = SALIB_POINTS) -> Array:
    """Return SALib's estimate of the indices from `points` x 362 points, with its usual confidence intervals.

    SALib knows no beta distribution, so its user takes points between 0 and 1 and applies SciPy's.
    """
    from SALib.analyze import sobol
    from SALib.sample import sobol as sampling

    laws = [law.scipy() for outcome in model() for law in outcome.laws]
    problem = {"num_vars": len(laws), "names": [f"x{n}" for n in range(len(laws))], "bounds": [[0, 1]] * len(laws)}
    drawn = sampling.sample(problem, points, calc_second_order=False, seed=SEED)
    columns = [law.ppf(drawn[:, place]) for place, law in enumerate(laws)]
    found = sobol.analyze(problem, _total(columns), calc_second_order=False, seed=SEED)
    return np.concatenate([found["S1"], found["ST"]])


def with_salib_sobol_quickly() -> Array:
    """Return SALib's estimate from a sixteenth of the points; its time is to be multiplied by 16."""
    return with_salib_sobol(SALIB_POINTS_WHEN_QUICK)
