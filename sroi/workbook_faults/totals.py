"""Totals that the file prints, against our own recomputation: which convention, or which single slip, gives them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from sroi.comparison import ConventionSearch
from sroi.files.foreign import Printed
from sroi.findings import Finding
from sroi.framing import PrintedFigure
from sroi.workbook_faults.inspection import Inspection, address_of, listed, said, seen_from

TOTALS = {
    "total_inputs": "total inputs",
    "total_present_value": "total present value",
    "net_present_value": "net present value",
    "sroi_ratio": "SROI ratio",
    "net_sroi_ratio": "net SROI ratio",
}
# Faults that change a total which rests on their cell.
UNSETTLING = {
    "line_not_reproduced", "sum_misses_rows", "sum_takes_in_more", "counted_twice", "typed_over_formula",
    "formula_changes", "reference_slides", "factor_in_formula", "error_value", "number_as_text", "stale_value",
}  # fmt: skip
MOST_FOLLOWED = 20_000
# A difference of up to a thousandth is what rounding on the way to a total makes.
BY_ROUNDING = 0.001


def total_faults(inspection: Inspection, others: Sequence[Finding]) -> Iterator[Finding]:
    """Yield the printed totals that the lines of the file do not give, each with ours beside it.

    Parameters: `others`, what else was found: a total that nothing explains may rest on one of these cells.
    """
    every = (_calculated(inspection, each) for each in inspection.reading.printed if each.name in TOTALS)
    printed = [each for each in every if each is not None and abs(each.value) < 1e15]
    off = [each for each in printed if not _agrees(inspection, each)]
    yield from _typed(inspection, [each for each in printed if each not in off])
    if not off:
        return
    explained = _Explanations(inspection, printed, off, others)
    for each in off:
        yield explained.finding(each)


def _calculated(inspection: Inspection, printed: Printed) -> Printed | None:
    """Return a total as it stands, or as its formula comes to in a workbook that was never calculated."""
    at = address_of(printed.place)
    if inspection.grid.stored or printed.formula is None or at is None:
        return printed
    number = inspection.grid.number(at)
    return replace(printed, value=number) if number is not None else None


def _ours(inspection: Inspection, name: str) -> float:
    return float(getattr(inspection.result, name))


def _figure(printed: Printed) -> PrintedFigure:
    """Return a figure with how far it may lie off: half its last digit if typed or rounded, else next to nothing."""
    figure = PrintedFigure.model_validate(f"{printed.value:.10f}".rstrip("0").rstrip("."))
    if printed.formula is None or re.search(r"ROUND|TEXT|FIXED|DOLLAR|TRUNC|INT\(|&", printed.formula.upper()):
        return figure
    return PrintedFigure(value=figure.value, tolerance=f"{1e-6 * max(abs(printed.value), 1e-3):.12f}")


def _agrees(inspection: Inspection, printed: Printed) -> bool:
    ours, figure = _ours(inspection, printed.name), _figure(printed)
    return math.isfinite(ours) and abs(ours - printed.value) <= figure.allowed * (1 + 1e-9) + 1e-12


def _typed(inspection: Inspection, agreeing: list[Printed]) -> Iterator[Finding]:
    """Yield totals that agree today, but are typed in a workbook of formulas: they will not follow."""
    taken = set(inspection.reading.places.values())  # a total that was read as an input is no total here
    for printed in agreeing if inspection.grid.formulas else ():
        at = address_of(printed.place)
        reckoned = any(other.name == printed.name and other.formula for other in agreeing)
        if printed.formula is None and not reckoned and at is not None and printed.place not in taken:
            ours = said(_ours(inspection, printed.name))
            beside = "" if ours == said(printed.value) else f" (recomputed: {ours})"
            yield inspection.finding(
                "total_typed", "low", 7, at,
                f"the {TOTALS[printed.name]} is typed as {said(printed.value)}{beside}: it agrees today, and will not "
                "follow when a line changes",
                "Put the formula in its place.",
            )  # fmt: skip


_MEND = "Follow the total back to its lines; mend it or the lines, and say which was wrong."


class _Explanations:
    """What explains the totals that are off: looked for once, for all of them together and then one by one."""

    def __init__(
        self, inspection: Inspection, every: list[Printed], off: list[Printed], others: Sequence[Finding]
    ) -> None:
        self.inspection, self.every, self.off, self.others = inspection, every, off, others
        self.search = ConventionSearch(inspection.impact_map)
        by_name = {each.name: _figure(each) for each in reversed(every)}
        self.together = self.search.that_reproduce(by_name) if len(by_name) > 1 else []

    def finding(self, printed: Printed) -> Finding:
        """Return the finding on one total: what the file gives, what it comes to here, and why."""
        ours = _ours(self.inspection, printed.name)
        at = address_of(printed.place)
        what = f"the file gives {said(printed.value)} as {TOTALS[printed.name]}; recomputed from its lines it is "
        what += "no figure" if math.isnan(ours) else said(ours)
        if said(printed.value) == said(ours):
            what += f" (they differ by {abs(ours - printed.value):.3g})"
        kind, severity, cause, remedy = self._cause(printed)
        where = f"{at.sheet}!{seen_from(at, at)}" if at is not None else printed.place
        return Finding(kind, severity, 7, where, f"{what}; {cause}", remedy, printed.place)

    def _cause(self, printed: Printed) -> tuple[str, str, str, str]:
        """Return the kind, severity, words and remedy for what explains a total."""
        source = _followed(printed, self.off, self.every)
        if source is not None:
            kind, severity, _, remedy = self._cause(source)
            return kind, severity, f"it follows from the {TOTALS[source.name]} in {source.place}", remedy
        ways = self.together or self.search.that_reproduce({printed.name: _figure(printed)})
        slips, tried = _slips(self.inspection, printed)
        if ways and (not slips or len(ways[0].changes) < 3):
            near = [way.words for way in ways[:3] if len(way.changes) == len(ways[0].changes)]
            words = f"it comes out {', or '.join(near)} ({ways[0].chance_words})"
            also = f"; it comes out as well {', or '.join(slips[:3])}" if slips else ""
            told = "If the study means it so, read the file with that convention, and state it; else mend the formulas."
            return "total_by_other_convention", "medium", words + also, told
        if slips:
            fit = "it alone fits" if len(slips) == 1 else f"{len(slips)} fit, some perhaps by chance"
            words = f"it comes out {', or '.join(slips[:3])} (of {tried} single slips tried, {fit})"
            return "total_not_reproduced", "high", words, _MEND
        ours = _ours(self.inspection, printed.name)
        if abs(ours - printed.value) <= BY_ROUNDING * abs(ours):
            rounded = "the difference is as small as rounding on the way makes it"
            return "total_rounded", "low", rounded, "Keep full figures in the cells, and round only what is shown."
        cells = _faults_below(self.inspection, printed, self.others)
        if cells:
            rests = f"it rests on {listed(cells)}, of which a finding of its own tells"
            return "total_not_reproduced", "high", rests, _MEND
        return "total_not_reproduced", "high", "no convention and no single slip that was tried gives it", _MEND


def _faults_below(inspection: Inspection, printed: Printed, others: Sequence[Finding]) -> list[str]:
    """Return the cells with a fault of their own on which a total rests."""
    at = address_of(printed.place)
    faulty = {each.place: each for each in others if each.kind in UNSETTLING and each.severity != "low"}
    if at is None or not faulty:
        return []
    seen, waiting = {at}, [at]
    while waiting and len(seen) < MOST_FOLLOWED:
        here = waiting.pop()
        for area in inspection.grid.areas(inspection.grid.formulas.get(here)):
            new = [cell for cell in inspection.grid.cells(area, here.sheet) if cell not in seen]
            seen.update(new)
            waiting += new
    return [seen_from(cell, at) for cell in sorted(seen) if inspection.grid.place(cell) in faulty]


def _followed(printed: Printed, off: list[Printed], every: list[Printed]) -> Printed | None:
    """Return the wrong total from which this one follows by the file's own figures, None if it does not."""
    value = {each.name: each for each in reversed(every)}
    worth, put_in = value.get("total_present_value"), value.get("total_inputs")
    if worth is None or put_in is None or printed.name in ("total_present_value", "total_inputs") or not put_in.value:
        return None
    gives = _from_totals(printed.name, worth.value, put_in.value)
    wrong = [each for each in (worth, put_in) if each in off]
    allowed = max(_figure(printed).allowed, 1e-6 * abs(gives))
    return wrong[0] if len(wrong) == 1 and abs(gives - printed.value) <= allowed else None


def _from_totals(name: str, worth: float, put_in: float) -> float:
    if name == "total_present_value":
        return worth
    if name == "total_inputs":
        return put_in
    if name == "net_present_value":
        return worth - put_in
    return ((worth - put_in if name == "net_sroi_ratio" else worth) / put_in) if put_in else math.nan


def _slips(inspection: Inspection, printed: Printed) -> tuple[list[str], int]:
    """Return the single slips that give a printed total, in words, and how many were tried."""
    allowed = _figure(printed).allowed * (1 + 1e-9) + 1e-12
    worth, put_in = _ours(inspection, "total_present_value"), _ours(inspection, "total_inputs")
    tried = {
        words: _from_totals(printed.name, worth + change, put_in) for words, change in _of_value(inspection).items()
    }
    tried |= {
        words: _from_totals(printed.name, worth, put_in + change) for words, change in _of_inputs(inspection).items()
    }
    ours = _ours(inspection, printed.name)
    tried = {words: figure for words, figure in tried.items() if abs(figure - ours) > 2 * allowed}
    fit = [words for words, figure in tried.items() if abs(figure - printed.value) <= allowed]
    if printed.formula is None:
        swaps = list(_swapped_digits(printed.value))
        tried |= {f"swap {swap}": swap for swap in swaps}
        fit += [f"if two digits of it are swapped ({said(swap)})" for swap in swaps if abs(swap - ours) <= allowed]
    return fit, len(tried)


def _of_value(inspection: Inspection) -> Mapping[str, float]:
    """Return what each slip with a line of value would change in the total."""
    result, labels = inspection.result, {each.id: each.label for each in inspection.impact_map.outcomes}
    changes: dict[str, float] = {}
    for place, name in enumerate(result.priced):
        worth = float(result.present_value[place])
        if not result.counted[place]:
            changes[f"if '{labels[name]}', which is said not to count, is counted"] = worth
            continue
        changes |= _out_or_twice(f"'{labels[name]}'", worth)
        if worth < 0:
            changes[f"if the loss '{labels[name]}' is added instead of taken off"] = -2 * worth
    counted = {name for name, counts in zip(result.priced, result.counted, strict=True) if counts}
    people = [each.stakeholder for each in inspection.impact_map.outcomes if each.id in counted]
    for who in inspection.impact_map.stakeholders:
        if people.count(who.id) > 1:
            changes |= _out_or_twice(f"everything of '{who.label}'", float(result.present_value_of(who.id)))
    return changes


def _of_inputs(inspection: Inspection) -> Mapping[str, float]:
    changes: dict[str, float] = {}
    for place, given in enumerate(inspection.impact_map.inputs):
        changes |= _out_or_twice(f"the input '{given.label}'", float(inspection.result.inputs[place]))
    return changes


def _out_or_twice(what: str, worth: float) -> dict[str, float]:
    return {f"if {what} is left out": -worth, f"if {what} is counted twice": worth}


def _swapped_digits(number: float) -> Iterator[float]:
    """Yield a typed number with each two neighbouring digits in each other's place."""
    text = f"{number:.10f}".rstrip("0").rstrip(".")
    for place in range(len(text) - 1):
        pair = text[place : place + 2]
        if pair.isdigit() and pair[0] != pair[1]:
            yield float(text[:place] + pair[::-1] + text[place + 2 :])
