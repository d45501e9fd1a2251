"""The Guide's fourth stage: what is taken away from each outcome, why, and what is material."""

from __future__ import annotations

from sroi import wording
from sroi.estimate import Estimate, in_the_quantity
from sroi.nouns import Outcome
from sroi.reports.analysis import Analysis
from sroi.reports.blocks import Block, Paragraph, Section, Table

_TAKEN = ("deadweight", "displacement", "attribution", "drop_off")


def deductions(analysis: Analysis) -> Section:
    """Return the section: every deduction with its reason; none is left without a word."""
    rows = []
    uncounted = analysis.impact_map.not_counted()
    for outcome in analysis.impact_map.outcomes:
        if outcome.id in uncounted:
            continue
        for field in _TAKEN:
            number = getattr(outcome, field)
            rows.append((outcome.label, wording.STEP_WORDS[field], _share(number), _why(number)))
    silent = sum(row[3] == "no reason given" for row in rows)
    text = (
        "Each share is taken away for a reason: deadweight would have happened anyway, displacement only moved a "
        "problem elsewhere, attribution is owed to others, drop-off fades with time."
    )
    blocks: list[Block] = [
        Paragraph(text),
        Table("deductions", "What is taken away, and why", ("Outcome", "Deduction", "Share", "Reason and source"),
              tuple(rows), (False, False, True, False), wide=True),
    ]  # fmt: skip
    if silent:
        several = "1 deduction stands" if silent == 1 else f"{silent} deductions stand"
        blocks.append(Paragraph(f"{several} without a reason.", "note"))
    return Section("deductions", "What is taken away, and why", tuple(blocks))


def _share(number: Estimate | None) -> str:
    if number is None:
        return "left out (0 %)"
    if in_the_quantity(number) and not any(number.years):
        return "in the quantity"
    return ", ".join(wording.per_cent(year) for year in dict.fromkeys(number.years))


def _why(number: Estimate | None) -> str:
    if number is None:
        return "no reason given"
    survey = number.survey
    said = [f"{survey.yes} of {survey.asked} asked" if survey is not None else None, number.note, number.source]
    for part in number.by_year or ():
        said += [part.note, part.source]
    return "; ".join(dict.fromkeys(each for each in said if each)) or "no reason given"


def materiality(analysis: Analysis) -> Section:
    """Return the section: which outcomes were judged material, by whom and why."""
    rows = tuple(_judged(outcome) for outcome in analysis.impact_map.outcomes if outcome.material is not None)
    heading = "What was judged material"
    if not rows:
        text = "The map does not say how anybody judged which outcomes are material."
        return Section("materiality", heading, (Paragraph(text),))
    headings = ("Outcome", "Relevance", "Significance", "Material", "Reason", "Decided by")
    table = Table("materiality", "Judgements of materiality", headings, rows, (False,) * 6, wide=True)
    silent = len(analysis.impact_map.outcomes) - len(rows)
    if not silent:
        return Section("materiality", heading, (table,))
    several = "1 outcome has" if silent == 1 else f"{silent} outcomes have"
    return Section("materiality", heading, (table, Paragraph(f"{several} no such judgement.", "note")))


def _judged(outcome: Outcome) -> tuple[str, ...]:
    judged = outcome.material
    if judged is None:
        return (outcome.label, "–", "–", "–", "–", "–")
    decision = {True: "yes", False: "no", None: "–"}[judged.decision]
    return (outcome.label, judged.relevance or "–", judged.significance or "–", decision, judged.reason or "–",
            judged.decided_by or "–")  # fmt: skip
