"""Maps side by side as lines for a terminal: every ratio with the rules that it was reckoned by."""

from __future__ import annotations

from collections.abc import Sequence

from sroi import wording
from sroi.comparison import (
    ForecastAgainstActual,
    Fulfilled,
    Reproduction,
    Restated,
    SameRules,
    WhatChanged,
)
from sroi.framing import PrintedFigure
from sroi.result import Result
from sroi.terminal.layout import table_lines, wrapped
from sroi.terminal.results import headline_lines

_SHARES = ("share", "deadweight", "displacement", "attribution", "drop_off")
# What two decimals show as nothing.
_NOTHING = 0.005
_FIGURE_WORDS = {
    "total_inputs": "total inputs",
    "total_present_value": "total present value",
    "net_present_value": "net present value",
    "sroi_ratio": "SROI ratio",
    "net_sroi_ratio": "net SROI ratio",
    "payback_years": "payback in years",
}


def same_rules_lines(found: SameRules) -> list[str]:
    """Return several maps in the order given, each with its own ratio, that under the common rules, and its scope."""
    lines = [
        f"{len(found.maps)} maps, each under its own rules{' and under those of the first' if found.rules else ''}."
    ]
    if found.rules:
        lines += wrapped(f"The same rules: {found.rules}.", "  ", "    ")
    lines += [line for note in found.notes for line in wrapped(note, "  ", "    ")]
    for each in found.maps:
        lines += ["", *_restated_lines(each)]
    return lines


def _restated_lines(each: Restated) -> list[str]:
    lines = [_title(each.own)]
    lines += _ratio_lines("own rules", each.own)
    if each.same is not None:
        if each.changed_rules:
            lines += _ratio_lines("same rules", each.same)
            lines += wrapped(f"its own are: {each.changed_rules}", " " * 14, " " * 16)
        else:
            lines.append("  same rules  they are its own")
    return [*lines, *wrapped(f"scope       {each.scope.words}", "  ", " " * 14)]


def _title(result: Result) -> str:
    """Return a map's title with the file it was read from: two versions are called alike."""
    origin = result.impact_map.origin
    file = f" ({origin.file})" if origin is not None else ""
    return f"{' '.join(result.impact_map.title.split())}{file}"


def _ratio_lines(said: str, result: Result) -> list[str]:
    currency = result.impact_map.currency
    sums = [wording.money(float(amount), currency) for amount in (result.total_present_value, result.total_inputs)]
    ratio = f"{wording.ratio(float(result.sroi_ratio))} : 1 = {sums[0]} of present value / {sums[1]} of inputs"
    return [f"  {said:<10}  {ratio}", *wrapped(result.rules(), " " * 14)]


# ---- forecast against actual ----


def fulfilment_lines(found: ForecastAgainstActual, most: int) -> list[str]:
    """Return a forecast against what happened: totals, outcomes, who fell short, the numbers that differ."""
    currency, other = (result.impact_map.currency for result in (found.forecast, found.actual))
    lines = ["Forecast against actual, outcomes matched by their ids."]
    lines += wrapped(f"Forecast: {_headline(found.forecast)}", "  ", "    ")
    lines += wrapped(f"Actual: {_headline(found.actual)}", "  ", "    ")
    lines += [line for note in found.notes for line in wrapped(note, "  ", "    ")]
    rows = [_money_row(each, currency, other) for each in found.totals if each.field != "ratio"]
    lines += ["", *table_lines(("", "Forecast", "Actual", "Difference"), rows)]
    priced = [each for each in found.outcomes if each.present_value is not None]
    ranked = sorted(priced, key=lambda each: -abs(_gap(each.present_value)))
    if ranked:
        table = [
            (each.label, *_pair(each.quantity, currency, other), *_pair(each.present_value, currency, other))
            for each in ranked[:most]
        ]
        headings = ("Outcome", "Quantity", "actual", "diff.", "Present value", "actual", "diff.")
        lines += ["", *table_lines(headings, table, [each.id for each in ranked[:most]])]
        if len(ranked) > most:
            lines.append(f"  and {len(ranked) - most} more that differ less (--most shows more, --json all)")
    lines += _only_lines("Only in the forecast", found.only_forecast)
    lines += _only_lines("Only in the actual", found.only_actual)
    return [*lines, *_short_lines(found, currency), *_number_lines(found, currency, other, most)]


def _headline(result: Result) -> str:
    return f"{_title(result)}, {wording.ratio(float(result.sroi_ratio))} : 1 ({result.rules()})"


def _money_row(each: Fulfilled, currency: str, other: str) -> tuple[str, ...]:
    return (each.label, *_pair(each, currency, other))


def _pair(each: Fulfilled | None, currency: str, other: str) -> tuple[str, str, str]:
    if each is None:
        return "", "", ""
    if each.field == "present_value":
        return wording.money(each.forecast, currency), wording.money(each.actual, other), _difference(each)
    words = [
        wording.number_words(value, each.field, money)
        for value, money in zip((each.forecast, each.actual), (currency, other), strict=True)
    ]
    return words[0], words[1], _difference(each)


def _difference(each: Fulfilled) -> str:
    if each.field in _SHARES:
        points = f"{(each.actual - each.forecast) * 100:+.1f}".replace("-", wording.MINUS)
        return f"{points} points"
    if each.difference is None:
        return "–"
    return f"{'+' if each.difference > 0 else ''}{wording.per_cent(each.difference)}"


def _gap(each: Fulfilled | None) -> float:
    return 0.0 if each is None else each.actual - each.forecast


def _only_lines(said: str, outcomes: Sequence[tuple[str, str]]) -> list[str]:
    named = ", ".join(f"{name} ({' '.join(label.split())})" if label != name else name for name, label in outcomes)
    return ["", *wrapped(f"{said}: {named}.", "", "  ")] if outcomes else []


def _short_lines(found: ForecastAgainstActual, currency: str) -> list[str]:
    if found.forecast.impact_map.currency != found.actual.impact_map.currency:
        return ["", "Who fell short cannot be said: the currencies differ."]
    if not found.fell_short:
        return ["", "No outcome that is in both came out below its forecast."]
    lines = ["", "Below the forecast:"]
    for each in found.fell_short:
        if each.present_value is not None:
            gap = wording.money(-_gap(each.present_value), currency)
            difference = _difference(each.present_value)
            words = f"{' '.join(each.label.split())} (for {each.stakeholder}): {gap} short, {difference}"
            lines += wrapped(words, "  ", "    ")
    people = [f"{who.label} {_difference(who)}" for who in found.stakeholders_fell_short]
    return [*lines, *wrapped(f"By stakeholder, over all their outcomes: {', '.join(people)}.", "  ", "    ")] if people else lines  # fmt: skip  # noqa: E501


def _number_lines(found: ForecastAgainstActual, currency: str, other: str, most: int) -> list[str]:
    rows = []
    names = []
    for each in found.outcomes:
        for number in each.numbers:
            if number.forecast != number.actual:
                rows.append((number.label, *_pair(number, currency, other)))
                names.append(number.name)
    if not rows:
        return []
    lines = ["", "Numbers that came out otherwise:"]
    lines += table_lines(("Number", "Forecast", "Actual", "Difference"), rows[: 3 * most], names[: 3 * most])
    if len(rows) > 3 * most:
        lines.append(f"  and {len(rows) - 3 * most} more (--most shows more, --json all)")
    return lines


# ---- what changed ----


def change_lines(found: WhatChanged, most: int) -> list[str]:
    """Return what changed between two versions: both ratios with their rules, the change by cause, all that differs."""
    lines = []
    for said, result in (("Before", found.before), ("After", found.after)):
        rules = "; ".join([result.rules(), *result.caveats()])
        lines.append(f"{said + ':':<8}{wording.ratio(float(result.sroi_ratio))} : 1  {_title(result)}")
        lines += wrapped(rules, " " * 8)
    lines.append("")
    lines += [line for sentence in found.sentences() for line in wrapped(sentence, "", "  ")]
    if found.causes:
        shown = [cause for cause in found.causes[:most] if abs(cause.contribution) >= _NOTHING]
        rows = [(cause.heading, _signed(cause.contribution)) for cause in shown]
        rest = found.causes[len(shown) :]
        if rest:
            said = f"{len(rest)} smaller change{'' if len(rest) == 1 else 's'}"
            rows.append((said, _signed(sum(cause.contribution for cause in rest))))
        rows.append(("Change of the ratio", _signed(found.change)))
        lines += ["", *table_lines(("Cause", "Adds to the ratio"), rows)]
        lines.append("  Each cause's share is its mean over all orders in which they may come (Shapley).")
    if not found.differences:
        return lines
    count = len(found.differences)
    lines += ["", f"What differs ({count} thing{'' if count == 1 else 's'}):"]
    for each in found.differences[: 4 * most]:
        moved = each.kind if each.kind != "changed" else f"{each.now}, was {each.was}"
        lines += wrapped(f"{each.label}: {moved}" if each.kind == "changed" else f"{moved}: {each.label}", "  ", "    ")
    if count > 4 * most:
        lines.append(f"  and {count - 4 * most} more (--most shows more, --json all)")
    return lines


def _signed(change: float) -> str:
    return "0.00" if abs(change) < _NOTHING else f"{change:+.2f}".replace("-", wording.MINUS)


# ---- printed figures ----


def reproduction_lines(
    result: Result, printed: dict[str, PrintedFigure], found: Sequence[Reproduction], most: int
) -> list[str]:
    """Return which conventions give the printed figures, those nearest to the map's own first."""
    figures = [f"{_FIGURE_WORDS[name]} {figure.value}" for name, figure in printed.items()]
    lines = [*headline_lines(result), "", *wrapped(f"Printed: {', '.join(figures)}.", "")]
    if not found:
        return [*lines, *wrapped("No conventions that were tried give that: look for another number, or a slip.", "")]
    first = found[0]
    own = not found[0].changes
    if own:
        lines.append("The map's own conventions give it.")
        found = found[1:]
    rest = [f"{each.words}: {_figures(each, result.impact_map.currency)}" for each in found[:most]]
    if rest:
        lines.append("It comes out also" if own else "It comes out")
    lines += [line for words in rest for line in wrapped(f"- {words}", "  ", "    ")]
    if len(found) > most:
        lines.append(f"  and in {len(found) - most} more ways (--most shows more, --json all)")
    fit = "1 of them fits" if first.fitting == 1 else f"{first.fitting} of them fit, some perhaps by chance"
    return [*lines, f"Tried: conventions with {first.ways:,} different results; {fit}."]


def _figures(each: Reproduction, currency: str) -> str:
    said = []
    for name, figure in each.figures.items():
        ratio = name.endswith("ratio")
        words = wording.ratio(figure) if ratio else wording.plain(figure) if name == "payback_years" else ""
        said.append(f"{_FIGURE_WORDS[name]} {words or wording.money(figure, currency, 2)}")
    return ", ".join(said)
