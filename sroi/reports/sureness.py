"""How sure the ratio is: its range, what the range rests on, what drives it, and what to find out next."""

from __future__ import annotations

import math

from sroi import plots, tables, wording
from sroi.reports.analysis import Analysis
from sroi.reports.blocks import Block, Bullets, Figure, Paragraph, Section, Table
from sroi.reports.cells import money_cell, or_dash, word_table
from sroi.uncertainty import Uncertainty
from sroi.uncertainty.next_steps import decision_words, in_brief, next_steps, worth

_MOST_DRIVERS = 12


def range_sentence(found: Uncertainty) -> str:
    """Return what stands beside the ratio at the top of a report: its interval, or that it has none."""
    if found.is_point:
        return "One case only: no number that counts has a range, so nothing can be said of how sure the ratio is."
    low, high = (wording.ratio(end) for end in found.interval)
    chance = wording.chance_words(found.chance_above(found.decision_ratio))
    return (
        f"Range {found.basis}: {low} to {high} (central 90 %); the chance of more than "
        f"{found.decision_ratio:g} : 1 is {chance}. What this range leaves out stands under “How sure is the ratio”."
    )


def uncertainty(analysis: Analysis) -> Section:
    """Return the section: the ratio's distribution, what it rests on, and what drives it."""
    found = analysis.uncertainty
    heading = "How sure is the ratio"
    if found.is_point:
        return Section("uncertainty", heading, tuple(Paragraph(text) for text in found.honesty()))
    low, high = (wording.ratio(end) for end in found.interval)
    spread = Figure(
        "distribution", "How the ratio may lie, given the ranges of the map's numbers",
        f"Distribution of the SROI ratio. Central 90 %: {low} to {high}; median {wording.ratio(found.quantile(0.5))}, "
        f"mean {wording.ratio(found.mean)}; base case {wording.ratio(found.base)}. Chance above "
        f"{found.decision_ratio:g} : 1: {wording.chance_words(found.chance_above(found.decision_ratio))}.",
        lambda width: plots.picture(
            lambda axes: plots.distribution(found, axes, found.decision_ratio, found.basis), width, 4.0
        ),
    )  # fmt: skip
    rule = decision_words(found).partition(":")[0]
    acceptability = Figure(
        "acceptability", "The chance that the ratio is above a threshold",
        f"Falling curve: the chance of a ratio above each threshold. {rule}. "
        + "; ".join(f"above {ratio:g} : 1: {wording.chance_words(found.chance_above(ratio))}" for ratio in found.above),
        lambda width: plots.picture(
            lambda axes: plots.acceptability(found, f"{rule}.", axes, above=found.above), width, 3.8
        ),
    )  # fmt: skip
    rows = [
        ("Base case, the map's own numbers", wording.ratio(found.base)),
        ("Mean of the distribution", wording.ratio(found.mean)),
        ("Standard deviation", wording.ratio(found.sd)),
        *((f"{wording.per_cent(chance)} of cases lie below", wording.ratio(found.quantile(chance)))
          for chance in (0.05, 0.25, 0.5, 0.75, 0.95)),
    ]  # fmt: skip
    if found.together is not None:
        rows.append(("90 % range with all deductions moving together", " to ".join(map(wording.ratio, found.together))))
    table = Table(
        "uncertainty", "The ratio's distribution in figures", ("Figure", "SROI ratio"), tuple(rows), (False, True)
    )
    blocks: list[Block] = [Paragraph(_how(found)), spread, table, Paragraph("What this range rests on", "lead")]
    blocks += [Bullets(tuple(found.honesty())), acceptability]
    if analysis.cross_check is not None:
        blocks.append(Paragraph(analysis.cross_check, "note"))
    return Section("uncertainty", heading, (*blocks, *_what_drives_it(found)))


def _how(found: Uncertainty) -> str:
    if found.method == "exact":
        return "The ranges of the map's numbers are carried through to the ratio, worked out exactly and not simulated."
    error = "" if found.standard_error is None else f", standard error of the mean {found.standard_error:.2g}"
    return (
        f"The ranges of the map's numbers are carried through to the ratio by {found.draws or 0:,} draws (seed "
        f"{found.seed}{error}), for {found.why_not_exact or 'a simulation was asked for'}."
    )


def _what_drives_it(found: Uncertainty) -> list[Block]:
    # A number that moves with others has no share of its own: its group has.
    drivers = [each for each in found.drivers if each.shapley is not None]
    shown = drivers[:_MOST_DRIVERS]
    if len(shown) < 2:
        return []
    largest = shown[0]
    share = largest.shapley if largest.shapley is not None else largest.first
    figure = Figure(
        "drivers", "What the uncertainty comes from",
        f"Bars: each number's share of the ratio's variance. Largest: {largest.label}, "
        f"{wording.per_cent(share or 0.0, 0)}.",
        lambda width: plots.picture(
            lambda axes: plots.variance_shares(drivers, axes, _MOST_DRIVERS), width,
            plots.rows_height(min(len(drivers), _MOST_DRIVERS + 1), width),
        ),
    )  # fmt: skip
    share_cell = or_dash(lambda value: wording.per_cent(value))
    frame = tables.drivers(shown)
    # What is next to nothing beside the inputs is noise, of a simulation above all, and is not said in money.
    frame["evppi"] = [worth(found, each) or math.nan for each in shown]
    more = (
        f" (the {_MOST_DRIVERS} largest of {len(drivers)}; all are in tables/drivers.csv)"
        if len(drivers) > _MOST_DRIVERS
        else ""
    )
    table = word_table(
        "drivers", f"What the uncertainty comes from{more}", frame,
        {"label": ("Number", str), "first": ("By itself", share_cell), "total": ("With others", share_cell),
         "shapley": ("Fair share", share_cell),
         "evppi": ("Worth knowing", money_cell(found.impact_map.currency))}, wide=True,
    )  # fmt: skip
    text = (
        "By itself: the part of the variance that would go if the number were known (first-order Sobol index); with "
        "others: the part that would stay if all others were known (total index); fair share: Shapley effect, all of "
        "them together 100 %. Worth knowing: at most, before deciding; – is next to nothing beside the inputs."
    )
    return [figure, table, Paragraph(text, "note")]


def to_find_out(analysis: Analysis) -> Section:
    """Return the section: which number to find out next, in plain sentences."""
    found = analysis.uncertainty
    heading = "What should we find out next"
    steps = next_steps(found)
    if not steps:
        text = "No number has a range, so the program cannot say which would be worth finding out."
        return Section("to_find_out", heading, (Paragraph(text if found.is_point else "Nothing stands out."),))
    blocks: list[Block] = [
        Paragraph(decision_words(found), "lead"),
        Bullets(tuple(step.sentence for step in steps)),
    ]
    if in_brief(found):
        blocks.append(Paragraph(in_brief(found)))
    decisive = [driver for driver in found.drivers if worth(found, driver) > 0.0]
    if found.evpi and decisive:
        ranked = sorted(decisive, key=lambda driver: -(driver.evppi or 0.0))
        evpi, currency = found.evpi, found.impact_map.currency
        decision = decision_words(found).partition(":")[0]
        best = wording.money(ranked[0].evppi or 0.0, currency)
        blocks.append(
            Figure(
                "information", "What knowing a number before deciding would be worth, at most",
                f"Bars: the value of knowing each number first. Largest: {ranked[0].label}, {best}. "
                f"Knowing everything: {wording.money(evpi, currency)}.",
                lambda width: plots.picture(
                    lambda axes: plots.information_value(ranked, evpi, currency, f"{decision}.", axes), width,
                    plots.rows_height(min(len(ranked), 10), width, heading=decision),
                ),
            )
        )  # fmt: skip
    return Section("to_find_out", heading, tuple(blocks))


def switching(analysis: Analysis) -> tuple[Block, ...]:
    """Return the blocks: how far each number would have to move, alone, for the ratio to be the target."""
    base = float(analysis.result.sroi_ratio)
    if math.isnan(base):
        return ()
    target = analysis.uncertainty.decision_ratio
    reached = [each for each in analysis.switching if each.value is not None]
    if not reached:
        text = f"No number alone, at any value it can take, would bring the ratio to {target:g} : 1."
        return (Paragraph(text),)
    currency = analysis.currency
    rows = tuple(
        (each.label, wording.number_words(each.base, each.field, currency),
         wording.number_words(each.value, each.field, currency),
         "–" if each.change is None else wording.per_cent(each.change, 0))
        for each in reached[:10] if each.value is not None
    )  # fmt: skip
    never = len(analysis.switching) - len(reached)
    more = "" if len(reached) <= 10 else f" (the 10 nearest of {len(reached)}; all are in tables/switching_values.csv)"
    caption = f"What a number alone would have to be for the ratio to be {target:g} : 1{more}"
    rest = "" if not never else (
        f"{never} further number{'' if never == 1 else 's'} would not bring it there at any value."
    )  # fmt: skip
    headings = ("Number", "Base", f"At {target:g} : 1", "Change")
    table = Table("switching_values", caption, headings, rows, (False, True, True, True), wide=True)
    return (table, *((Paragraph(rest, "note"),) if rest else ()))
