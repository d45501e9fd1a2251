"""`sroi check`: what is wrong with a value map, and what a careful reader would ask."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from sroi.arguments import add_json, add_map, add_reading_options
from sroi.commands.intervals import interval_of
from sroi.commands.printing import DONE, FAULTS, say, write_json
from sroi.commands.reading import ratio_of, read_map, reading_options

if TYPE_CHECKING:
    from sroi.appraisal.plausibility import Beside
    from sroi.findings import Findings
    from sroi.impact_map import ImpactMap
    from sroi.questions.profile import Readiness
    from sroi.result import Result


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments and options."""
    add_map(parser)
    add_reading_options(parser)
    parser.add_argument("--strict", action="store_true", help="exit with status 1 if there are findings")
    parser.add_argument(
        "--readiness", action="store_true", help="say, point by point, how ready the map is for an assurer"
    )
    add_json(parser, "the result and findings")


def run(options: argparse.Namespace) -> int:
    """Read the map, evaluate it, and say its findings; of a workbook, what is wrong with its own sums too."""
    from sroi.appraisal.confidence import evidence_grades
    from sroi.appraisal.plausibility import WARNING
    from sroi.evaluation import evaluate
    from sroi.files.value_maps import WORKBOOKS
    from sroi.findings import Findings
    from sroi.provenance import document
    from sroi.questions import review
    from sroi.sensitivity import one_way
    from sroi.sensitivity.sources import unsourced_drivers
    from sroi.terminal.appraisal import beside_lines, grade_lines
    from sroi.terminal.results import finding_lines, in_one_line, repair_lines

    impact_map, faults = read_map(options.map, options), Findings()
    if impact_map.origin is not None and impact_map.origin.foreign:
        from sroi.files.foreign import read_foreign
        from sroi.files.sheets import open_book
        from sroi.workbook_faults import workbook_faults

        book = open_book(options.map)
        faults = workbook_faults(book, read_foreign(book, reading_options(options), ratio_of), impact_map)
    result = evaluate(impact_map)
    if not faults and Path(options.map).suffix.lower() in WORKBOOKS:
        from sroi.files.sheets import open_book
        from sroi.workbook_faults.own import own_workbook_faults

        faults = own_workbook_faults(open_book(options.map), result)
    asked = review(impact_map, result)
    driving = unsourced_drivers(impact_map, one_way(impact_map), float(result.sroi_ratio))
    findings = Findings([*faults, *driving, *asked])
    profile = _profile(impact_map, result, asked) if options.readiness else None
    grades, beside = evidence_grades(result), _beside_others(impact_map)
    if options.json:
        told = document(impact_map, result)
        told["findings"] = [finding.to_dict() for finding in findings]
        told["confidence"] = grades.to_dict()
        told["beside_others"] = {"warning": WARNING, "numbers": [each.to_dict() for each in beside]}
        if profile is not None:
            told["readiness"] = profile.to_dict()
        write_json(options.json, told, options.map)
    if options.json != "-":
        headline = in_one_line(result, interval_of(impact_map))
        say(*repair_lines(impact_map), headline, "", *finding_lines(findings))
        say("", *grade_lines(grades), *beside_lines(beside))
        if profile is not None:
            from sroi.terminal.readiness import readiness_lines

            say("", *readiness_lines(profile))
    return FAULTS if options.strict and findings else DONE


def _beside_others(impact_map: ImpactMap) -> tuple[Beside, ...]:
    """Return the map beside what others wrote: its deductions, the shipped register's values, and today's date."""
    from datetime import date

    from sroi.appraisal.plausibility import beside_others, comparable_entries
    from sroi.evidence.register import register

    return beside_others(impact_map, date.today(), comparable_entries(register(), impact_map))


def _profile(impact_map: ImpactMap, result: Result, findings: Findings) -> Readiness:
    from sroi.questions.profile import readiness

    return readiness(impact_map, result, findings)
