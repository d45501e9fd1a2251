"""The study of a map's uncertainty: exact where the mathematics reaches, by simulation where it does not."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from sroi import wording
from sroi.errors import MethodRefused, Problem
from sroi.evaluation import evaluate
from sroi.impact_map import ImpactMap
from sroi.names import DEDUCTIONS
from sroi.result import Result
from sroi.sensitivity.moves import Mover
from sroi.uncertainty.distribution import distribution_function
from sroi.uncertainty.exact import Exact, exact
from sroi.uncertainty.quantiles import kept_quantiles
from sroi.uncertainty.reach import NOTHING_PUT_IN, lowest_inputs, reach_of
from sroi.uncertainty.shares import Shares
from sroi.uncertainty.simulation import Simulation
from sroi.uncertainty.statement import Driver, RestsOn, Uncertainty, ranked
from sroi.uncertainty.streams import Sampling
from sroi.uncertainty.structure import Structure, structure_of, uncertain_numbers

METHODS = ("exact", "simulation")
# Draws of the range with all deductions together, which stands beside the interval as a second figure.
_DRAWS_TOGETHER = 2**15


def study_uncertainty(
    impact_map: ImpactMap,
    method: str | None = None,
    draws: int | None = None,
    seed: int = 0,
    above: Sequence[float] = (1.0,),
    assume: float | None = None,
    sampling: Sampling = "monte_carlo",
) -> Uncertainty:
    """Return the distribution of a map's ratio, given the ranges of its numbers, and what drives it.

    Parameters: `method`, exact or simulation; if left out, exact where the map is within its reach. `draws` of a
    simulation (left out: as many as a stop rule asks for) and its `seed`, a whole number from 0. `above`: ratios whose
    chance of being passed is asked for; the first is the one to decide by. `assume`: the half width of a default range,
    0-1, of numbers for which the map states none. `sampling`: monte_carlo, latin_hypercube or sobol.
    Raises MethodRefused, with the reason, for settings that make no sense or an exact answer out of reach.

    >>> import sroi
    >>> found = sroi.study_uncertainty(sroi.example("befriending"))
    >>> 1.0 < found.quantile(0.05) < found.mean < found.quantile(0.95)
    True
    """
    above = tuple(float(ratio) for ratio in above) or (1.0,)
    _refuse_senseless(method, draws, seed, above, assume, sampling)
    uncertain = uncertain_numbers(impact_map, assume)
    structure = structure_of(impact_map, uncertain)
    result = evaluate(impact_map)
    rests_on = _rests_on(structure, assume)
    if not structure.uncertain:
        return _point(result, above, rests_on)
    reach = reach_of(structure)
    if method == "exact" and reach.why_not is not None:
        raise MethodRefused(
            Problem(
                f"this map is out of reach of the exact engine: {reach.why_not}",
                "Leave the method out: it is then simulated.",
            )
        )
    if method != "simulation" and reach.why_not is None:
        return _exactly(structure, exact(structure, reach, above[0]), result, above, rests_on, seed)
    return _simulated(structure, result, above, rests_on, reach.why_not, draws, seed, sampling)


def _refuse_senseless(
    method: str | None, draws: int | None, seed: int, above: Sequence[float], assume: float | None, sampling: str
) -> None:
    problems = []
    if method is not None and method not in METHODS:
        problems.append(Problem(f"there is no method '{method}'", "Give exact or simulation, or leave it out."))
    if sampling not in ("monte_carlo", "latin_hypercube", "sobol"):
        problems.append(Problem(f"there is no sampling '{sampling}'", "Give monte_carlo, latin_hypercube or sobol."))
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        problems.append(
            Problem(f"the seed is {seed!r}", "Give a whole number from 0, so that others can draw the same.")
        )
    if draws is not None and (isinstance(draws, bool) or not isinstance(draws, int | np.integer) or draws < 100):
        problems.append(Problem(f"{draws!r} draws", "Give a whole number of draws, at least 100."))
    if draws is not None and method == "exact":
        problems.append(Problem("the exact method draws nothing", "Leave the draws out, or simulate."))
    if not all(math.isfinite(ratio) for ratio in above):
        problems.append(Problem("a ratio to pass is not finite", "Give plain numbers such as 1 or 1.5."))
    plain = isinstance(assume, int | float | np.number) and not isinstance(assume, bool)
    if assume is not None and not (plain and 0 < assume <= 1):
        problems.append(
            Problem(f"a default range of {assume!r}", "Give a share above 0 and at most 1, such as 0.1 for 10 %.")
        )
    if problems:
        raise MethodRefused(problems)


# ---- the two roads ----


def _exactly(
    structure: Structure, found: Exact, result: Result, above: tuple[float, ...], rests_on: RestsOn, seed: int
) -> Uncertainty:
    points, cumulative = distribution_function(found.law)
    return Uncertainty(
        result,
        "exact",
        found.shares.mean,
        math.sqrt(found.shares.variance),
        points,
        cumulative,
        above,
        found.decision_ratio,
        found.net_benefit,
        found.value_of_knowing_all,
        _drivers(structure, found.shares, found.value_of_knowing),
        rests_on,
        together=_together(structure, seed),
    )


def _drivers(structure: Structure, shares: Shares, knowing: dict[str, float]) -> tuple[Driver, ...]:
    drivers = [
        Driver(name, *_label(structure, (name,)), share, shares.total[name], shares.shapley[name], knowing.get(name))
        for name, share in shares.first.items()
    ]
    # Inputs that could not be told apart have one share together, and each its own value of knowing.
    drivers += [
        Driver(name, *_label(structure, (name,)), None, None, None, gain)
        for name, gain in knowing.items()
        if name not in shares.first
    ]
    return ranked(drivers)


def _label(structure: Structure, names: Sequence[str]) -> tuple[str, str]:
    """Return how a driver is called, and its field; several numbers that move together have none."""
    numbers = structure.impact_map.numbers()
    known = [numbers[name].label for name in names if name in numbers]
    if len(names) > 1:
        return f"{len(names)} numbers that move together ({known[0]}, ..)", ""
    return (known[0], numbers[names[0]].field) if known else (names[0][0].upper() + names[0][1:], "")


def _simulated(
    structure: Structure, result: Result, above: tuple[float, ...], rests_on: RestsOn, why_not: str | None,
    draws: int | None, seed: int, sampling: Sampling,
) -> Uncertainty:  # fmt: skip
    from sroi.uncertainty.simulated_drivers import drivers_of
    from sroi.uncertainty.simulation import simulate

    drawn = simulate(structure, draws, seed=seed, sampling=sampling)
    if lowest_inputs(structure) <= 0:
        return _without_a_mean(structure, result, above, rests_on, drawn)
    moved = drivers_of(structure, above[0], seed=seed)
    points, cumulative = kept_quantiles(drawn.ratios)
    drivers = [
        Driver(
            each.name,
            *_label(structure, each.names),
            _share(each.first),
            _share(each.total),
            _share(each.shapley),
            each.evppi,
        )
        for each in (*moved.together, *moved.drivers)
    ]
    return Uncertainty(
        result,
        "simulation",
        drawn.mean,
        drawn.sd,
        points,
        cumulative,
        above,
        above[0],
        float(np.mean(drawn.present_values - above[0] * drawn.inputs)),
        moved.evpi,
        ranked(drivers),
        rests_on,
        together=_together(structure, seed),
        why_not_exact=why_not,
        groups=moved.groups,
        draws=drawn.draws,
        seed=seed,
        sampling=sampling,
        standard_error=drawn.standard_error,
        notes=tuple(dict.fromkeys((*drawn.notes, *moved.notes))),
    )


def _without_a_mean(
    structure: Structure, result: Result, above: tuple[float, ...], rests_on: RestsOn, drawn: Simulation
) -> Uncertainty:
    """Return what can be said where the inputs may come near nothing: quantiles and chances, no mean, no shares."""
    points, cumulative = kept_quantiles(drawn.ratios)
    net = drawn.present_values - above[0] * drawn.inputs
    expected = float(net.mean())
    note = (
        "Total inputs may come near nothing in the stated ranges: then a ratio has no mean and no spread, and nothing "
        "can be said of what drives it. Give the inputs ranges that stay above 0."
    )
    return Uncertainty(
        result, "simulation", math.nan, math.nan, points, cumulative, above, above[0], expected,
        max(float(np.maximum(net, 0.0).mean()) - max(expected, 0.0), 0.0), (), rests_on,
        why_not_exact=NOTHING_PUT_IN, draws=drawn.draws, seed=drawn.seed, sampling=drawn.sampling,
        notes=(note, *drawn.notes),
    )  # fmt: skip


def _share(estimate: float | None) -> float | None:
    """Return an estimated share of variance; those that stray a little below nothing are nothing."""
    return None if estimate is None else max(estimate, 0.0)


def _together(structure: Structure, seed: int) -> tuple[float, float] | None:
    """Return the 90 % interval with all uncertain deductions moving together; None where there are fewer than two."""
    from sroi.uncertainty.correlation import Together
    from sroi.uncertainty.simulation import simulate

    names = tuple(name for name in structure.uncertain if name.rpartition(".")[2] in DEDUCTIONS)
    if len(names) < 2:
        return None
    drawn = simulate(structure, _DRAWS_TOGETHER, seed=seed, correlations=[Together(names)])
    low, high = np.quantile(drawn.ratios[np.isfinite(drawn.ratios)], [0.05, 0.95])
    return float(low), float(high)


def _point(result: Result, above: tuple[float, ...], rests_on: RestsOn) -> Uncertainty:
    base = float(result.sroi_ratio)
    there = not math.isnan(base)
    points = np.repeat(base, 2) if there else np.empty(0)
    cumulative = np.array([0.0, 1.0]) if there else np.empty(0)
    net = float(result.total_present_value - above[0] * result.total_inputs)
    evpi = 0.0 if there else None
    return Uncertainty(result, "point", base, 0.0, points, cumulative, above, above[0], net, evpi, (), rests_on)


# ---- what stands behind a range ----


def _rests_on(structure: Structure, assume: float | None) -> RestsOn:
    impact_map = structure.impact_map
    mover = Mover(impact_map)
    users = structure.users()
    ranged = {place for places in users.values() for place in places if place < len(structure.lines)}
    moved = {structure.lines[place].id for place in ranged}
    size = np.abs(mover.base.present_value)
    counted = [place for place, counts in enumerate(mover.base.counted) if counts]
    whole = float(size[counted].sum())
    own = float(size[[place for place in counted if mover.base.priced[place] in moved]].sum())
    return RestsOn(
        ranged=len(structure.uncertain),
        in_all=len(mover.numbers),
        share_of_value=own / whole if whole else 0.0,
        assumed=tuple(name for name, number in structure.uncertain.items() if number.assumed),
        assumption=assume,
        surveys=_surveys(structure),
    )


def _surveys(structure: Structure) -> tuple[str, ...]:
    """Return what has to be said of shares that come from survey counts: who did not answer, who was not asked."""
    said, answered = [], []
    for number in structure.uncertain.values():
        survey = number.number.estimate.survey if number.number.estimate is not None else None
        if survey is None or not survey.asked:
            continue
        answered.append(survey.asked / survey.invited if survey.invited else math.nan)
        counts = f"{survey.yes} of {survey.asked} said yes"
        if survey.invited is not None and survey.invited > survey.asked:
            response = wording.per_cent(survey.asked / survey.invited, 0)
            counts += f"; {survey.asked} of {survey.invited} invited answered ({response})"
        if survey.population is not None and survey.population > survey.asked:
            counts += f", and stand for {survey.population} people"
        said.append(
            f"{number.number.label}, from a survey ({counts}): those who did not answer are taken to be like those "
            "who did."
        )
    if len(said) <= 2:
        return tuple(said)
    known = [share for share in answered if not math.isnan(share)]
    rates = f"between {wording.per_cent(min(known), 0)} and {wording.per_cent(max(known), 0)}" if known else ""
    invited = f" in which {rates} of those invited answered" if known else ", of which none says how many were invited"
    silent = len(said) - len(known)
    rest = f" ({silent} do not say how many were invited)" if known and silent else ""
    return (
        f"{len(said)} shares come from surveys{invited}{rest}: those who did not answer are taken to be like those "
        "who did.",
    )
