"""More of what if, for the sensitivity notebook: how the ratio moves with each number, and with two at a time."""

from __future__ import annotations

from sroi import plots, wording
from sroi.impact_map import ImpactMap
from sroi.reports.analysis import Analysis
from sroi.reports.blocks import Figure, Paragraph, Section
from sroi.sensitivity import curves, two_way

_MOST_CURVES = 6


def spider(analysis: Analysis, threshold: float = 1.0) -> Section:
    """Return the section: the ratio as each of the most influential numbers runs through its range."""
    heading = "How the ratio moves with each number"
    moving = [each for each in analysis.variations if each.spread > 0][:_MOST_CURVES]
    if not moving:
        return Section("spider", heading, (Paragraph("No number moves the ratio."),))
    base = float(analysis.result.sroi_ratio)
    lines = [
        (each.variation.label, each.positions, each.ratios)
        for each in curves(analysis.impact_map, moving, analysis.steps)
    ]
    widest = moving[0]
    figure = Figure(
        "spider", "Each number from the low to the high end of its range, all others as they are",
        f"Lines through the base case of {base:.2f}. Steepest: {widest.label}, from {widest.ratio_low:.2f} to "
        f"{widest.ratio_high:.2f}.",
        lambda width: plots.picture(lambda axes: plots.spider(lines, base, axes, threshold), width, 4.2),
    )  # fmt: skip
    return Section("spider", heading, (figure,))


def grid(impact_map: ImpactMap, first: str, second: str, threshold: float = 1.0) -> Section:
    """Return the section: the ratio on a grid of two numbers.

    Raises NameRefused for a name that the map does not have or that cannot move the ratio.
    """
    found = two_way(impact_map, first, second)
    up, across = (
        plots.Scale(label, field, values, base)
        for label, field, values, base in zip(found.labels, found.fields, found.values, found.bases, strict=True)
    )
    low, high = (wording.ratio(float(ratio)) for ratio in (found.ratios.min(), found.ratios.max()))
    figure = Figure(
        "heat_map", f"The ratio for pairs of {found.labels[0]} and {found.labels[1]}",
        f"Grid of ratios from {low} to {high}; base case {wording.ratio(found.base)}.",
        lambda width: plots.picture(
            lambda axes: plots.heat_map(across, up, found.ratios, impact_map.currency, axes, threshold), width,
            1.5 + 0.42 * len(found.values[0]),
        ),
    )  # fmt: skip
    return Section("heat_map", "Two numbers at a time", (figure,))
