"""What a report says, made once from an analysis, as blocks that every format renders."""

from __future__ import annotations

from sroi import wording
from sroi.reports import doubt, opening, sureness, value
from sroi.reports.analysis import Analysis
from sroi.reports.blocks import Story


def tell(analysis: Analysis) -> Story:
    """Return the report's story. Every section stands, and says so where there is nothing to show."""
    impact_map = analysis.impact_map
    kind = wording.analysis_word(impact_map.analysis).capitalize()
    who = f"{impact_map.organisation}. " if impact_map.organisation else ""
    sections = (
        opening.ratio(analysis),
        opening.scope(analysis),
        value.ladder(analysis),
        value.stakeholders(analysis),
        value.years(analysis),
        value.outcomes(analysis),
        value.whole_map(analysis),
        value.evidence(analysis),
        value.not_counted(analysis),
        doubt.sensitivity(analysis),
        sureness.uncertainty(analysis),
        sureness.to_find_out(analysis),
        doubt.findings(analysis),
        doubt.method(analysis),
    )
    return Story(impact_map.title, f"{who}{kind} of social return on investment", sections)
