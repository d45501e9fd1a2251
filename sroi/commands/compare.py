"""`sroi compare`: maps side by side, forecast against actual, what changed between versions, and a printed figure."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sroi.arguments import add_allow_private, add_json, add_most, add_out, add_reading_options
from sroi.commands.leaving import folder_of, leave, refuse_what_may_not_leave
from sroi.commands.printing import DONE, complain, say, write_json
from sroi.commands.reading import read_map
from sroi.errors import FileRefused, NameRefused, Problem, SroiError, did_you_mean

if TYPE_CHECKING:
    from sroi.comparison import Fulfilled, WhatChanged
    from sroi.framing import PrintedFigure
    from sroi.impact_map import ImpactMap

Tables = dict[str, list[dict[str, Any]]]


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments and options."""
    parser.add_argument("maps", metavar="MAP", nargs="+", help="value maps, in the order in which to show them")
    parser.add_argument("--explain", action="store_true", help="say what changed from the first map to the second, and by how much each cause changed the ratio")  # fmt: skip  # noqa: E501
    parser.add_argument("--rules-of", choices=("first", "own"), type=str.lower, default="first", help="restate every map under the first one's conventions (default), or leave each its own")  # fmt: skip  # noqa: E501
    parser.add_argument("--printed", metavar="FIGURE", action="append", default=[], help="say which conventions give this ratio of one map, or NAME=FIGURE such as total_present_value=81,741.93; may be repeated")  # fmt: skip  # noqa: E501
    add_most(parser, 10)
    add_json(parser, "the comparison")
    add_out(parser)
    add_allow_private(parser)
    add_reading_options(parser)


def run(options: argparse.Namespace) -> int:
    """Compare the maps as the options ask, and say it; leave figures and tables where --out says."""
    _refuse_what_does_not_fit(options)
    printed = _printed(options.printed)
    folder = folder_of(options.out) if options.out is not None else None
    maps = _read(options)
    refuse_what_may_not_leave(options, *maps)
    from sroi.terminal.results import repair_lines

    repairs = [line for impact_map in maps for line in repair_lines(impact_map)]
    if len(maps) == 1:
        lines, told, tables = _reproduce(maps[0], options, printed)
        changed = None
    elif options.explain:
        lines, told, tables, changed = _explain(maps, options)
    else:
        lines, told, tables = _side_by_side(maps, options)
        changed = None
    left = _leave(folder, tables, changed) if folder is not None else []
    if options.json:
        _spare_the_maps(options)
        write_json(options.json, told, options.maps[0])
    if options.json != "-":
        say(*repairs, *lines, *([""] if left else []), *left)
    return DONE


def _refuse_what_does_not_fit(options: argparse.Namespace) -> None:
    """Refuse options that do not go with so many maps, all in one message."""
    count = len(options.maps)
    problems = []
    if options.explain and count != 2:
        problems.append(
            Problem(f"--explain is given with {count} map{'' if count == 1 else 's'}", "Give two: before and after.")
        )
    if options.printed and count != 1:
        problems.append(Problem(f"--printed is given with {count} maps", "Give the one map whose figure it is."))
    if options.save_mapping and count > 1:
        problems.append(
            Problem(
                f"--save-mapping is given with {count} maps", "Save each with `sroi check MAP --save-mapping FILE`."
            )
        )
    if problems:
        raise NameRefused(problems)


def _read(options: argparse.Namespace) -> list[ImpactMap]:
    """Return the maps; where several files are faulty, the faults of each are said."""
    maps: list[ImpactMap] = []
    refused: list[SroiError] = []
    for value_map in options.maps:
        try:
            maps.append(read_map(value_map, options))
        except SroiError as error:
            refused.append(error)
    for refusal in refused[:-1]:
        complain(str(refusal))
    if refused:
        raise refused[-1]
    return maps


def _spare_the_maps(options: argparse.Namespace) -> None:
    target = Path(options.json)
    if options.json != "-" and target.exists():
        for value_map in options.maps:
            if os.path.samefile(target, value_map):
                raise FileRefused(Problem("--json would write over a value map", "Give it another name."), options.json)


# ---- what is compared ----


def _side_by_side(maps: list[ImpactMap], options: argparse.Namespace) -> tuple[list[str], dict[str, Any], Tables]:
    """Compare several maps under the same rules; a forecast and an evaluation of the same outcomes in full."""
    from sroi.comparison import forecast_against_actual, own_rules, same_rules
    from sroi.questions.across import same_people
    from sroi.terminal.comparison import fulfilment_lines, same_rules_lines
    from sroi.terminal.results import finding_lines

    found = same_rules(maps) if options.rules_of == "first" else own_rules(maps)
    told: dict[str, Any] = {"same_rules": found.to_dict()}
    rows = []
    for each in found.maps:
        for under, result in (("own", each.own), ("same", each.same)):
            if result is not None:
                rows.append({
                    "title": each.own.impact_map.title, "rules": under, "sroi_ratio": float(result.sroi_ratio),
                    "total_present_value": float(result.total_present_value),
                    "total_inputs": float(result.total_inputs), "currency": result.impact_map.currency,
                    "price_year": str(result.impact_map.price_year), "reckoned": result.rules(),
                    "scope": each.scope.words,
                })  # fmt: skip
    tables: Tables = {"same_rules": rows}
    lines = same_rules_lines(found)
    # What a sum over the maps would count twice; a ratio of each map alone is untouched by it.
    shared = same_people(maps)
    told["same_people"] = [finding.to_dict() for finding in shared]
    if shared:
        lines += ["", "Not to be added up:", *finding_lines(shared)]
    kinds = sorted(chart.analysis for chart in maps)
    if len(maps) == 2 and kinds == ["evaluative", "forecast"]:
        forecast, actual = sorted(maps, key=lambda chart: chart.analysis != "forecast")
        if {outcome.id for outcome in forecast.outcomes} & {outcome.id for outcome in actual.outcomes}:
            held = forecast_against_actual(forecast, actual)
            told["forecast_against_actual"] = held.to_dict()
            tables["forecast_against_actual"] = [
                {"outcome": each.label, **_row(number)}
                for each in held.outcomes
                for number in (each.quantity, each.present_value, *each.numbers)
                if number is not None and not (number is not each.quantity and number.field == "quantity")
            ]
            lines += ["", *fulfilment_lines(held, options.most)]
        else:
            lines += ["", "The forecast and the evaluation have no outcome with the same id to set side by side."]
    return lines, told, tables


def _row(number: Fulfilled) -> dict[str, Any]:
    return {
        "name": number.name, "number": number.label, "forecast": number.forecast, "actual": number.actual,
        "difference": "" if number.difference is None else number.difference,
    }  # fmt: skip


def _explain(
    maps: list[ImpactMap], options: argparse.Namespace
) -> tuple[list[str], dict[str, Any], Tables, WhatChanged]:
    """Say what changed from the first map to the second."""
    from sroi.comparison import what_changed
    from sroi.terminal.comparison import change_lines

    found = what_changed(maps[0], maps[1])
    told = found.to_dict()
    differences = [{key: row[key] for key in ("kind", "section", "name", "label", "was", "now")} for row in told["differences"]]  # fmt: skip  # noqa: E501
    tables: Tables = {"causes": told["causes"], "differences": differences}
    return change_lines(found, options.most), {"what_changed": told}, tables, found


def _reproduce(
    impact_map: ImpactMap, options: argparse.Namespace, printed: dict[str, PrintedFigure]
) -> tuple[list[str], dict[str, Any], Tables]:
    """Say which conventions give the figures printed: those of --printed, or those that the map says were published."""
    from sroi.comparison import FIGURES, conventions_that_reproduce
    from sroi.comparison.change import told
    from sroi.evaluation import evaluate
    from sroi.terminal.comparison import reproduction_lines

    if not printed and impact_map.published is not None:
        known = {name: getattr(impact_map.published, name) for name in FIGURES}
        printed = {name: figure for name, figure in known.items() if figure is not None}
    if not printed:
        remedy = "Give a second map, or a figure that was printed, such as --printed 1.95."
        raise NameRefused(Problem("one map alone is compared with nothing", remedy))
    result = evaluate(impact_map)
    found = conventions_that_reproduce(impact_map, printed)
    rows = [{"conventions": each.words, "changes": dict(each.changes), "figures": dict(each.figures)} for each in found]
    content = {
        "map": told(result),
        "printed": {name: figure.value for name, figure in printed.items()},
        "ways_tried": found[0].ways if found else None,
        "fitting": found[0].fitting if found else 0,
        "reproductions": rows,
    }
    tables: Tables = {"reproductions": [{"conventions": each.words, **each.figures} for each in found]}
    return reproduction_lines(result, printed, found, options.most), {"printed": content}, tables


def _printed(given: Sequence[str]) -> dict[str, PrintedFigure]:
    """Return the figures of --printed by name; all that is wrong with them in one message."""
    from pydantic import ValidationError

    from sroi.comparison import FIGURES
    from sroi.framing import PrintedFigure

    figures: dict[str, PrintedFigure] = {}
    problems: list[Problem] = []
    for each in given:
        name, equals, written = each.partition("=")
        name, written = (name.strip(), written.strip()) if equals else ("sroi_ratio", each.strip())
        if name not in FIGURES:
            problems.append(
                Problem(f"--printed {each}: '{name}' is no figure of a result", did_you_mean(name, FIGURES))
            )
            continue
        if name in figures:
            problems.append(Problem(f"--printed gives {name} twice", "Keep one of them."))
        try:
            figures[name] = PrintedFigure.model_validate(written)
        except ValidationError as error:
            context = error.errors()[0].get("ctx", {})
            found = str(context.get("found", f"'{written}' is not a printed figure"))
            problems.append(
                Problem(f"--printed: {found}", str(context.get("remedy", "Give it as printed, such as 1.93.")))
            )
    if problems:
        raise NameRefused(problems)
    return figures


# ---- figures and tables ----


def _leave(folder: Path, tables: Tables, changed: WhatChanged | None) -> list[str]:
    """Draw the waterfall of a change, where there is one, and write the tables."""
    figures = {}
    if changed is not None and changed.causes:
        from sroi import plots

        before, after = (float(result.sroi_ratio) for result in (changed.before, changed.after))
        figures["change"] = plots.picture(
            lambda ax: plots.change(changed.causes, before, after, ax),
            plots.WIDE,
            plots.rows_height(min(len(changed.causes), plots.MOST_CAUSES + 1) + 2, plots.WIDE),
        )
    lines = leave(folder, figures, tables)
    return lines if figures else [line for line in lines if not line.startswith("  figures")]
