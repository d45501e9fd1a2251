"""A result, its findings and the numbers of a map, as lines for a terminal."""

from __future__ import annotations

import math

from sroi import wording
from sroi.findings import FindingGroup, Findings
from sroi.impact_map import ImpactMap
from sroi.result import Result
from sroi.terminal.layout import wrapped


def repair_lines(impact_map: ImpactMap) -> list[str]:
    """Return what had to be guessed or mended to read somebody else's table."""
    repairs = impact_map.origin.repairs if impact_map.origin is not None else ()
    if not repairs:
        return []
    lines = [f"Read with {len(repairs)} guess{'' if len(repairs) == 1 else 'es'} or repairs:"]
    return [*lines, *(line for repair in repairs for line in wrapped(f"- {repair}", "  ", "    ")), ""]


def result_lines(result: Result, interval: str | None = None) -> list[str]:
    """Return the ratio with its rules (and its interval in words, if it has one), the ladder, what does not count."""
    currency = result.impact_map.currency
    lines = [*headline_lines(result, interval), ""]
    rows = [(wording.STEP_WORDS[step], wording.money(change, currency, 2)) for step, change in result.ladder.items()]
    payback = (
        "never, within the years counted" if math.isnan(result.payback_years) else f"{result.payback_years:.2f} years"
    )
    rows += [
        ("Total inputs", wording.money(result.total_inputs, currency, 2)),
        ("Net present value", wording.money(result.net_present_value, currency, 2)),
        ("Net SROI ratio", f"{wording.ratio(result.net_sroi_ratio)} : 1"),
        ("Payback", payback),
    ]
    wide = max(len(figure) for _, figure in rows[:-1])
    lines += [f"  {label:<30}{figure:>{wide}}" for label, figure in rows]
    not_counted = result.impact_map.not_counted()
    if not_counted:
        lines += ["", "Not counted:"]
        for name, reason in not_counted.items():
            ratio = float(result.ratio_with(name))
            with_it = "no price" if math.isnan(ratio) else f"with it {ratio:.2f} : 1"
            lines += wrapped(f"{name} ({with_it}): {reason}", "  ")
    return lines


def in_one_line(result: Result, interval: str | None) -> str:
    """Return title, ratio and rules in one line, with the interval in words if there is one."""
    if interval is None:
        return str(result)
    ratio = wording.ratio(result.sroi_ratio)
    return f"{result.impact_map.title}: SROI ratio {ratio} : 1, range {interval} ({result.rules()})"


def headline_lines(result: Result, interval: str | None = None) -> list[str]:
    """Return the map's title and its ratio with the rules that stand beside it, and its interval in words if given."""
    said = [result.rules()] if interval else [result.rules(), *result.caveats()]
    lines = [result.impact_map.title, f"SROI ratio {wording.ratio(result.sroi_ratio)} : 1"]
    lines += wrapped(f"range {interval}", "  ") if interval else []
    return [*lines, *wrapped("; ".join(said), "  ")]


def finding_lines(findings: Findings, most: int | None = None) -> list[str]:
    """Return the findings grouped by kind, those that matter most first; only the first `most` kinds if it is given."""
    groups = findings.groups()
    if not groups:
        return [str(findings)]
    shown = groups[:most]
    kinds = f"{len(groups)} kind{'' if len(groups) == 1 else 's'}"
    rest = f"; the {len(shown)} that matter most" if len(shown) < len(groups) else ""
    lines = [f"{len(findings)} finding{'' if len(findings) == 1 else 's'} of {kinds}{rest}:"]
    for group in shown:
        lines += _group_lines(group, 1 if most is not None else 6)
    return lines


def _group_lines(group: FindingGroup, most: int) -> list[str]:
    times = f" ({len(group.findings)})" if len(group.findings) > 1 else ""
    lines = ["", f"  {group.severity.upper():<7} {group.heading}{times}"]
    for finding in group.findings[:most]:
        place = f"line {finding.line}: " if finding.line else f"{finding.cell}: " if finding.cell else ""
        lines += wrapped(f"- {place}{finding.what}", "          ", "            ")
    if len(group.findings) > most:
        lines.append(f"          - and {len(group.findings) - most} more")
    if most > 1 and group.findings[0].why:
        lines += wrapped(f"Why: {group.findings[0].why}", "          ", "            ")
    return [*lines, *wrapped(f"> {group.remedy}", "          ", "            ")]


def number_lines(impact_map: ImpactMap) -> list[str]:
    """Return every number of the map that `--set` can change, with its base case and what it is."""
    lines = []
    for name, number in impact_map.numbers().items():
        shown = "; ".join(wording.number_words(value, number.field, impact_map.currency) for value in number.values[:6])
        lines.append(f"{name:<36} {shown + ('; ..' if len(number.values) > 6 else ''):<20} {number.label}")
    return lines
