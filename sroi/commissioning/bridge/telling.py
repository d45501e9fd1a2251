"""What the paper of the bridge says, as blocks that every format renders."""

from __future__ import annotations

from sroi import plots, wording
from sroi.commissioning.bridge.crossing import Crossing, warnings
from sroi.commissioning.bridge.document import of_measures
from sroi.commissioning.bridge.form import ASKED_SHARES
from sroi.commissioning.bridge.words import basis_words, penny_words, ratio_words
from sroi.reports.blocks import Block, Bullets, Figure, Paragraph, Section, Story, Table

# What each step takes away or adds, for those who do not know the words.
_WHY = {
    "states": "The register holds it, but nobody has proved it as far as these answers ask.",
    "not_counted": "Measures of activity, output or spend, or left out for a reason that is given below.",
    "own_values": "Where the answers give a value of one that differs from the register's, or one where it has none.",
    "price_year": "Values of other years, brought to the map's prices.",
    "duration": "The register counts each unit once; the value of one is that of a year, and a change may last longer.",
    "deadweight": "What would have happened without the contract.",
    "displacement": "What was only taken from somebody else.",
    "attribution": "What others did, who helped.",
    "drop_off": "What of a change that lasts fades in its later years.",
    "discounting": "Value that comes later counts for less.",
}


# Kept on one line, so that its column has room for a sum: a browser would break one after its minus.
_AMOUNT = "Amount, to the penny".replace(" ", wording.NO_BREAK)


def tell_bridge(crossing: Crossing) -> Story:
    """Return the paper: both totals, why they differ, each measure, the answers, what is left out, the ratio."""
    sections = (
        _totals(crossing), _measures(crossing), _answers(crossing), _left_out(crossing), _ratio(crossing),
        _method(crossing),
    )  # fmt: skip
    return Story(crossing.impact_map.title, "From a register of commitments to an impact map", sections)


def _totals(crossing: Crossing) -> Section:
    register, impact = (penny_words(crossing, each) for each in (crossing.register_total, crossing.map_total))
    lead = f"The register adds up {register}. The impact map made of it comes to {impact}."
    rows = [
        ("The register's total", "Quantity times the value of one, over all measures that have a value.", register),
        *((step.words, _WHY[step.name], penny_words(crossing, step.amount)) for step in crossing.steps),
        (
            "The impact map's total present value",
            "What these answers leave of it; see what is not in the figure.",
            impact,
        ),
    ]
    table = Table(
        "steps_shown", f"From one total to the other ({_prices(crossing)})", ("Step", "Why", _AMOUNT),
        tuple(rows), (False, False, True), wide=True,
    )  # fmt: skip
    note = [Paragraph(crossing.register.note, "note")] if crossing.register.note else []
    return Section(
        "totals",
        "Two totals, and why they differ",
        (Paragraph(lead, "lead"), *note, Paragraph(basis_words(crossing)), _figure(crossing), table),
    )


def _prices(crossing: Crossing) -> str:
    return f"{crossing.register.currency}, {crossing.impact_map.price_year} prices"


def _figure(crossing: Crossing) -> Figure:
    first = ("The register's total", float(crossing.register_total))
    last = ("The impact map's total", float(crossing.map_total))
    steps = [(step.words, float(step.amount)) for step in crossing.steps if step.amount]
    said = "; ".join(
        f"{name} {wording.money(amount, crossing.register.currency)}" for name, amount in (first, *steps, last)
    )
    return Figure(
        "steps",
        "From the register's total to the impact map's; steps that change nothing are left out",
        f"Bars, one for each step. {said}.",
        lambda width: plots.picture(
            lambda axes: plots.steps_between(first, steps, last, crossing.register.currency, _prices(crossing), axes),
            width,
            plots.rows_height(len(steps) + 2, width),
        ),
    )


def _measures(crossing: Crossing) -> Section:
    currency = crossing.register.currency
    rows = tuple(
        (each["name"], each["unit"], wording.plain(each["quantity_told"]), wording.plain(each["quantity_counted"]),
         _money(each["value_in_register"], currency), "yes" if each["counts"] else "no",
         _money(each["present_value"], currency))
        for each in of_measures(crossing)
    )  # fmt: skip
    headings = ("Measure", "Unit", "In the register", "Proved enough", "Register's value", "Counts", "Present value in the map")  # fmt: skip  # noqa: E501
    caption = "Each measure in both; a dash: it has no value, or adds nothing"
    table = Table("measures_shown", caption, headings, rows, (False, False, True, True, True, False, True), wide=True)
    return Section("measures", "Measure by measure", (table,))


def _money(amount: float | None, currency: str) -> str:
    return "–" if amount is None else wording.money(amount, currency)


def _answers(crossing: Crossing) -> Section:
    blocks: list[Block] = [Paragraph("Asked for one by one; nothing is assumed.")]
    for name, row in crossing.answers.counted.items():
        measure, value = crossing.register.measures[name], crossing.values[name]
        worth = (
            f"{wording.money(value.value, crossing.register.currency, 2)} for one ({value.source or 'no source'})"
            if value.value is not None
            else "no value: told without a price"
        )
        lasting = wording.number_words(row["duration"], "duration", "")
        starts = "the year after" if row["starts"] == "after" else "the year of the delivery"
        why = f". {row['duration_reason']}" if row["duration_reason"] else ""
        said = [f"Value: {worth}", f"Lasts {lasting}, from {starts} on{why}"]
        said += [
            f"{share.replace('_', '-').capitalize()}: {wording.per_cent(row[share])}. "
            f"{row[f'{share}_reason'] or 'No reason is written'}"
            for share in ASKED_SHARES
        ]
        blocks += [Paragraph(f"{measure.name} [{measure.unit}]: {row['outcome']}"), Bullets(tuple(said))]
    return Section("answers", "What was answered", tuple(blocks))


def _left_out(crossing: Crossing) -> Section:
    names = crossing.register.measures
    items = [f"{names[name].name}: {reason}" for name, reason in crossing.left_out.items()]
    items += [f"{each.name}: it has no value, and is told without a price" for each in crossing.without_value]
    blocks: list[Block] = [Bullets(tuple(items))] if items else [Paragraph("Every measure counts, and has a value.")]
    found = warnings(crossing)
    if found:
        blocks += [Paragraph("Before the figure is used:"), Bullets(tuple(found))]
    return Section("left_out", "What is not in the figure, and what to mind", tuple(blocks))


def _ratio(crossing: Crossing) -> Section:
    currency = crossing.register.currency
    rows = tuple(
        (given.label, wording.money(given.value.base if given.value is not None else 0.0, currency), given.source or "")
        for given in crossing.impact_map.inputs
    )
    inputs = Table("inputs", f"What was put in ({_prices(crossing)})", ("Input", "Value", "Source"), rows, (False, True, False))  # fmt: skip  # noqa: E501
    meaning = {
        "whole price": "The whole price buys the service too: a ratio against it says little of social value alone.",
        "added cost of social value": "Held against the added cost alone: the price of the service is not in it.",
    }
    kinds = dict.fromkeys(row["what"] for row in crossing.answers.filled["inputs"])
    said = tuple(Paragraph(meaning[kind]) for kind in kinds if kind in meaning)
    caveat = Paragraph("Ratios of different projects are not to be ranked. This is value to people, not cash.", "note")
    return Section("ratio", "What was put in, and the ratio", (Paragraph(ratio_words(crossing)), inputs, *said, caveat))


def _method(crossing: Crossing) -> Section:
    items = (
        "Each step is the difference made by one thing more, in this order; in another order the steps would be "
        "others, the totals the same.",
        "The steps from the duration on are those of the impact map's own ladder, as `sroi evaluate` gives it.",
        "Running totals are rounded to the penny, and a step is the difference of two: they add up exactly.",
        f"Register: SHA-256 {crossing.register.filled.sha256}. Answers: SHA-256 {crossing.answers.filled.sha256}.",
    )
    return Section("method", "How this was reckoned", (Bullets(items),))
