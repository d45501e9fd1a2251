"""What-ifs as lines for a terminal: ranked tables with their rules, steps and reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sroi import wording
from sroi.sensitivity import BreakEven, TwoWay, Variation, WhatIf
from sroi.terminal.layout import table_lines, wrapped
from sroi.terminal.results import headline_lines


def sensitivity_lines(found: WhatIf, most: int, interval: str | None = None) -> list[str]:
    """Return the base case and every what-if, the `most` numbers that matter most in each table.

    `interval`: that of the ratio in words, if it has one.
    """
    currency = found.result.impact_map.currency
    base = float(found.result.sroi_ratio)
    lines = headline_lines(found.result, interval)
    lines += ["", *_one_way_lines(found, currency, most)]
    lines += ["", *_switching_lines(found.break_even, found.target, currency, most)]
    lines += ["", *_left_out_lines(found, base, most)]
    if found.time_at_nil is not None:
        lines += ["", f"With all unpaid time valued at nothing: {wording.ratio(found.time_at_nil)} : 1."]
    if len(found.scenarios) > 1:
        rows = [(each.name, f"{wording.ratio(each.sroi_ratio)} : 1") for each in found.scenarios]
        lines += ["", "Scenarios of the map:", *table_lines(("Scenario", "SROI ratio"), rows)]
    if found.two_way is not None:
        lines += ["", *_grid_lines(found.two_way, currency)]
    return lines


def _one_way_lines(found: WhatIf, currency: str, most: int) -> list[str]:
    own = sum(each.own_range for each in found.one_way)
    stated = "No number has a range of its own" if own == 0 else "* marks the ends of a range that the map states"
    moving = [each for each in found.one_way if each.spread != 0]
    lines = ["One number at a time, all others staying as they are; those that move the ratio most come first."]
    lines += wrapped(f"{stated}; {'all' if own == 0 else 'the others'} are moved by steps: {found.steps}.", "  ")
    headings = ("Number", "Base", "Low", "High", "Ratio at low", "at high")
    names = [f"{each.name} *" if each.own_range else each.name for each in moving[:most]]
    lines += table_lines(headings, [_variation_row(each, currency) for each in moving[:most]], names)
    if len(moving) > most:
        lines.append(f"  and {_numbers(len(moving) - most)} that move it less (--most shows more, --json all)")
    still = len(found.one_way) - len(moving)
    if still:
        lines.append(f"  {_numbers(still)} that count{'s' if still == 1 else ''} but so moved leave the ratio as it is")
    return lines


def _variation_row(each: Variation, currency: str) -> tuple[str, ...]:
    values = [wording.number_words(value, each.field, currency) for value in (each.base, each.low, each.high)]
    name = f"{each.label} *" if each.own_range else each.label
    return (name, *values, wording.ratio(each.ratio_low), wording.ratio(each.ratio_high))


def _switching_lines(found: Sequence[BreakEven], target: float, currency: str, most: int) -> list[str]:
    goal = f"{target:g} : 1"
    reaching = [each for each in found if each.value is not None]
    lines = [f"What would bring the ratio to {goal}: each number alone, the nearest to its base first."]
    if reaching:
        rows = []
        for each in reaching[:most]:
            value = each.base if each.value is None else each.value
            words = [wording.number_words(number, each.field, currency) for number in (each.base, value)]
            rows.append((each.label, *words, _change_words(each)))
        names = [each.name for each in reaching[:most]]
        lines += table_lines(("Number", "Base", "Switches at", "Change"), rows, names)
        noted = [each for each in reaching[:most] if each.why]
        lines += [line for each in noted for line in wrapped(f"{each.label}: {each.why}", "  ", "    ")]
        if len(reaching) > most:
            lines.append(f"  and {_numbers(len(reaching) - most)} farther away (--most shows more, --json all)")
    reasons = Counter(each.why for each in found if each.value is None)
    if reasons:
        lines.append(f"  {_numbers(reasons.total())} cannot bring it there alone:")
        lines += [line for why, count in reasons.most_common() for line in wrapped(f"{count}: {why}", "    ", "      ")]
    return lines


def _change_words(each: BreakEven) -> str:
    """Return by how much a number must change: points for shares and rates, per cent of its base for the rest.

    A quantity or proxy that would have to cross nothing says what it would become.
    """
    value = each.base if each.value is None else each.value
    if each.field in ("share", "deadweight", "displacement", "attribution", "drop_off", "discount_rate"):
        points = f"{(value - each.base) * 100:+.1f}".replace("-", wording.MINUS)
        return f"{points} points"
    if each.change is None:
        return "from nothing"
    sign_turns = ", a loss" if value < 0 < each.base else ", a gain" if value > 0 > each.base else ""
    return f"{'+' if each.change >= 0 else ''}{wording.per_cent(each.change)}{sign_turns}"


def _left_out_lines(found: WhatIf, base: float, most: int) -> list[str]:
    ranked = sorted(found.left_out, key=lambda each: -abs(each.sroi_ratio - base))
    rows = [
        (each.label, f"{wording.ratio(each.sroi_ratio)} : 1", _signed(each.sroi_ratio - base)) for each in ranked[:most]
    ]
    lines = [
        "With one outcome left out:",
        *table_lines(("Outcome", "SROI ratio", "Change"), rows, [each.id for each in ranked[:most]]),
    ]
    if len(ranked) > most:
        lines.append(f"  and {len(ranked) - most} more that change it less (--most shows more, --json all)")
    return lines


def _grid_lines(grid: TwoWay, currency: str) -> list[str]:
    down, across = grid.labels
    lines = wrapped(
        f"Two numbers together: {down} (down) and {across} (across). Base case {grid.base:.2f} : 1.", "", "  "
    )
    headings = ("", *(wording.number_words(value, grid.fields[1], currency) for value in grid.values[1]))
    rows = [
        (wording.number_words(value, grid.fields[0], currency), *(wording.ratio(ratio) for ratio in row))
        for value, row in zip(grid.values[0], grid.ratios.tolist(), strict=True)
    ]
    return [*lines, *table_lines(headings, rows)]


def _signed(change: float) -> str:
    return f"{change:+.2f}".replace("-", wording.MINUS)


def _numbers(count: int) -> str:
    return f"{count} number{'' if count == 1 else 's'}"
