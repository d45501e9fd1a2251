"""How a report opens: the ratio with its rules, its range, and what it claims."""

from __future__ import annotations

from sroi import wording
from sroi.reports.analysis import Analysis, headline, payback_words
from sroi.reports.blocks import Block, Paragraph, Section, Table
from sroi.reports.sureness import range_sentence


def ratio(analysis: Analysis) -> Section:
    """Return the section: the result with the rules by which it was reckoned."""
    result, currency = analysis.result, analysis.currency
    kind = wording.analysis_word(analysis.impact_map.analysis)
    blocks: list[Block] = [
        Paragraph(f"{wording.ratio(result.sroi_ratio)} : 1", "ratio"),
        Paragraph(headline(analysis), "lead"),
        Paragraph(range_sentence(analysis.uncertainty)),
        Paragraph(f"SROI ratio; {result.rules()}."),
    ]
    open_questions = {finding.kind for finding in analysis.findings if finding.severity == "high"}
    if "unfilled" in open_questions:
        blocks.insert(
            0, Paragraph("DRAFT: the form is not filled in. These figures say nothing of any project.", "lead")
        )
    if open_questions:
        several = (
            "1 question of high weight is"
            if len(open_questions) == 1
            else f"{len(open_questions)} questions of high weight are"
        )
        blocks.append(Paragraph(f"{several} open: see “Questions a careful reader might ask”.", "note"))
    rows = [
        ("Total present value", wording.money(result.total_present_value, currency)),
        ("Total inputs", wording.money(result.total_inputs, currency)),
        ("Net present value", wording.money(result.net_present_value, currency)),
        ("SROI ratio", f"{wording.ratio(result.sroi_ratio)} : 1"),
        ("Net SROI ratio (net present value / inputs)", f"{wording.ratio(result.net_sroi_ratio)} : 1"),
        ("Payback", payback_words(result)),
    ]
    blocks.append(Table("totals", f"The {kind} in figures", ("Figure", analysis.currency), tuple(rows), (False, True)))
    return Section("ratio", "The result", tuple(blocks))
