"""`sroi uncertainty`: how sure the ratio is, given the ranges of its numbers, and what to find out next."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sroi.arguments import add_allow_private, add_json, add_map, add_most, add_out, add_reading_options, add_seed
from sroi.commands.leaving import folder_of, leave, refuse_what_may_not_leave
from sroi.commands.printing import DONE, say, write_json
from sroi.commands.reading import number_of, read_map
from sroi.errors import NameRefused, Problem

if TYPE_CHECKING:
    from sroi.impact_map import ImpactMap
    from sroi.uncertainty import Uncertainty

_FEWEST, _MOST = 100, 1_000_000_000


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments and options."""
    add_map(parser)
    parser.add_argument(
        "--method", choices=("exact", "simulation"), help="default: exact where the map allows it, else simulation"
    )
    parser.add_argument("--draws", metavar="N", help="how many draws a simulation takes")
    add_seed(parser, "seed of a simulation")
    parser.add_argument(
        "--sampling", choices=("monte_carlo", "latin_hypercube", "sobol"), default="monte_carlo",
        help="how a simulation spreads its draws (default monte_carlo)",
    )  # fmt: skip
    parser.add_argument("--above", metavar="R", action="append", help="the chance of a ratio above R; may be repeated, the first is the ratio to decide by (default 1)")  # fmt: skip  # noqa: E501
    parser.add_argument("--assume", metavar="SHARE", help="a default range, such as 10%%, where the map states none")
    parser.add_argument("--widen", action="store_true", help="widen ranges by evidence grade: red to 50%% either way at least, amber to 25%% (our convention)")  # fmt: skip  # noqa: E501
    parser.add_argument("--cross-check", action="store_true", help="hold the exact answer against a simulation")
    add_most(parser, 10)
    add_json(parser, "the distribution and its drivers")
    add_out(parser)
    add_allow_private(parser)
    add_reading_options(parser)


def run(options: argparse.Namespace) -> int:
    """Work out the distribution of the ratio and say it; leave figures and tables where --out says."""
    draws, above, assume = _numbers(options)
    folder = folder_of(options.out) if options.out is not None else None
    impact_map = read_map(options.map, options)
    refuse_what_may_not_leave(options, impact_map)
    from sroi.evaluation import evaluate
    from sroi.terminal.results import repair_lines
    from sroi.terminal.uncertainty import uncertainty_lines
    from sroi.uncertainty import study_uncertainty as study
    from sroi.uncertainty.next_steps import next_steps

    settings: dict[str, Any] = {
        "draws": draws, "seed": options.seed, "above": above, "assume": assume, "sampling": options.sampling,
    }  # fmt: skip
    own, widened = impact_map, None
    if options.widen:
        from sroi.appraisal.confidence import widened as widen

        impact_map, widened = widen(own)
    found = study(impact_map, method=options.method, **settings)
    if widened is not None:
        from dataclasses import replace

        from sroi.appraisal.confidence import widening_words

        found = replace(found, widened=widened, notes=(*found.notes, widening_words(widened)))
    result = evaluate(impact_map)
    base = result.to_dict()
    head = {key: base[key] for key in ("title", "analysis", "currency", "price_year", "conventions", "sroi_ratio")}
    told = {**head, **found.to_dict(), "next_steps": [asdict(step) for step in next_steps(found)]}
    checked: list[str] = []
    if options.cross_check:
        rows, checked = _cross_check(impact_map, found, settings)
        told["cross_check"] = rows
    left = _leave(folder, found, told, impact_map.currency, options.most) if folder is not None else []
    if options.json:
        write_json(options.json, told, options.map)
    if options.json != "-":
        lines = uncertainty_lines(found, result, options.most)
        say(*repair_lines(own), *lines, *([""] if checked else []), *checked, *([""] if left else []), *left)
    return DONE


def _numbers(options: argparse.Namespace) -> tuple[int | None, tuple[float, ...], float | None]:
    """Return the draws, thresholds and default range that the options give; all that is wrong in one message."""
    from sroi import reading

    problems: list[Problem] = []

    def number(written: str, option: str, kind: reading.Kind) -> float:
        read = number_of(written, option, kind)
        if isinstance(read, Problem):
            problems.append(read)
            return 1.0
        return read

    above = tuple(dict.fromkeys(number(each, "--above", reading.AMOUNT) for each in options.above or ["1"]))
    assume = None if options.assume is None else number(options.assume, "--assume", reading.SHARE)
    if assume == 0:
        problems.append(Problem("--assume 0 gives a range without width", "Give a share above 0, such as 10%."))
    draws = None
    if options.draws is not None:
        written = options.draws.replace(",", "").replace("_", "")
        if written.isascii() and written.isdigit() and _FEWEST <= int(written[:12]) <= _MOST:
            draws = int(written)
        else:
            found = f"--draws: '{options.draws}' is not a whole number from {_FEWEST} to {_MOST}"
            problems.append(Problem(found, "Give one such as 100000."))
        if options.method == "exact":
            problems.append(Problem("--draws belongs to a simulation", "Leave it out, or give --method simulation."))
    if problems:
        raise NameRefused(problems)
    return draws, above, assume


# ---- the cross-check ----


def _cross_check(
    impact_map: ImpactMap, found: Uncertainty, settings: dict[str, Any]
) -> tuple[list[dict[str, Any]], list[str]]:
    """Hold the exact answer against a simulation: each figure of both, and how many standard errors lie between."""
    from sroi import wording
    from sroi.terminal.layout import table_lines, wrapped
    from sroi.uncertainty import QUANTILES
    from sroi.uncertainty import study_uncertainty as study

    exact, drawn = found, found
    if found.method == "exact":
        drawn = study(impact_map, method="simulation", **settings)
    elif found.why_not_exact is None and found.method == "simulation":
        exact = study(impact_map, method="exact", **{**settings, "draws": None})
    if exact.method != "exact" or drawn.method != "simulation":
        why = found.why_not_exact or "the map has no ranges"
        return [], wrapped(f"No cross-check: {why.rstrip('.')}.", "")
    rows = [_row("mean", exact.mean, drawn.mean, drawn.standard_error or 0.0)]
    for chance in QUANTILES:
        # At the exact quantile, the share of the draws below it has a known spread.
        below = 1.0 - drawn.chance_above(exact.quantile(chance))
        error = (chance * (1.0 - chance) / (drawn.draws or 1)) ** 0.5
        rows.append(_row(f"chance below {exact.quantile(chance):.4f}", chance, below, error))
    headings = ("Cross-check", "Exact", "Simulated", "Standard errors apart")
    shown = [
        (
            row["figure"],
            f"{row['exact']:.4f}",
            f"{row['simulated']:.4f}",
            f"{row['z']:+.2f}".replace("-", wording.MINUS),
        )
        for row in rows
    ]
    said = f"  {drawn.draws:,} draws, seed {drawn.seed}; by chance alone, 19 in 20 such figures lie within 2."
    return rows, [*table_lines(headings, shown, indent=""), said]


def _row(figure: str, exact: float, simulated: float, error: float) -> dict[str, Any]:
    z = 0.0 if simulated == exact else (simulated - exact) / error if error > 0 else None
    return {"figure": figure, "exact": exact, "simulated": simulated, "standard_error": error, "z": z}


# ---- figures and tables ----


def _leave(folder: Path, found: Uncertainty, told: dict[str, Any], currency: str, most: int) -> list[str]:
    """Draw the figures and write the tables."""
    from sroi import plots
    from sroi.uncertainty.next_steps import decision_words

    wide, figures = plots.WIDE, {}
    first = found.above[0] if found.above else 1.0
    if found.method != "point":
        decision = decision_words(found)
        known = [each for each in found.drivers if each.evppi is not None]
        figures["distribution"] = plots.picture(lambda ax: plots.distribution(found, ax, first, found.basis), wide, 4.0)
        figures["acceptability"] = plots.picture(
            lambda ax: plots.acceptability(found, decision, ax, above=found.above), wide, 3.8
        )
        if found.drivers:
            rows = min(len(found.drivers), most) + 1
            figures["variance_shares"] = plots.picture(
                lambda ax: plots.variance_shares(found.drivers, ax, most=most), wide, plots.rows_height(rows, wide)
            )
        evpi = found.evpi
        if known and evpi is not None:
            figures["information_value"] = plots.picture(
                lambda ax: plots.information_value(known, evpi, currency, decision, ax, most=most),
                wide,
                plots.rows_height(min(len(known), most), wide, decision),
            )
    quantiles = [{"chance_below": float(chance), "sroi_ratio": at} for chance, at in told["quantiles"].items()]
    tables = {"quantiles": quantiles, "chance_above": told["chance_above"], "drivers": told["drivers"]}
    return leave(folder, figures, tables)
