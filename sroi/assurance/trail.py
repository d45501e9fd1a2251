"""The trail of an analysis as rows: every number with its evidence, every decision, who took part, what stands open."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from sroi.estimate import Estimate
from sroi.evidence.schedules import rate_words
from sroi.files.safety import neutral_text
from sroi.findings import PRINCIPLES, Findings, heading
from sroi.framing import Conventions
from sroi.impact_map import ImpactMap
from sroi.names import NamedNumber
from sroi.nouns import STAGES, Outcome, PartOfStakeholder
from sroi.result import Result

Cell = str | float | None
Row = tuple[Cell, ...]

EVIDENCE = (
    "name", "what", "kind", "value", "low", "high", "shape", "survey_yes", "survey_asked", "survey_invited",
    "survey_population", "experts", "sample_size", "observed", "confidence", "source", "reason", "unit", "price_year",
    "place_in_file",
)  # fmt: skip
DECISIONS = (
    "kind", "name", "what", "decision", "relevance", "significance", "reason", "decided_by", "present_value",
    "ratio_with_it",
)  # fmt: skip
INVOLVEMENT = (
    "stakeholder", "name", "size", "included", "reason", "stage", "recorded", "how", "when", "number", "of",
    "selected", "said",
)  # fmt: skip
FINDINGS = ("severity", "principle", "kind", "heading", "where", "what", "why", "remedy", "place_in_file")


def csv_bytes(headings: Sequence[str], rows: Sequence[Row]) -> bytes:
    """Return rows as CSV that Excel opens rightly: UTF-8 with its mark, no text that a spreadsheet would run."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(headings)
    for row in rows:
        writer.writerow([neutral_text(cell) if isinstance(cell, str) else cell for cell in row])
    return b"\xef\xbb\xbf" + stream.getvalue().encode("utf-8")


def evidence(impact_map: ImpactMap) -> list[Row]:
    """Return every number of the map with its range, survey, source, reason and confidence; a number by year in each
    year. A number that was left out stands with what it counts as."""
    outcomes = {outcome.id: outcome for outcome in impact_map.outcomes}
    rows: list[Row] = []
    for name, number in impact_map.numbers().items():
        place = _place(impact_map, number)
        outcome = outcomes.get(number.owner)
        source, unit, year = _around(impact_map, number, outcome)
        if number.estimate is None:
            value = number.values[0] if name != "discount_rate" else None
            note = f"schedule {impact_map.conventions.discount_rate}" if value is None else "left out of the map"
            rows.append(_numbers_row(name, number, None, value, source, note, unit, year, place))
            continue
        for position, part in enumerate(number.estimate.parts(), 1):
            own = f"{name}.{position}" if number.estimate.by_year else name
            said = part.source or number.estimate.source or source
            note = part.note or number.estimate.note or ""
            if outcome is not None and number.field == "times" and not _is_written(outcome):
                said, note = "", "left out of the map"
            rows.append(_numbers_row(own, number, part, part.base, said, note, unit, year, place))
    for output in impact_map.outputs:
        for part in output.quantity.parts() if output.quantity is not None else ():
            rows.append(_output_row(output.id, output.description or output.id, part, output.unit or ""))
    return rows


def _is_written(outcome: Outcome) -> bool:
    """Say whether the map gives how often it happened for each, or leaves it at once."""
    return isinstance(outcome.quantity, PartOfStakeholder) and "times" in outcome.quantity.model_fields_set


def _numbers_row(
    name: str, number: NamedNumber, part: Estimate | None, value: float | None, source: str, note: str, unit: str,
    year: str, place: str,
) -> Row:  # fmt: skip
    return (name, number.label, number.field, value, *_ranges(part), source, note, unit, year, place)


def _output_row(name: str, label: str, part: Estimate, unit: str) -> Row:
    words = f"{label}: output, told and never valued"
    return (
        f"{name}.quantity",
        words,
        "output",
        part.base,
        *_ranges(part),
        part.source or "",
        part.note or "",
        unit,
        "",
        "",
    )


def _ranges(part: Estimate | None) -> tuple[Cell, ...]:
    """Return low, high, shape, survey counts, experts, sample size, observed and confidence of one number."""
    if part is None:
        return ("",) * 11
    shape = part.shape if isinstance(part.shape, str) else next(iter(part.shape)) if part.shape else ""
    survey = part.survey
    counts = (survey.yes, survey.asked, survey.invited, survey.population) if survey is not None else ("",) * 4
    experts = "; ".join(f"{each.low:g} / {each.value:g} / {each.high:g}" for each in part.experts or ())
    observed = "" if part.observed is None else "yes" if part.observed else "no"
    return (part.low, part.high, shape, *counts, experts, part.sample_size, observed, part.confidence or "")


def _around(impact_map: ImpactMap, number: NamedNumber, outcome: Outcome | None) -> tuple[str, str, str]:
    """Return what stands around a number: its noun's source, its unit, its price year."""
    if outcome is not None and number.field == "proxy" and outcome.proxy is not None:
        year = outcome.proxy.price_year or impact_map.price_year
        return outcome.proxy.source or "", outcome.proxy.unit or "", str(year)
    if outcome is not None and number.field in ("quantity", "share", "times"):
        return (outcome.indicator.source if outcome.indicator is not None else None) or "", "", ""
    given = next((each for each in impact_map.inputs if each.id == number.owner), None)
    return (given.source or "", "", str(impact_map.price_year)) if given is not None else ("", "", "")


def _place(impact_map: ImpactMap, number: NamedNumber) -> str:
    for section in ("outcomes", "inputs", "stakeholders"):
        for position, noun in enumerate(getattr(impact_map, section)):
            if noun.id == number.owner:
                field = ("quantity", number.field) if number.field in ("share", "times") else (number.field,)
                return place_words(impact_map, (section, position, *field))
    return place_words(impact_map, ("conventions", number.field))


def place_words(impact_map: ImpactMap, path: tuple[str | int, ...]) -> str:
    """Return where a part of the map stands in its file, in words."""
    place = impact_map.origin.place(path) if impact_map.origin is not None else None
    return f"line {place}" if isinstance(place, int) else place or ""


def decisions(impact_map: ImpactMap, result: Result) -> list[Row]:
    """Return every choice: which outcomes and stakeholders count, with reason and by whom, and the conventions."""
    uncounted = impact_map.not_counted()
    values = {name: float(result.present_value[place]) for place, name in enumerate(result.priced)}
    rows: list[Row] = []
    for outcome in impact_map.outcomes:
        material = outcome.material
        said = (
            (material.relevance, material.significance, material.reason, material.decided_by)
            if material
            else (None,) * 4
        )
        relevance, significance, reason, by = (text or "" for text in said)
        out = outcome.id in uncounted
        with_it = float(result.ratio_with(outcome.id)) if out and outcome.id in values else None
        rows.append(
            ("outcome left out" if out else "outcome counted", outcome.id, outcome.label,
             uncounted.get(outcome.id, "counts"), relevance, significance, reason, by, values.get(outcome.id), with_it)
        )  # fmt: skip
    for who in impact_map.stakeholders:
        decided = "included" if who.included else "left out"
        rows.append((f"stakeholder {decided}", who.id, who.label, decided, "", "", who.reason or "", "", None, None))
    rules = result.conventions()
    for name, info in Conventions.model_fields.items():
        words = rate_words(rules[name]) if name == "discount_rate" else str(rules[name]).replace("_", " ")
        note = (impact_map.conventions.discount_rate.note if name == "discount_rate" and
                isinstance(impact_map.conventions.discount_rate, Estimate) else None)  # fmt: skip
        rows.append(("convention chosen", name, info.title or name, words, "", "", note or "", "", None, None))
    for outcome in impact_map.outcomes:
        if outcome.discount_rate is not None:
            words = rate_words(outcome.discount_rate)
            rows.append(
                ("convention chosen", f"{outcome.id}.discount_rate", f"{outcome.label}: own discount rate", words,
                 "", "", "", "", None, None)
            )  # fmt: skip
    return rows


def involvement(impact_map: ImpactMap) -> list[Row]:
    """Return for each stakeholder each stage of the analysis: how it took part, or that nothing is recorded."""
    rows: list[Row] = []
    for who in impact_map.stakeholders:
        size = who.size.base if who.size is not None else None
        head = (who.id, who.label, size, "yes" if who.included else "no", who.reason or "")
        for stage in STAGES:
            parts = [part for part in who.involved if part.stage == stage]
            if not parts:
                rows.append((*head, stage, "no", "", "", None, None, "", ""))
            for part in parts:
                rows.append(
                    (*head, stage, "yes", part.how or "", part.when or "", part.number, part.of, part.selected or "",
                     part.said or "")
                )  # fmt: skip
    return rows


def findings(found: Findings) -> Iterator[Row]:
    """Yield each finding with its reason and place."""
    for each in found:
        place = f"line {each.line}" if each.line is not None else each.cell or ""
        principle = f"{each.principle} {PRINCIPLES[each.principle]}"
        yield (
            each.severity,
            principle,
            each.kind,
            heading(each.kind),
            each.where,
            each.what,
            each.why,
            each.remedy,
            place,
        )
