"""Who gains, who pays and who saves: by stakeholder, person, segment and kind of value."""

from __future__ import annotations

import math

from sroi import plots, tables, wording
from sroi.appraisal.pockets import NOT_STATED, Pockets, pockets
from sroi.reports.analysis import Analysis
from sroi.reports.blocks import Block, Figure, Paragraph, Section, Table, paragraphs
from sroi.reports.cells import money_cell, or_dash, word_table

_KINDS = {
    "fiscal": "Fiscal: public budgets",
    "economic": "Economic: incomes and production",
    "social": "Social: wellbeing and quality of life",
    "environmental": "Environmental",
    "": "Kind not stated",
}


def stakeholders(analysis: Analysis) -> Section:
    """Return the section: what each stakeholder gains and puts in, for one person and by segment too."""
    result, money = analysis.result, money_cell(analysis.currency)
    frame = tables.by_stakeholder(result)
    columns = (frame[name].tolist() for name in ("stakeholder", "present_value", "inputs"))
    said = "; ".join(
        f"{who}: value {money(gained)}, put in {money(given)}" for who, gained, given in zip(*columns, strict=True)
    )
    height = 1.3 + 0.55 * len(frame)
    figure = Figure(
        "by_stakeholder", "Value and inputs of each stakeholder", f"Bars for each stakeholder. {said}.",
        lambda width: plots.picture(lambda axes: plots.value_by_stakeholder(result, axes), width, height),
    )  # fmt: skip
    people = analysis.impact_map.stakeholder_by_id
    sizes = [people[name].size for name in frame["id"]]
    frame["each"] = [
        gained / size.base if size is not None and size.base else math.nan
        for gained, size in zip(frame["present_value"], sizes, strict=True)
    ]
    table = word_table(
        "by_stakeholder", "Who gains, and who puts in", frame,
        {"stakeholder": ("Stakeholder", str), "present_value": ("Present value", money), "inputs": ("Put in", money),
         "each": ("Value for one", money)},
    )  # fmt: skip
    flows = Figure(
        "flows", "Who puts in, and who gains", plots.flows_in_words(result),
        lambda width: plots.picture(
            lambda axes: plots.flows(result, axes), width, plots.flows_height(result, width)
        ),
    )  # fmt: skip
    blocks: list[Block] = [figure, table, flows]
    if frame["each"].notna().any():
        blocks.append(Paragraph("Value for one: the present value over the number of people (or bodies).", "note"))
    return Section("by_stakeholder", "Who gains, and who puts in", (*blocks, *_segments(analysis)))


def _segments(analysis: Analysis) -> list[Block]:
    people = analysis.impact_map.stakeholders
    if not any(who.segment for who in people):
        return []
    worth: dict[str, list[float]] = {}
    for who in people:
        size = who.size.base if who.size is not None else math.nan
        worth.setdefault(who.segment or "no segment stated", []).append(float(analysis.result.present_value_of(who.id)))
        worth[who.segment or "no segment stated"].append(size)
    money = money_cell(analysis.currency)
    rows = []
    for segment, figures in worth.items():
        value, sizes = sum(figures[::2]), figures[1::2]
        count = sum(sizes)
        rows.append((segment, money(value), or_dash(wording.plain)(count), money(value / count if count else math.nan)))
    headings = ("Segment", "Present value", "Number", "Value for one")
    return [Table("by_segment", "Value by segment", headings, tuple(rows), (False, True, True, True))]


def savings(analysis: Analysis) -> Section:
    """Return the section: of what kind the value is, who saves, and whether it can be taken out in cash."""
    result, money = analysis.result, money_cell(analysis.currency)
    kinds = {kind or "": float(worth) for kind, worth in result.by_value_type().items()}
    total = sum(kinds.values())

    def share(part: float) -> str:
        return wording.per_cent(part / total) if total else "–"

    rows = tuple((words, money(kinds[kind]), share(kinds[kind])) for kind, words in _KINDS.items() if kind in kinds)
    heading = "What kind of value, and who saves"
    blocks: list[Block] = [
        Table("by_kind", "Kinds of value", ("Kind", "Present value", "Share"), rows, (False, True, True))
    ]
    agencies = {key: float(worth) for key, worth in result.by_agency().items()}
    if agencies:
        said = {True: "yes", False: "no", None: "not stated"}
        blocks.append(
            Table(
                "by_agency", "Who saves", ("Body", "Can be taken out in cash", "Present value", "Share"),
                tuple((str(name), said[cashable], money(worth), share(worth))
                      for (name, cashable), worth in agencies.items()),
                (False, False, True, True),
            )
        )  # fmt: skip
        cash = sum(worth for (_, cashable), worth in agencies.items() if cashable)
        blocks.append(
            Paragraph(
                f"Of the total present value, {share(cash)} is stated to be a saving that can be taken out in cash. A "
                "saving that is not cashable frees capacity and no money.",
            )
        )
    else:
        blocks.append(Paragraph("The map does not say of any value which body would save it.", "note"))
    return Section("savings", heading, (*blocks, *_pockets(analysis)))


def _pockets(analysis: Analysis) -> list[Block]:
    """Return who pays and who saves, year by year, where the map has fiscal values."""
    found, currency = pockets(analysis.result), analysis.currency
    if not found.savers:
        return []
    money = money_cell(currency)
    figure = Figure(
        "wrong_pockets", "Who pays and who saves, year by year", plots.wrong_pockets_in_words(found, currency),
        lambda width: plots.picture(
            lambda axes: plots.wrong_pockets(found, currency, axes), width, plots.wrong_pockets_height(found, width)
        ),
    )  # fmt: skip
    rows = []
    for payer in found.payers or (None,):
        part = found.share_of(payer) if payer is not None else 1.0
        for saver in found.savers:
            own = payer is not None and found.is_own(payer, saver)
            rows.append((
                payer.name if payer is not None else "–", saver.name, tables.CASHABLE_WORDS[saver.cashable],
                money(saver.present_value * part), "yes" if own else "no",
            ))  # fmt: skip
    headings = ("Pays", "Saves", "Can be taken out in cash", "Present value", "Comes back")
    caption = "Who pays, and what their share saves for whom"
    table = Table("pockets", caption, headings, tuple(rows), (False, False, False, True, False))
    return [figure, table, *paragraphs(_pocket_words(found, currency)), Paragraph(_POCKETS, "note")]


_POCKETS = (
    "Paid: money and goods put in, not time. Saved: the fiscal value of the outcomes that count, after deductions. Of "
    "each saving, a payer is given the share that it has in all that is paid: our convention. A body pays and saves "
    "where the agency of a value has the stakeholder's name. A saving is money only where it can be taken out in cash."
)


def _pocket_words(found: Pockets, currency: str) -> list[str]:
    other, unsaid = found.in_other_pockets(), sum(s.present_value for s in found.savers if s.name == NOT_STATED)
    said = [
        f"Of {wording.money(found.saved, currency)} saved, {wording.money(other, currency)} falls to bodies that pay "
        "nothing here."
    ]
    if unsaid:
        said.append(f"For {wording.money(unsaid, currency)} the map does not say which body saves.")
    return said
