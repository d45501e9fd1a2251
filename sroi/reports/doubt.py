"""How far the ratio can be trusted: what if, and questions that a reader might ask."""

from __future__ import annotations

import math

from sroi import plots, tables, wording
from sroi.findings import PRINCIPLES
from sroi.reports import sureness
from sroi.reports.analysis import Analysis
from sroi.reports.blocks import Block, Figure, Paragraph, Section, Table
from sroi.reports.cells import or_dash, word_table
from sroi.sensitivity import time_at_nil

MOST_IN_TORNADO = 12


def sensitivity(analysis: Analysis) -> Section:
    """Return the section: one number at a time, each outcome left out, switching values, scenarios."""
    result, currency = analysis.result, analysis.currency
    base = float(result.sroi_ratio)
    shown = [each for each in analysis.variations if each.spread > 0]
    own = sum(each.own_range for each in analysis.variations)
    blocks: list[Block] = [
        Paragraph(
            f"Each number is moved alone, all others staying as they are. {_own_ranges(own)} Numbers without a range: "
            f"{analysis.steps}."
        )
    ]
    if shown:
        widest = shown[0]
        alt = (
            f"Tornado of the {min(len(shown), MOST_IN_TORNADO)} numbers that move the ratio most, around the base case "
            f"of {base:.2f}. Widest: {widest.label}, from {widest.ratio_low:.2f} to {widest.ratio_high:.2f}."
        )
        height = 0.48 * min(len(shown), MOST_IN_TORNADO)
        blocks.append(
            Figure(
                "tornado", "The numbers that move the ratio most, one at a time", alt,
                lambda width: plots.picture(
                    lambda axes: plots.tornado(shown, base, currency, axes, MOST_IN_TORNADO),
                    width, 1.1 + height * (1.0 if width > 5 else 1.3),
                ),
            )
        )  # fmt: skip
    rows = tuple(
        (each.label, *(wording.number_words(value, each.field, currency) for value in (each.base, each.low, each.high)),
         f"{each.ratio_low:.2f}", f"{each.ratio_high:.2f}")
        for each in shown[:20]
    )  # fmt: skip
    headings = ("Number", "Base", "Low", "High", "Ratio at low", "Ratio at high")
    more = f" (the 20 widest of {len(shown)}; all are in tables/one_way.csv)" if len(shown) > 20 else ""
    blocks.append(Table("one_way", f"One number at a time{more}", headings, rows, (False, *(True,) * 5), wide=True))
    blocks.append(
        word_table(
            "left_out", f"The ratio with one outcome left out (base case {base:.2f} : 1)",
            tables.left_out(analysis.without),
            {"outcome": ("Without", str), "sroi_ratio": ("SROI ratio", lambda value: f"{value:.2f} : 1")},
        )
    )  # fmt: skip
    blocks.append(Paragraph(_unpaid(analysis)))
    blocks += sureness.switching(analysis)
    if len(analysis.scenarios) > 1:
        blocks.append(
            word_table(
                "scenarios", "The map's scenarios", tables.scenarios(analysis.scenarios),
                {"scenario": ("Scenario", str), "changed": ("With", or_dash(str)),
                 "sroi_ratio": ("SROI ratio", lambda value: f"{wording.ratio(value)} : 1")},
            )
        )  # fmt: skip
    return Section("sensitivity", "What if the numbers were different", tuple(blocks))


def _own_ranges(own: int) -> str:
    if own == 0:
        return "The map gives no number a range of its own."
    moved = f"{own} number{' is' if own == 1 else 's are'} moved to the ends of the range that the map states"
    return f"{moved}, or that its survey counts or experts give."


def _unpaid(analysis: Analysis) -> str:
    without = time_at_nil(analysis.impact_map)
    if without is None:
        return "No time is valued among the inputs."
    if math.isnan(float(without.sroi_ratio)):
        return "With time given at nil, nothing would be put in, and there would be no ratio."
    ratio = wording.ratio(without.sroi_ratio)
    return f"With the time given (inputs of kind time, as a rule unpaid) at nil, the ratio would be {ratio} : 1."


def findings(analysis: Analysis) -> Section:
    """Return the section: the findings, those that matter most first."""
    found = analysis.findings
    groups = found.groups()
    if not groups:
        text = "The program found nothing to ask. It cannot see what was left out."
        return Section("findings", "Questions a careful reader might ask", (Paragraph(text),))
    rows = []
    for group in groups:
        places = [finding.what for finding in group.findings]
        more = f"; and {len(places) - 3} more" if len(places) > 3 else ""
        rows.append(
            (group.severity, group.heading, f"{'; '.join(places[:3])}{more}", group.remedy, PRINCIPLES[group.principle])
        )
    table = Table(
        "findings", f"{len(found)} findings, grouped by kind, those that matter most first",
        ("Weight", "Question", "Where", "What to do", "Principle"), tuple(rows), (False,) * 5, wide=True,
    )  # fmt: skip
    text = "These are questions, not verdicts: a program sees what is written, not whether it is true."
    return Section("findings", "Questions a careful reader might ask", (Paragraph(text), table))
