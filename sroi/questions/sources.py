"""Whether every figure can be traced, and stands in one year's prices."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sroi.findings import Finding
from sroi.framing import PrintedFigure
from sroi.impact_map import ImpactMap
from sroi.nouns import PartOfStakeholder, Proxy
from sroi.questions.asking import counted, is_sourced, place_of
from sroi.reading import NOT_STATED
from sroi.result import Result


def unfilled(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    """Ask about texts that `sroi new` wrote for somebody to replace."""
    origin = impact_map.origin
    if origin is not None and origin.file.endswith((".yaml", ".yml")) and not _may_hold(origin.content):
        return
    texts = impact_map.model_dump_json(exclude_none=True).count("REPLACE")
    if texts:
        yield Finding(
            "unfilled", "high", 6, "value map",
            f"{texts} texts still say REPLACE; the numbers beside them may be those of the empty form",
            "Replace them, and check every number.",
        )  # fmt: skip


def _may_hold(content: bytes) -> bool:
    """Say whether a YAML file may hold the word: cheaper than writing out the whole map, at every start."""
    # Letters of two bytes, or letters written as codes, are left to the longer way.
    return b"REPLACE" in content or b"\x00" in content or b"\\" in content


def printed_figures(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    """Ask about printed figures that the map does not come to, and about a net ratio printed as if it were gross."""
    published = impact_map.published
    if published is None or result.changed:
        return
    for name in type(published).model_fields:
        printed = getattr(published, name)
        if not isinstance(printed, PrintedFigure):
            continue
        ours = float(getattr(result, name))
        if not _agrees(ours, printed):
            words = name.replace("_", " ").replace("sroi", "SROI")
            recomputed = "no figure" if math.isnan(ours) else f"{ours:,.4g}" if abs(ours) < 1000 else f"{ours:,.2f}"
            yield Finding(
                "not_reproduced", "high", 7, f"published, {name}",
                f"the {words} is printed as {printed.value}; this map comes to {recomputed}",
                "Look for a convention, a deduction or a sum that differs from the printed study.",
                place_of(impact_map, "published", name),
            )  # fmt: skip
    yield from _net_or_gross(impact_map, result)


def _net_or_gross(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    ratios = {"sroi_ratio": "SROI ratio", "net_sroi_ratio": "net SROI ratio"}
    for name, other in (("sroi_ratio", "net_sroi_ratio"), ("net_sroi_ratio", "sroi_ratio")):
        printed = getattr(impact_map.published, name)
        if printed is None or _agrees(float(getattr(result, name)), printed):
            continue
        if _agrees(float(getattr(result, other)), printed):
            yield Finding(
                "net_as_gross", "high", 5, f"published, {name}",
                f"{printed.value} is printed as the {ratios[name]}, but it is the {ratios[other]}",
                "Say which of the two it is: the net ratio is the ratio less 1.",
                place_of(impact_map, "published", name),
            )  # fmt: skip


def _agrees(ours: float, printed: PrintedFigure) -> bool:
    return not math.isnan(ours) and abs(ours - printed.number) <= printed.allowed * (1 + 1e-9) + 1e-12


def price_years(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    """Ask about prices of other years than the map's."""
    if impact_map.price_year == NOT_STATED:
        yield Finding(
            "price_year_not_stated", "high", 6, "price_year",
            "nothing says in which year's prices the values are stated",
            "Give the price year; a ratio without one cannot be read.",
            place_of(impact_map, "price_year"),
        )  # fmt: skip
        return
    for place, outcome in counted(impact_map):
        year = outcome.proxy.price_year if outcome.proxy is not None else None
        if year is not None and year != impact_map.price_year:
            yield Finding(
                "price_years_differ", "medium", 6, f"{outcome.id}.proxy",
                f"{outcome.label}: the proxy is in {year} prices, the map in {impact_map.price_year} prices",
                f"Bring it to {impact_map.price_year} prices with a published index, and say so in its source: "
                f"`sroi uprate MAP --to {impact_map.price_year}` writes such a map.",
                place_of(impact_map, "outcomes", place, "proxy", "price_year"),
            )  # fmt: skip


def sources(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    """Ask where proxies, quantities and inputs come from."""
    for place, outcome in counted(impact_map):
        proxy = outcome.proxy
        if proxy is not None and proxy.anchored_to is None and not (proxy.source or is_sourced(proxy.value)):
            yield Finding(
                "proxy_source_missing", "high", 6, f"{outcome.id}.proxy",
                f"{outcome.label}: nothing says where the proxy comes from",
                "Give the proxy a source that a reader can look up.",
                place_of(impact_map, "outcomes", place, "proxy"),
            )  # fmt: skip
        quantity = outcome.quantity.share if isinstance(outcome.quantity, PartOfStakeholder) else outcome.quantity
        if not is_sourced(quantity) and not (outcome.indicator is not None and outcome.indicator.source):
            yield Finding(
                "quantity_source_missing", "medium", 6, f"{outcome.id}.quantity",
                f"{outcome.label}: nothing says where the quantity comes from",
                "Give the quantity, or its indicator, a source.",
                place_of(impact_map, "outcomes", place, "quantity"),
            )  # fmt: skip
    for place, given in enumerate(impact_map.inputs):
        if not (given.source or is_sourced(given.value) or is_sourced(given.hours)):
            yield Finding(
                "input_source_missing", "low", 6, given.id,
                f"{given.label}: nothing says where the figure comes from",
                "Give the input a source, such as the accounts.",
                place_of(impact_map, "inputs", place),
            )  # fmt: skip


def passing_on(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    """Ask about values that may not be passed on: reports and exports that hold them are refused."""
    if not any(_may_be_private(outcome.proxy) for outcome in impact_map.outcomes):
        return
    from sroi.questions.licences import ALLOW, private_values

    for private in private_values(impact_map):
        yield Finding(
            "not_to_be_passed_on", "medium", 6, f"{private.outcome.id}.proxy",
            f"{private.outcome.label}: its value is for your own eyes, for {private.why}",
            f"Take an open value for what goes to others; or, if your licence allows it, passing_on: yes or {ALLOW}.",
            place_of(impact_map, "outcomes", private.place, "proxy"),
        )  # fmt: skip


# Every name of a work that may not be passed on holds one of these (`sroi.evidence.licences.MARKS`).
MARKS = ("hact", "toms", "social value", "social_value", "global", "themes", "asvb")


def _may_be_private(proxy: Proxy | None) -> bool:
    """Say whether a closer look is needed: cheap, for it is asked each time that a map is evaluated."""
    if proxy is None or proxy.value is None or proxy.passing_on:
        return False
    texts = [proxy.source, proxy.licence, proxy.register_id, proxy.description, proxy.valuation_method]
    texts += [proxy.acknowledgement, *(text for part in proxy.value.parts() for text in (part.source, part.note))]
    texts += [proxy.value.source, proxy.value.note]
    return proxy.passing_on is False or any(mark in text.lower() for text in texts if text for mark in MARKS)


def one_source(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    """Ask about proxies that all come from one place."""
    proxies = [
        outcome.proxy
        for _, outcome in counted(impact_map)
        if outcome.proxy is not None and outcome.proxy.value is not None
    ]
    texts = {" ".join((proxy.source or "").lower().split()) for proxy in proxies}
    if len(proxies) > 2 and len(texts) == 1 and "" not in texts:
        yield Finding(
            "one_source", "low", 6, "outcomes",
            f"all {len(proxies)} proxies have one source: {_in_one_line(proxies[0].source)}",
            "Look for a second price of the largest, and show what the ratio would be with it.",
            place_of(impact_map, "outcomes"),
        )  # fmt: skip


def _in_one_line(text: str | None, most: int = 80) -> str:
    """Return a text in one line, cut to a length that a finding can hold."""
    line = " ".join((text or "").split())
    return line if len(line) <= most else f"{line[: most - 3].rstrip()}.."


def face_value(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    """Ask about inputs at face value beside values that are discounted."""
    rules = impact_map.conventions
    if rules.input_timing == "none" and rules.discount_timing != "none":
        yield Finding(
            "inputs_at_face_value", "low", 6, "conventions.input_timing",
            "the values are discounted, but the inputs stay at face value",
            "Say why, or let the inputs fall at the start of the year.",
            place_of(impact_map, "conventions", "input_timing"),
        )  # fmt: skip
