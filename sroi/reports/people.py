"""The Guide's first stage: scope and period, who is in and who is out, and how they were involved."""

from __future__ import annotations

from sroi import tables, wording
from sroi.impact_map import ImpactMap
from sroi.reports.analysis import Analysis
from sroi.reports.blocks import Block, Bullets, Paragraph, Section, Table
from sroi.reports.cells import or_dash, word_table

# In the order in which an analysis comes to them, as the value map names them.
STAGES = {
    "outcomes": "Named what changes",
    "quantity": "Told how much",
    "value": "Placed a value",
    "causality": "Told what else caused it",
    "materiality": "Judged what matters",
    "verification": "Checked the results",
}


def purpose(analysis: Analysis) -> Section:
    """Return the section: why the analysis was made, for whom, of what, over which period."""
    impact_map = analysis.impact_map
    told = impact_map.narrative
    period = f"{impact_map.activity.years} year{'' if impact_map.activity.years == 1 else 's'}"
    if impact_map.activity.start is not None:
        start = impact_map.activity.start
        period = f"{period} from {start.day} {start:%B %Y}"
    items = [("Purpose", told.purpose if told is not None else None)]
    items += [("Audience", told.audience if told is not None else None)]
    items += [("Activity", impact_map.activities), ("Scope", told.scope if told is not None else None)]
    items += [("Period", period)]
    blocks: list[Block] = [Bullets(tuple(f"{name}: {text}" for name, text in items if text))]
    missing = [name.lower() for name, text in items if not text and name != "Activity"]
    if missing:
        blocks.append(Paragraph(f"The value map does not state its {_listed(missing)}.", "note"))
    return Section("purpose", "Purpose, scope and period", tuple(blocks))


def stakeholders(analysis: Analysis) -> Section:
    """Return the section: the stakeholders included and left out, with reasons, and their involvement by stage."""
    impact_map = analysis.impact_map
    frame = tables.stakeholders(impact_map)
    columns = {"stakeholder": ("Stakeholder", str), "size": ("Number", or_dash(wording.plain)),
               "reason": ("Reason", or_dash(str))}  # fmt: skip
    blocks: list[Block] = [
        word_table("stakeholders", "Stakeholders that are included", frame[frame["included"]], columns)
    ]
    out = frame[~frame["included"]]
    if len(out):
        blocks.append(word_table("stakeholders_left_out", "Stakeholders that are left out, and why", out, columns))
    else:
        blocks.append(Paragraph("No stakeholder that the map names is left out.", "note"))
    blocks += _involvement(impact_map)
    sought = impact_map.negative_outcomes_sought
    blocks.append(
        Paragraph(
            f"How outcomes for the worse were looked for: {sought}"
            if sought
            else "The map does not say whether anybody looked for outcomes for the worse.",
            "normal" if sought else "note",
        )
    )
    return Section("stakeholders", "Stakeholders, and how they were involved", tuple(blocks))


def _involvement(impact_map: ImpactMap) -> list[Block]:
    rows = [
        (
            who.label,
            STAGES.get(part.stage, part.stage),
            "; ".join(each for each in (part.how, part.when, _chosen(part.selected)) if each) or "–",
            _count(part.number, part.of),
            part.said or "–",
        )
        for who in impact_map.stakeholders
        for part in sorted(who.involved, key=lambda part: list(STAGES).index(part.stage))
    ]
    if not rows:
        return [Paragraph("The map does not say that any stakeholder took part in the analysis.", "lead")]
    asked = {part.stage for who in impact_map.stakeholders for part in who.involved}
    silent = [words[0].lower() + words[1:] for stage, words in STAGES.items() if stage not in asked]
    headings = ("Stakeholder", "What they did", "How", "How many", "What they said")
    table = Table("involvement", "Involvement, stage by stage", headings, tuple(rows), (False,) * 5, wide=True)
    if not silent:
        return [table]
    return [table, Paragraph(f"Nobody is said to have: {'; '.join(silent)}.", "note")]


def _chosen(selected: str | None) -> str | None:
    return f"chosen: {selected}" if selected else None


def _count(number: int | None, of: int | None) -> str:
    if number is None:
        return "–"
    return f"{number} of {of}" if of is not None else str(number)


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
