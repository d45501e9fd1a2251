"""How sure a ratio is, as lines for a terminal. The interval never stands without what it rests on."""

from __future__ import annotations

from sroi import wording
from sroi.result import Result
from sroi.terminal.layout import table_lines, wrapped
from sroi.terminal.results import headline_lines
from sroi.uncertainty import QUANTILES, Driver, Uncertainty
from sroi.uncertainty.next_steps import decision_words, in_brief, next_steps, worth


def uncertainty_lines(found: Uncertainty, result: Result, most: int) -> list[str]:
    """Return the base case, the distribution around it, what it rests on, and what drives it."""
    if found.method == "point":
        said = (
            "No number of this map has a range, so nothing can be said of how sure the ratio is: it is a single point. "
            "Give the numbers ranges, or let --assume 10% put a stated default range where there is none."
        )
        return [*headline_lines(result), "", *wrapped(said, "")]
    currency = result.impact_map.currency
    lines = [*headline_lines(result, found.range_words()), "", *wrapped(_how(found), "")]
    low, high = found.interval
    rows = [
        ("Base case, the map's own numbers", wording.ratio(found.base)),
        ("Mean", wording.ratio(found.mean)),
        ("Standard deviation", wording.ratio(found.sd)),
        ("Range, 5 % to 95 %", f"{wording.ratio(low)} to {wording.ratio(high)}"),
    ]
    if found.together is not None:
        together = " to ".join(wording.ratio(end) for end in found.together)
        rows.append(("The same, all deductions moving together", together))
    rows += [
        (f"Chance of a ratio above {above:g} : 1", wording.chance_words(found.chance_above(above)))
        for above in found.above
    ]
    lines += table_lines(("", ""), [(label.replace(" %", "\u00a0%"), figure) for label, figure in rows])[1:]
    lines += ["", *table_lines(("Of 100 cases, so many lie below", *(f"{each * 100:g}" for each in QUANTILES)), [
        ("SROI ratio", *(wording.ratio(found.quantile(each)) for each in QUANTILES))
    ])]  # fmt: skip
    lines += ["", "What this range rests on:"]
    lines += [line for said in found.honesty() for line in wrapped(f"- {said}", "  ", "    ")]
    if found.drivers:
        lines += ["", *_driver_lines(found, currency, most), "", *_next_lines(found)]
    return lines


def _how(found: Uncertainty) -> str:
    if found.method == "exact":
        return "Worked out exactly from the ranges of the map's numbers, without simulation."
    error = "" if found.standard_error is None else f"; standard error of the mean {found.standard_error:.2g}"
    draws = "" if found.draws is None else f" with {found.draws:,} draws"
    why = "" if found.why_not_exact is None else f" Not worked out exactly: {found.why_not_exact.rstrip('.')}."
    return f"Simulated{draws}, seed {found.seed}{error}.{why}"


def _next_lines(found: Uncertainty) -> list[str]:
    """Return what to find out next, and for which decision."""
    steps = next_steps(found)
    lines = ["What to find out next:", *wrapped(" ".join([decision_words(found), in_brief(found)]), "  ")]
    return [*lines, *(line for step in steps for line in wrapped(f"- {step.sentence}", "  ", "    "))]


def _driver_lines(found: Uncertainty, currency: str, most: int) -> list[str]:
    shown = found.drivers[:most]
    lines = [
        "What drives it: each number's share of the variance, and what knowing it alone would be worth.",
    ]
    rows = [
        (each.label, _share(each.first), _share(each.total), _share(each.shapley), _worth(found, each, currency))
        for each in shown
    ]
    headings = ("Number", "Alone", "With others", "Fair share", "Worth knowing")
    lines += table_lines(headings, rows, [each.name for each in shown])
    if len(found.drivers) > most:
        lines.append(f"  and {len(found.drivers) - most} more (--most shows more, --json all)")
    return lines


def _share(share: float | None) -> str:
    return "" if share is None else wording.per_cent(share)


def _worth(found: Uncertainty, driver: Driver, currency: str) -> str:
    """Return what knowing a number is worth; – for next to nothing beside the inputs."""
    gain = worth(found, driver)
    return wording.money(gain, currency) if gain else "–"
