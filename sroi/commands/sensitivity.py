"""`sroi sensitivity`: what the ratio would be if numbers were different, and which of them could turn it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sroi.arguments import add_allow_private, add_json, add_map, add_most, add_out, add_reading_options
from sroi.commands.intervals import interval_of
from sroi.commands.leaving import folder_of, leave, refuse_what_may_not_leave
from sroi.commands.printing import DONE, say, write_json
from sroi.commands.reading import number_of, read_map
from sroi.errors import NameRefused, Problem

if TYPE_CHECKING:
    from sroi.sensitivity import Steps, WhatIf


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments and options."""
    add_map(parser)
    parser.add_argument(
        "--target", metavar="RATIO", default="1", help="the ratio that switching values are to reach (default 1)"
    )
    parser.add_argument(
        "--two-way", nargs=2, metavar="NAME", help="a grid of two numbers; `sroi evaluate MAP --names` lists them"
    )
    add_most(parser, 15)
    parser.add_argument("--optimism-bias", nargs="+", metavar=("CATEGORY", "INPUT"), help="add HM Treasury's bounds for capital projects, such as standard_buildings, to the inputs named")  # fmt: skip  # noqa: E501
    steps = parser.add_argument_group("how far numbers without a range of their own are moved")
    steps.add_argument("--share-step", metavar="POINTS", default="10%", help="shares and drop-off (default 10%%)")
    steps.add_argument(
        "--proportion", metavar="SHARE", default="10%", help="quantities, proxies, head counts, inputs (default 10%%)"
    )
    steps.add_argument("--year-step", metavar="YEARS", default="1", help="durations (default 1)")
    steps.add_argument("--rate-step", metavar="POINTS", default="1%", help="the discount rate (default 1%%)")
    add_json(parser, "every what-if")
    add_out(parser)
    add_allow_private(parser)
    add_reading_options(parser)


def run(options: argparse.Namespace) -> int:
    """Work out every what-if and say it; leave figures and tables where --out says."""
    from sroi.sensitivity import what_if
    from sroi.terminal.results import repair_lines
    from sroi.terminal.sensitivity import sensitivity_lines

    steps, target = _steps_and_target(options)
    folder = folder_of(options.out) if options.out is not None else None
    impact_map = read_map(options.map, options)
    refuse_what_may_not_leave(options, impact_map)
    found = what_if(impact_map, steps, target, tuple(options.two_way) if options.two_way else None)
    told = found.to_dict()
    biased: list[str] = []
    if options.optimism_bias:
        from sroi.appraisal.optimism import optimism_bias
        from sroi.terminal.layout import wrapped

        bias = optimism_bias(impact_map, options.optimism_bias[0], options.optimism_bias[1:])
        told["optimism_bias"] = bias.to_dict()
        biased = ["", *(line for said in bias.lines() for line in wrapped(said, ""))]
    left = _leave(folder, found, told) if folder is not None else []
    if options.json:
        write_json(options.json, told, options.map)
    if options.json != "-":
        say(
            *repair_lines(impact_map),
            *sensitivity_lines(found, options.most, interval_of(impact_map)),
            *biased,
            *([""] if left else []),
            *left,
        )
    return DONE


def _steps_and_target(options: argparse.Namespace) -> tuple[Steps, float]:
    """Return the steps and the target that the options give; all that is wrong with them in one message."""
    from sroi import reading
    from sroi.sensitivity import Steps

    kinds = {
        "share_step": reading.SHARE,
        "proportion": reading.SHARE,
        "year_step": reading.YEARS,
        "rate_step": reading.RATE,
        "target": reading.AMOUNT,
    }
    numbers: dict[str, float] = {}
    problems: list[Problem] = []
    for name, kind in kinds.items():
        option, written = f"--{name.replace('_', '-')}", getattr(options, name)
        number = number_of(written, option, kind)
        if isinstance(number, Problem):
            problems.append(number)
        elif name != "target" and number <= 0:
            problems.append(Problem(f"{option} is {written}, and moves nothing", "Give a step above 0."))
        else:
            numbers[name] = number
    if problems:
        raise NameRefused(problems)
    target = numbers.pop("target")
    return Steps(*numbers.values()), target


def _leave(folder: Path, found: WhatIf, told: dict[str, Any]) -> list[str]:
    """Draw the figures and write the tables."""
    from sroi import plots
    from sroi.sensitivity import curves

    impact_map, base = found.result.impact_map, float(found.result.sroi_ratio)
    moving = [each for each in found.one_way if each.spread > 0]
    figures = {}
    if moving:
        lines = [
            (each.variation.label, each.positions, each.ratios) for each in curves(impact_map, moving[:6], found.steps)
        ]
        figures["tornado"] = plots.picture(
            lambda ax: plots.tornado(moving, base, impact_map.currency, ax, threshold=found.target),
            plots.WIDE,
            plots.rows_height(min(len(moving), 12), plots.WIDE),
        )
        figures["spider"] = plots.picture(
            lambda ax: plots.spider(lines, base, ax, threshold=found.target), plots.WIDE, 4.2
        )
    grid = found.two_way
    if grid is not None:
        up, across = (
            plots.Scale(label, field, values, number)
            for label, field, values, number in zip(grid.labels, grid.fields, grid.values, grid.bases, strict=True)
        )
        figures["heat_map"] = plots.picture(
            lambda ax: plots.heat_map(across, up, grid.ratios, impact_map.currency, ax, threshold=found.target),
            plots.WIDE,
            1.5 + 0.42 * len(grid.values[0]),
        )
    tables = {name: told[name] for name in ("one_way", "break_even", "left_out", "scenarios")}
    for name, dropped in (("break_even", "at"), ("scenarios", "changed")):
        tables[name] = [{key: cell for key, cell in row.items() if key != dropped} for row in told[name]]
    if grid is not None:
        tables["two_way"] = [
            {grid.names[0]: one, grid.names[1]: other, "sroi_ratio": ratio}
            for one, row in zip(grid.values[0], told["two_way"]["ratios"], strict=True)
            for other, ratio in zip(grid.values[1], row, strict=True)
        ]
    return leave(folder, figures, tables)
