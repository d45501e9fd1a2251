"""How the bridge is said: on the terminal, and in the paper."""

from __future__ import annotations

from decimal import Decimal

from sroi import wording
from sroi.commissioning.bridge.crossing import Crossing, warnings


def crossing_lines(crossing: Crossing) -> list[str]:
    """Return what the command says: both totals, the steps between them, the ratio, what is left out, warnings."""
    lines = [
        crossing.impact_map.title,
        *([crossing.register.note] if crossing.register.note else []),
        basis_words(crossing),
        "",
    ]
    amounts = [crossing.register_total, *(step.amount for step in crossing.steps), crossing.map_total]
    labels = ["The register adds up: quantity x value", *(step.words for step in crossing.steps),
              "The impact map: total present value"]  # fmt: skip
    shown = [penny_words(crossing, amount) for amount in amounts]
    width = max(map(len, shown))
    lines += [f"  {amount:>{width}}  {label}" for amount, label in zip(shown, labels, strict=True)]
    lines += ["", ratio_words(crossing)]
    if crossing.left_out:
        lines += ["", "Told, and not counted:"]
        lines += [f"  {name}: {reason}" for name, reason in crossing.left_out.items()]
    found = warnings(crossing)
    if found:
        lines += ["", "Before it is used:", *(f"  {each}" for each in found)]
    return lines


def penny_words(crossing: Crossing, amount: Decimal) -> str:
    """Return a sum to the penny."""
    return wording.money(float(amount), crossing.register.currency, 2)


def basis_words(crossing: Crossing) -> str:
    """Return which quantities the map takes, and of which day."""
    how = crossing.standing
    if crossing.answers.settings["basis"] == "delivered":
        return f"An evaluation of what was delivered: what is {how.count_words} as of {how.on}, {how.because}."
    return f"A forecast of what was promised, as it stands on {how.on}, {how.because}."


def ratio_words(crossing: Crossing) -> str:
    """Return the ratio with the rules beside it, and what the inputs are."""
    result = crossing.result
    put_in = wording.money(float(result.total_inputs), crossing.register.currency)
    return (
        f"SROI ratio {wording.ratio(result.sroi_ratio)} : 1 ({result.rules()}). Put in: {put_in}, "
        f"{crossing.answers.input_words}."
    )
