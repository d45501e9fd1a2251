"""How a report opens: the ratio with its rules, the scope, who and what went in."""

from __future__ import annotations

from sroi import tables, wording
from sroi.impact_map import ImpactMap
from sroi.reports.analysis import Analysis, headline, payback_words
from sroi.reports.blocks import Block, Bullets, Paragraph, Section, Table
from sroi.reports.cells import money_cell, or_dash, word_table
from sroi.reports.sureness import range_sentence


def ratio(analysis: Analysis) -> Section:
    """Return the section: the result with the rules by which it was reckoned."""
    result, currency = analysis.result, analysis.currency
    kind = wording.analysis_word(analysis.impact_map.analysis)
    blocks: list[Block] = [
        Paragraph(f"{wording.ratio(result.sroi_ratio)} : 1", "ratio"),
        Paragraph(headline(result), "lead"),
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


def scope(analysis: Analysis) -> Section:
    """Return the section: scope and period, stakeholders, inputs and outputs."""
    impact_map = analysis.impact_map
    told = impact_map.narrative
    period = f"{impact_map.activity.years} year{'' if impact_map.activity.years == 1 else 's'}"
    if impact_map.activity.start is not None:
        period = f"{period} from {_day(impact_map)}"
    items = [("Activity", impact_map.activities), ("Period", period)]
    if told is not None:
        items += [("Purpose", told.purpose), ("Audience", told.audience), ("Scope", told.scope)]
        items += [("Decisions to be taken", told.decisions)]
    blocks: list[Block] = [Bullets(tuple(f"{name}: {text}" for name, text in items if text))]
    if told is None or not told.scope:
        blocks.append(Paragraph("The value map does not say what lies outside its scope.", "note"))
    people = tables.stakeholders(impact_map)
    blocks.append(
        word_table(
            "stakeholders", "Stakeholders, and how they were involved", people,
            {"stakeholder": ("Stakeholder", str), "size": ("Number", or_dash(wording.plain)),
             "included": ("Included", lambda yes: "yes" if yes else "no"), "reason": ("Reason", or_dash(str)),
             "involved": ("Involved in", or_dash(str))},
        )
    )  # fmt: skip
    blocks.append(
        word_table(
            "inputs", "What was put in", tables.inputs(analysis.result),
            {"stakeholder": ("By", str), "input": ("Input", str), "kind": ("Kind", str),
             "value": ("Value", money_cell(analysis.currency)),
             "present_value": ("At present value", money_cell(analysis.currency)), "source": ("Source", or_dash(str))},
        )
    )  # fmt: skip
    if impact_map.outputs:
        rows = [
            (
                out.description or out.id,
                wording.plain(out.quantity.base) if out.quantity else "–",
                out.unit or "–",
            )
            for out in impact_map.outputs
        ]
        blocks.append(
            Table(
                "outputs",
                "What was done (told, never valued)",
                ("Output", "Quantity", "Unit"),
                tuple(rows),
                (False, True, False),
            )
        )
    return Section("scope", "Scope, stakeholders and inputs", tuple(blocks))


def _day(impact_map: ImpactMap) -> str:
    start = impact_map.activity.start
    return f"{start.day} {start:%B %Y}" if start is not None else ""
