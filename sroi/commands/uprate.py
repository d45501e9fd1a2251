"""`sroi uprate`: a value map in the prices of another year, written anew, each change listed."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from sroi.arguments import add_json, add_map, add_reading_options
from sroi.commands.intervals import interval_of
from sroi.commands.printing import DONE, say, write_json
from sroi.commands.reading import read_map
from sroi.errors import FileRefused, Problem


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments and options."""
    add_map(parser)
    parser.add_argument("--to", metavar="YEAR", required=True, help="the year in whose prices the new map is: 2024, or a UK financial year such as 2023/24")  # fmt: skip  # noqa: E501
    parser.add_argument("--series", metavar="NAME", help="the index (default: the GDP deflator of the map's currency); `sroi prices --series` lists them")  # fmt: skip  # noqa: E501
    parser.add_argument("--other-country", action="store_true", help="let the series be that of another country's prices")  # fmt: skip  # noqa: E501
    parser.add_argument("--no-wellby-rule", action="store_true", help="move WELLBYs by the index alone, without the growth of real GDP per head")  # fmt: skip  # noqa: E501
    parser.add_argument("--out", metavar="FILE", help="the new map (default: MAP's name with the year); never MAP itself")  # fmt: skip  # noqa: E501
    parser.add_argument("--force", action="store_true", help="replace a file that is there")
    add_json(parser, "the changes")
    add_reading_options(parser)


def run(options: argparse.Namespace) -> int:
    """Write the uprated map beside the old one; say each change, what was left, and the ratio before and after."""
    from sroi.appraisal.uprating import uprate
    from sroi.comparison.change import told
    from sroi.evaluation import evaluate
    from sroi.files.value_maps import write_value_map
    from sroi.terminal.results import repair_lines
    from sroi.terminal.uprating import before_and_after_lines, uprating_lines

    impact_map = read_map(options.map, options)
    new, changes = uprate(
        impact_map,
        options.to,
        series=options.series,
        other_country=options.other_country,
        wellby_rule=not options.no_wellby_rule,
    )
    before, after = evaluate(impact_map), evaluate(new)
    target = _target(options)
    _apart(target, options.json)
    written = bool(len(changes)) or options.out is not None
    if written:
        write_value_map(new, target, overwrite=options.force)
    if options.json:
        content = {"out": str(target) if written else None, **changes.to_dict()}
        write_json(options.json, {**content, "before": told(before), "after": told(after)}, options.map)
    if options.json != "-":
        ratios = before_and_after_lines(before, after, interval_of(impact_map), interval_of(new))
        said = f"Wrote {target}." if written else "No file was written: nothing changed."
        title = " ".join(impact_map.title.split())
        lines = uprating_lines(changes, impact_map.currency)
        say(*repair_lines(impact_map), title, *lines, "", *(ratios if len(changes) else []), "", said)
    return DONE


def _target(options: argparse.Namespace) -> Path:
    """Return the file to write: the one asked for, or the map's name with the year; never the map itself."""
    from sroi.files.value_maps import WRITTEN

    old = Path(options.map)
    if options.out is None:
        year = str(options.to).strip().replace("/", "_")
        return old.with_name(f"{old.stem}_{year}{old.suffix if old.suffix.lower() in _kept(WRITTEN) else '.yaml'}")
    target = Path(options.out)
    if target.exists() and os.path.samefile(target, old):
        raise FileRefused(
            Problem("--out would write over the value map", "Give it another name: the old prices are the record."),
            options.out,
        )
    return target


def _apart(target: Path, written_json: str | None) -> None:
    """Refuse to write the changes over the map that they tell of."""
    if written_json not in (None, "-") and os.path.abspath(str(written_json)) == os.path.abspath(target):
        raise FileRefused(Problem("--json would write over the new map", "Give it another name."), str(written_json))


def _kept(written: tuple[str, ...]) -> tuple[str, ...]:
    # The Common Impact Data Standard has no place for prices.
    return tuple(ending for ending in written if ending != ".jsonld")
