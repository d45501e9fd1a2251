"""How a report closes: what follows from it, what it cannot say, its method, its sources, and where it comes from."""

from __future__ import annotations

from sroi import wording
from sroi.evidence.schedules import rate_words
from sroi.reports.analysis import Analysis
from sroi.reports.blocks import Block, Bullets, Paragraph, Section, Table
from sroi.uncertainty.next_steps import next_steps
from sroi.version import __version__


def decisions(analysis: Analysis) -> Section:
    """Return the section: the decisions that the analysis serves, and what to do next."""
    told = analysis.impact_map.narrative
    blocks: list[Block] = []
    if told is not None and told.decisions:
        blocks.append(Paragraph(f"Decisions to be taken: {told.decisions}"))
    else:
        blocks.append(Paragraph("The value map does not say what will be decided with this analysis.", "note"))
    steps = [f"Find out: {step.label} ({step.how})." for step in next_steps(analysis.uncertainty, most=3)]
    groups = [group for group in analysis.findings.groups() if group.severity == "high"][:4]
    steps += [f"Mend: {group.heading[0].lower() + group.heading[1:]}. {group.remedy}" for group in groups]
    if steps:
        blocks += [Paragraph("Next steps that the program can see", "lead"), Bullets(tuple(steps))]
    return Section("decisions", "Decisions and next steps", tuple(blocks))


def limits(analysis: Analysis) -> Section:
    """Return the section: what the report cannot say. It stands in every report."""
    said = [
        "The ratio is about value to people, expressed in money; it is not a financial return.",
        "Ratios of different organisations are not to be ranked: scope, duration and stakeholders differ.",
        "The program recomputes sums. It cannot judge whether outcomes were left out, or whether a proxy is apt.",
    ]
    told = analysis.impact_map.narrative
    if told is not None and told.limits:
        said.insert(0, told.limits)
    return Section("limits", "What this report cannot say", (Bullets(tuple(said)),))


def sources(analysis: Analysis) -> Section:
    """Return the section: every source that the map names, once, with what rests on it; licences, and what they ask."""
    resting: dict[str, list[str]] = {}
    for number in analysis.impact_map.numbers().values():
        estimate = number.estimate
        for part in (estimate, *estimate.parts()) if estimate is not None else ():
            if part.source:
                resting.setdefault(part.source, []).append(number.label)
    for outcome in analysis.impact_map.outcomes:
        if outcome.proxy is not None and outcome.proxy.source:
            resting.setdefault(outcome.proxy.source, []).append(f"{outcome.label}: proxy")
        if outcome.indicator is not None and outcome.indicator.source:
            resting.setdefault(outcome.indicator.source, []).append(f"{outcome.label}: indicator")
    for given in analysis.impact_map.inputs:
        if given.source:
            resting.setdefault(given.source, []).append(given.label)
    if not resting:
        return Section("sources", _SOURCES, (Paragraph("The map names no source."), *_licences(analysis)))
    rows = tuple((source, "; ".join(dict.fromkeys(names))) for source, names in resting.items())
    table = Table("sources", "Every source, and what rests on it", ("Source", "For"), rows, (False, False), wide=True)
    return Section("sources", _SOURCES, (table, *_licences(analysis)))


_SOURCES = "Sources and licences"


def _licences(analysis: Analysis) -> tuple[Block, ...]:
    """Return the licences of the values, and the words that their sources ask for; nothing where the map names none."""
    proxies = [(each.label, each.proxy) for each in analysis.impact_map.outcomes if each.proxy is not None]
    rows = tuple(
        (label, proxy.licence or "–", "–" if proxy.passing_on is None else "yes" if proxy.passing_on else "no")
        for label, proxy in proxies
        if proxy.licence or proxy.passing_on is not None
    )
    headings = ("Value of", "Licence", "May be passed on")
    table = Table("licences", "Licences of the values", headings, rows, (False, False, False))
    owed = tuple(dict.fromkeys(proxy.acknowledgement for _, proxy in proxies if proxy.acknowledgement))
    asked = (Paragraph("Acknowledgements that the sources ask for", "lead"), Bullets(owed)) if owed else ()
    return (*((table,) if rows else ()), *asked)


def method(analysis: Analysis) -> Section:
    """Return the section: formulas, conventions, provenance."""
    impact_map, rules = analysis.impact_map, analysis.impact_map.conventions
    kept = (
        "(1 − deadweight) × (1 − displacement) × (1 − attribution)"
        if rules.deductions == "multiply"
        else "1 − deadweight − displacement − attribution, never below 0 (added, as this map says)"
    )
    from_year = "the second year on" if rules.drop_off_from == "second_year" else "the first year on"
    said = (
        f"Value of an outcome in a year = quantity × proxy × {kept}, reduced by its drop-off each year from "
        f"{from_year} and for as many years as it lasts.",
        f"Values are {wording.TIMING_WORDS[rules.discount_timing]}"
        + ("" if rules.discount_timing == "none" else f" at {rate_words(analysis.result.discount_rate)}")
        + (f", but {own}" if (own := analysis.result.own_rate_words()) else "")
        + f"; inputs: {_input_words(rules.input_timing, rules.discount_timing)}.",
        "SROI ratio = total present value / total inputs. Attribution is the share owed to others.",
        "Formulas: A guide to Social Return on Investment (The SROI Network, 2012), stages 4 and 5.",
    )
    found = analysis.uncertainty
    drawn = f" The simulation had {found.draws:,} draws, seed {found.seed}." if found.draws is not None else ""
    trail = [f"Reckoned by sroi {__version__}.{drawn}"]
    origin = impact_map.origin
    if origin is not None:
        trail.append(f"SHA-256 of the value map: {origin.sha256}")
    changed = analysis.result.changed
    if changed:
        trail.append(
            "Numbers in place of the map's own: " + ", ".join(f"{name} = {value:g}" for name, value in changed.items())
        )
    blocks = (Bullets(said), *_repairs(analysis), Paragraph(" ".join(trail), "note"))
    return Section("method", "Method and provenance", blocks)


def _repairs(analysis: Analysis) -> tuple[Block, ...]:
    """Return what had to be guessed or mended to read the file, if it is somebody else's table."""
    origin = analysis.impact_map.origin
    if origin is None or not origin.repairs:
        return ()
    return (Paragraph("What had to be guessed or mended to read the file", "lead"), Bullets(origin.repairs))


def _input_words(timing: str, discount_timing: str) -> str:
    if discount_timing == "none" or timing == "none":
        return "at face value"
    return {"start_of_year": "at the start of their year", "mid_year": "in the middle of their year"}.get(
        timing, "at the end of their year"
    )


# Where each principle is shown, by the names of sections, in the order of the report.
_SHOWN = {
    1: ("stakeholders",),
    2: ("theory_of_change", "changes", "not_counted"),
    3: ("changes", "map", "evidence"),
    4: ("materiality", "not_counted", "sensitivity"),
    5: ("deductions", "ladder", "sensitivity", "uncertainty"),
    6: ("evidence", "sources", "working", "method"),
    7: ("stakeholders", "working", "method", "findings"),
    8: ("decisions", "to_find_out"),
}


def principles(analysis: Analysis, headings: dict[str, str]) -> Section:
    """Return the section: where each of the eight principles is shown; `headings` of the report's sections by name."""
    from sroi.findings import PRINCIPLES

    open_: dict[int, int] = {}
    for finding in analysis.findings:
        open_[finding.principle] = open_.get(finding.principle, 0) + 1
    rows = tuple(
        (
            f"{number}. {words}",
            "; ".join(headings[name] for name in _SHOWN[number] if name in headings) or "–",
            str(open_.get(number, 0)),
        )
        for number, words in PRINCIPLES.items()
    )
    table = Table(
        "principles", "Where each principle is shown", ("Principle", "Shown under", "Questions open"), rows,
        (False, False, True),
    )  # fmt: skip
    text = (
        "An index for whoever checks the report. A program can point; whether a principle is met is for people to say."
    )
    return Section("principles", "Index to the principles", (Paragraph(text), table))
