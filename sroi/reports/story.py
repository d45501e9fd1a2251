"""What a report says, made once from an analysis, as blocks that every format renders.

In the order of the Guide's six stages: scope and stakeholders; outcomes; evidence and value; impact; the ratio and how
far it can be trusted; what follows. An audience is a choice of sections, and never another truth: the limits stand in
every one.
"""

from __future__ import annotations

from collections.abc import Sequence

from sroi import wording
from sroi.errors import Problem, TemplateRefused, did_you_mean
from sroi.reports import claims, closing, doubt, gains, mapping, opening, people, sureness, value, working
from sroi.reports.analysis import Analysis
from sroi.reports.audiences import AUDIENCES
from sroi.reports.blocks import Bullets, Figure, Paragraph, Section, Story

_SECTIONS = {
    "ratio": opening.ratio, "purpose": people.purpose, "stakeholders": people.stakeholders,
    "theory_of_change": mapping.theory_of_change, "inputs": mapping.inputs_and_outputs, "changes": mapping.changes,
    "map": value.whole_map, "evidence": value.evidence, "materiality": claims.materiality,
    "deductions": claims.deductions, "ladder": value.ladder, "outcomes": value.outcomes,
    "by_stakeholder": gains.stakeholders, "savings": gains.savings, "years": value.years,
    "not_counted": value.not_counted, "sensitivity": doubt.sensitivity, "uncertainty": sureness.uncertainty,
    "to_find_out": sureness.to_find_out, "findings": doubt.findings, "decisions": closing.decisions,
    "limits": closing.limits, "method": closing.method, "sources": closing.sources, "working": working.section,
}  # fmt: skip


def tell(analysis: Analysis, audience: str = "funder") -> Story:
    """Return the report's story for an audience: funder (the full report), board, assurer or slides.

    Every section stands, and says so where there is nothing to show. Raises TemplateRefused for an unknown audience.
    """
    if audience not in AUDIENCES:
        raise TemplateRefused(Problem(f"there is no audience '{audience}'", did_you_mean(audience, AUDIENCES)))
    impact_map = analysis.impact_map
    kind = wording.analysis_word(impact_map.analysis).capitalize()
    who = f"{impact_map.organisation}. " if impact_map.organisation else ""
    return Story(
        impact_map.title, f"{who}{kind} of social return on investment", tuple(_told(analysis, AUDIENCES[audience]))
    )


def _told(analysis: Analysis, names: Sequence[str]) -> list[Section]:
    if names == ("board",):
        return [_board(analysis)]
    sections = {name: _SECTIONS[name](analysis) for name in names if name in _SECTIONS}
    headings = {name: section.heading for name, section in sections.items()}
    return [closing.principles(analysis, headings) if name == "principles" else sections[name] for name in names]


def _board(analysis: Analysis) -> Section:
    """Return one page: the ratio and its range, one figure, what to find out, what it cannot say."""
    ratio = opening.ratio(analysis)
    ladder = next(block for block in value.ladder(analysis).blocks if isinstance(block, Figure))
    steps = [block for block in sureness.to_find_out(analysis).blocks if isinstance(block, Bullets)]
    said = [_pointing_to_the_report(block) for block in ratio.blocks if isinstance(block, Paragraph)]
    to_find_out = (Paragraph("What to find out next", "lead"), Bullets(steps[0].items[:2])) if steps else ()
    limits = (Paragraph("What this page cannot say", "lead"), *closing.limits(analysis).blocks)
    return Section("board", "The result on one page", (*said, ladder, *to_find_out, *limits))


def _pointing_to_the_report(said: Paragraph) -> Paragraph:
    """Return a paragraph whose pointers to other sections, which one page does not have, lead to the full report."""
    text = said.text.replace("see “Questions a careful reader might ask”", "see the full report")
    return Paragraph(text.replace("stands under “How sure is the ratio”", "stands in the full report"), said.style)
