"""Where the value lies: from gross to net, by stakeholder, year and outcome, and what does not count."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from sroi import plots, tables, wording
from sroi.appraisal.confidence import GRADES, evidence_grades
from sroi.reports.analysis import Analysis, payback_words
from sroi.reports.blocks import Block, Figure, Paragraph, Section, Table
from sroi.reports.cells import money_cell, or_dash, word_table


def ladder(analysis: Analysis) -> Section:
    """Return the section: from gross value to what can be claimed."""
    result, currency = analysis.result, analysis.currency
    frame = tables.ladder(result)
    steps = dict(zip(frame["step"], frame["value"], strict=True))
    money = money_cell(currency)
    taken = ("deadweight", "displacement", "attribution", "drop_off", "discounting")
    said = ", ".join(f"{wording.STEP_WORDS[name].lower()} {money(steps[name])}" for name in taken if steps[name] < 0)
    alt = (
        f"Waterfall from a gross value of {money(steps['gross'])} to a total present value of "
        f"{money(steps['total_present_value'])}: {said or 'no deduction takes anything away'}. "
        f"Beside it, inputs of {money(result.total_inputs)}."
    )
    figure = Figure(
        "ladder", "From gross value to total present value, and what was put in", alt, _ladder_drawing(analysis)
    )
    table = word_table(
        "ladder", "The ladder: what each step takes away", frame,
        {"label": ("Step", str), "value": ("Value", money_cell(analysis.currency))},
    )  # fmt: skip
    text = (
        "Not all that changed was caused by the activity. From the gross value the map takes away what would have "
        "happened anyway (deadweight), what only moved elsewhere (displacement), what is owed to others (attribution) "
        "and what fades with time (drop-off); discounting then states later years in today's money."
    )
    return Section("ladder", "From gross value to what can be claimed", (Paragraph(text), figure, table))


def _ladder_drawing(analysis: Analysis) -> Callable[[float], Any]:
    intervals = analysis.ladder_intervals or None
    height = 4.2 if intervals else 3.6
    return lambda width: plots.picture(lambda axes: plots.waterfall(analysis.result, axes, intervals), width, height)


def years(analysis: Analysis) -> Section:
    """Return the section: value by year, and payback."""
    result, money = analysis.result, money_cell(analysis.currency)
    frame = tables.by_year(result)
    first = frame.head(12)
    said = "; ".join(
        f"year {year}: {money(worth)}" for year, worth in zip(first["year"], first["present_value"], strict=True)
    )
    figure = Figure(
        "by_year", "Value of each year, before and after discounting", f"Bars for each year, present value. {said}.",
        lambda width: plots.picture(lambda axes: plots.value_by_year(result, axes), width, 3.2),
    )  # fmt: skip
    table = word_table(
        "by_year", "Value by year", frame,
        {"year": ("Year", str), "value": ("Before discounting", money), "present_value": ("Present value", money)},
    )  # fmt: skip
    running = Figure(
        "payback", "The running total of value against what was put in", plots.payback_in_words(result),
        lambda width: plots.picture(lambda axes: plots.payback(result, axes), width, plots.payback_height()),
    )  # fmt: skip
    text = f"Payback: {payback_words(result)}, each year's value taken to arrive evenly over the year."
    return Section("years", "Value by year", (figure, running, table, Paragraph(text)))


def outcomes(analysis: Analysis) -> Section:
    """Return the section: value by outcome."""
    money = money_cell(analysis.currency)
    frame = tables.by_outcome(analysis.result)
    table = word_table(
        "by_outcome", "What each outcome that counts is worth", frame,
        {"stakeholder": ("Stakeholder", str), "outcome": ("Outcome", str), "gross": ("Gross value", money),
         "present_value": ("Present value", money), "share_of_total": ("Share of total", or_dash(wording.per_cent))},
    )  # fmt: skip
    return Section("outcomes", "Value by outcome", (table,))


def whole_map(analysis: Analysis) -> Section:
    """Return the section: every outcome with all its numbers and sources."""
    share = or_dash(wording.per_cent)
    frame = tables.impact_map(analysis.result)
    table = word_table(
        "impact_map", "The impact map: every outcome with its numbers", frame,
        {
            "stakeholder": ("Stakeholder", str),
            "outcome": ("Outcome", str),
            "quantity": ("Quantity", or_dash(str), True),
            "proxy": ("Proxy", or_dash(str), True),
            "duration": ("Years", or_dash(wording.plain)),
            "deadweight": ("Dead\u00adweight", share),
            "displacement": ("Displace\u00adment", share),
            "attribution": ("Owed to others", share),
            "drop_off": ("Drop-off", share),
            "present_value": ("Present value", money_cell(analysis.currency)),
            "counted": ("Counts", lambda yes: "yes" if yes else "no"),
        },
        wide=True,
    )  # fmt: skip
    frame["proxy_source"] = [
        source or ("no source given" if proxy else "told without a price")
        for source, proxy in zip(frame["proxy_source"], frame["proxy"], strict=True)
    ]
    sources = word_table(
        "proxies", "What each proxy is, and where it comes from", frame,
        {
            "outcome": ("Outcome", str),
            "proxy": ("Proxy", or_dash(str), True),
            "proxy_description": ("What it is", or_dash(str)),
            "proxy_source": ("Source", str),
        },
    )  # fmt: skip
    text = (
        "A dash means that the map gives no number: a missing deduction counts as 0 %, a missing duration as one year."
    )
    return Section("map", "The whole impact map", (table, Paragraph(text, "note"), sources))


def evidence(analysis: Analysis) -> Section:
    """Return the section: what each number rests on."""
    frame = tables.numbers(analysis.impact_map)
    grades = _grades(analysis)
    frame = frame[(frame[["survey", "source", "reason"]] != "").any(axis=1) | frame["low"].notna()]
    if frame.empty:
        text = "The map says of none of its numbers where it comes from, why it is so, or how far it may lie off."
        return Section("evidence", "What each number rests on", (Paragraph(text), *grades))
    say = [
        lambda value, field=field: "–" if math.isnan(value) else wording.number_words(value, field, analysis.currency)
        for field in frame["field"]
    ]
    rows = tuple(
        (
            number,
            say_it(value),
            f"{say_it(low)} to {say_it(high)}" if not math.isnan(low) else survey or "–",
            source or "–",
            reason or "–",
        )
        for say_it, number, value, low, high, survey, source, reason in zip(
            say,
            *(frame[name] for name in ("number", "value", "low", "high", "survey", "source", "reason")),
            strict=True,
        )
    )
    headings = ("Number", "Base case", "Range, or survey", "Source", "Reason")
    table = Table(
        "numbers",
        "Ranges, survey counts, sources and reasons",
        headings,
        rows,
        (False, True, True, False, False),
        wide=True,
    )
    return Section("evidence", "What each number rests on", (table, *grades))


def _grades(analysis: Analysis) -> tuple[Block, ...]:
    """Return the share of value by evidence grade, with what each grade means; nothing where no number has one."""
    found = evidence_grades(analysis.result)
    if not found.is_graded:
        return ()
    rows = tuple(
        (grade, GRADES.get(grade, "no number that drives the outcome has a grade"), wording.per_cent(share),
         str(sum(each.grade == grade for each in found.outcomes)))
        for grade, share in found.shares.items()
    )  # fmt: skip
    headings = ("Grade", "What it means", "Share of value", "Outcomes")
    table = Table("grades", "How sure the evidence is", headings, rows, (False, False, True, True))
    text = "An outcome is as weak as the weakest graded number that drives it; a loss weighs as much as a gain."
    return (table, Paragraph(text, "note"))


def not_counted(analysis: Analysis) -> Section:
    """Return the section: what is told, but not in the total."""
    frame = tables.not_counted(analysis.result)
    if frame.empty:
        return Section("not_counted", "What is not counted", (Paragraph("Every outcome of the map counts."),))
    table = word_table(
        "not_counted", "Outcomes that are told, but not in the total", frame,
        {"outcome": ("Outcome", str), "reason": ("Why it does not count", str),
         "ratio_with_it": ("Ratio with it", lambda value: "no price" if math.isnan(value) else f"{value:.2f} : 1")},
    )  # fmt: skip
    return Section("not_counted", "What is not counted", (table,))
