"""The Guide's second stage: what goes in, what is done, and what changes for whom, priced or not."""

from __future__ import annotations

from sroi import plots, tables, wording
from sroi.nouns import Outcome
from sroi.outcome_words import quantity_words
from sroi.reports.analysis import Analysis
from sroi.reports.blocks import Block, Figure, Paragraph, Section, Table
from sroi.reports.cells import money_cell, or_dash, word_table


def theory_of_change(analysis: Analysis) -> Section:
    """Return the section: how inputs and activities lead to what changes, as a drawing and in words."""
    result, impact_map = analysis.result, analysis.impact_map
    figure = Figure(
        "theory_of_change", "From what is put in to what changes; the thicker a link, the more value",
        plots.theory_of_change_in_words(result),
        lambda width: plots.picture(
            lambda axes: plots.theory_of_change(result, axes), width, plots.theory_of_change_height(result, width)
        ),
    )  # fmt: skip
    labels = {outcome.id: outcome.label for outcome in impact_map.outcomes}
    links = [
        f"“{outcome.label}” leads to {' and '.join(f'“{labels[other]}”' for other in outcome.leads_to)}."
        for outcome in impact_map.outcomes
        if outcome.leads_to
    ]
    blocks: list[Block] = [figure]
    if links:
        blocks += [Paragraph("What leads to what", "lead"), *(Paragraph(link) for link in links)]
    else:
        blocks.append(Paragraph("The map does not say that any outcome leads to another.", "note"))
    return Section("theory_of_change", "Theory of change", tuple(blocks))


def inputs_and_outputs(analysis: Analysis) -> Section:
    """Return the section: what each stakeholder puts in, and what was done with it."""
    impact_map = analysis.impact_map
    blocks: list[Block] = [
        word_table(
            "inputs", "What was put in", tables.inputs(analysis.result),
            {"stakeholder": ("By", str), "input": ("Input", str), "kind": ("Kind", str),
             "value": ("Value", money_cell(analysis.currency)),
             "present_value": ("At present value", money_cell(analysis.currency)), "source": ("Source", or_dash(str))},
        )
    ]  # fmt: skip
    people = impact_map.stakeholder_by_id
    rows = tuple(
        (
            out.description or out.id,
            people[out.stakeholder].label if out.stakeholder in people else "–",
            wording.plain(out.quantity.base) if out.quantity else "–",
            out.unit or "–",
        )
        for out in impact_map.outputs
    )
    if rows:
        blocks.append(
            Table("outputs", "What was done (told, never valued)", ("Output", "For", "Quantity", "Unit"), rows,
                  (False, False, True, False))
        )  # fmt: skip
    else:
        blocks.append(Paragraph("The map does not say what was done with it (no outputs).", "note"))
    return Section("inputs", "What was put in, and what was done", tuple(blocks))


def changes(analysis: Analysis) -> Section:
    """Return the section: every outcome told alike, priced or not: what changed, how one can tell, for how many."""
    impact_map = analysis.impact_map
    uncounted = impact_map.not_counted()
    blocks: list[Block] = [
        Paragraph(
            "Every outcome that was found is told here, for better and for worse, those without a price as fully as "
            "the others. What is worth telling is not only what can be priced."
        )
    ]
    for who in impact_map.stakeholders:
        own = [outcome for outcome in impact_map.outcomes if outcome.stakeholder == who.id]
        if not own:
            continue
        rows = tuple(_told(outcome, analysis, uncounted.get(outcome.id)) for outcome in own)
        headings = ("What changes", "How one can tell", "How many", "How far, and how important", "In the total")
        blocks.append(Table(f"changes_{who.id}", f"{who.label}", headings, rows, (False,) * 5, wide=True))
    return Section("changes", "What changes, for whom", tuple(blocks))


def _told(outcome: Outcome, analysis: Analysis, why_not: str | None) -> tuple[str, ...]:
    indicator = outcome.indicator
    source = f" ({indicator.source})" if indicator is not None and indicator.source else ""
    told = f"{indicator.text or 'not said in words'}{source}" if indicator is not None else "no indicator is given"
    weights = [
        outcome.amount_of_change,
        f"rank {outcome.rank}" if outcome.rank is not None else None,
        f"weight {outcome.weight:g}" if outcome.weight is not None else None,
    ]
    direction = f" ({outcome.direction})" if outcome.direction else ""
    return (
        f"{outcome.label}{direction}",
        told,
        quantity_words(outcome, analysis.impact_map.stakeholder_by_id),
        "; ".join(each for each in weights if each) or "–",
        "yes" if why_not is None else f"no: {why_not}",
    )
