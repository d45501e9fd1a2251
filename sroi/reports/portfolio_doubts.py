"""What a portfolio report says against itself: what may be counted twice, is far off, is open, or failed."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sroi import wording
from sroi.portfolio.money import Pot
from sroi.portfolio.outliers import FEWEST, limits
from sroi.portfolio.overlaps import SAME_CHANGE, Overlap
from sroi.portfolio.study import PortfolioStudy
from sroi.reports.blocks import Block, Bullets, Details, Paragraph, Section, Table

MOST_ROWS, _OPEN_ROWS = 25, 60
TWICE = "What may be counted twice"


def count(number: int, what: str) -> str:
    """Return a number of things in words: 1 project, 1,000 projects."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def in_full(table: Table, summary: str) -> list[Block]:
    """Return a table as it is, or, where it is long, one that a reader opens: the page stays short."""
    return [table] if len(table.rows) <= _OPEN_ROWS else [Details(f"{summary} ({len(table.rows):,} rows)", (table,))]


def twice(study: PortfolioStudy) -> Section:
    """Return the section: what may be counted twice."""
    heading = TWICE
    if not study.overlaps:
        text = "No two projects name the same stakeholders, value map or organisation. People may overlap all the same."
        return Section("counted_twice", heading, (Paragraph(text),))
    text = (
        "The portfolio's sums count each of these as often as it stands in a project. The program goes by names and "
        "cannot know people: whoever knows the projects has to say what overlaps."
    )
    stakes = tuple(Paragraph(at_stake_words(study, pot), "lead") for pot in study.pots if study.at_stake(pot))
    changes = [each for each in study.overlaps if each.kind == SAME_CHANGE]
    names = [each for each in study.overlaps if each.kind != SAME_CHANGE]
    blocks: list[Block] = [*stakes, Paragraph(text)]
    rows: tuple[tuple[str, ...], ...]
    if changes:
        rows = tuple((each.what, names_words(each.projects), _stake(each)) for each in changes[:_OPEN_ROWS])
        headings = ("Whose change, where and what", "Projects", "At stake")
        table = Table("same_changes", "One change of the same people in several projects", headings, rows,
                      (False, False, True), wide=True)  # fmt: skip
        blocks += [table, Paragraph(changes[0].why)]
    if names:
        rows = tuple((each.kind, each.what, names_words(each.projects), each.why) for each in names[: 4 * MOST_ROWS])
        table = Table("counted_twice", "What else stands in several projects", ("Kind", "What", "Projects", "Why it "
                      "matters"), rows, (False,) * 4, wide=True)  # fmt: skip
        blocks += in_full(table, "What else stands in several projects")
    more = len(study.overlaps) - len(changes[:_OPEN_ROWS]) - len(names[: 4 * MOST_ROWS])
    note = (Paragraph(f"{more:,} more are in tables/counted_twice.csv.", "note"),) if more > 0 else ()
    return Section("counted_twice", heading, (*blocks, *note))


def _stake(overlap: Overlap) -> str:
    return "–" if overlap.at_stake is None else wording.money(overlap.at_stake, overlap.currency)


def at_stake_words(study: PortfolioStudy, pot: Pot) -> str:
    """Return what changes of the same people in several projects carry, and the ratio if each were counted once."""
    stake, value = study.at_stake(pot), pot.total_present_value
    part = f" ({wording.per_cent(abs(stake / value))})" if value else ""
    text = (
        f"Up to {wording.money(stake, pot.currency)} of this value{part} may be counted twice: several projects count "
        "one change of people who may be the same"
    )
    if math.isnan(pot.sroi_ratio):
        return f"{text}."
    once = wording.ratio((value - stake) / pot.total_inputs)
    return f"{text}. If they are, and each is counted once, the ratio is {once} : 1."


def names_words(projects: Sequence[str]) -> str:
    """Return the names of projects, the first few of many."""
    shown = "; ".join(projects[:4])
    return f"{shown}; and {len(projects) - 4:,} more" if len(projects) > 4 else shown


def far(study: PortfolioStudy) -> Section:
    """Return the section: which ratios lie far from the others, and why."""
    heading = "Ratios far from the others"
    ratios = [each.sroi_ratio for each in study.projects if not math.isnan(each.sroi_ratio)]
    if len(ratios) < FEWEST:
        text = (
            f"There are no outliers to speak of: {count(len(ratios), 'project')} with a ratio, and it takes {FEWEST} "
            "to tell what is usual."
        )
        return Section("outliers", heading, (Paragraph(text),))
    found = limits(ratios)
    if found is None:
        text = "Most of the ratios are the same, so that there is no usual spread to be far from."
        return Section("outliers", heading, (Paragraph(text),))
    low, high = (wording.ratio(end) for end in found)
    text = (
        f"Far is below {low} or above {high}: 3.5 robust standard deviations (by the median absolute deviation"
        f"{', of logarithms' if min(ratios) > 0 else ''}) from the median. A ratio that is far is not "
        "wrong: it is to be read first."
    )
    if not study.outliers:
        return Section("outliers", heading, (Paragraph(text), Paragraph("None is that far from the others.")))
    rows = tuple((each.project, wording.ratio(each.sroi_ratio), "; ".join(each.reasons)) for each in study.outliers)
    headings = ("Project", "SROI ratio", "What makes it so")
    table = Table(
        "outliers", "Ratios far from the others, and what makes them so", headings, rows, (False, True, False)
    )
    return Section("outliers", heading, (Paragraph(text), *in_full(table, "Ratios far from the others")))


def findings(study: PortfolioStudy) -> Section:
    """Return the section: findings by kind."""
    heading = "Questions that the projects leave open"
    if not study.findings:
        return Section("findings", heading, (Paragraph("No finding in any project, or none was recorded."),))
    rows = tuple(
        (words, severity, f"{projects:,}", f"{times:,}") for words, severity, projects, times in study.findings
    )
    text = "Each project's own report says where each stands and what to do about it."
    table = Table("findings", "Findings by kind, over all projects", ("Finding", "Weight", "Projects", "Times"), rows,
                  (False, False, True, True))  # fmt: skip
    return Section("findings", heading, (Paragraph(text), table))


def failed(study: PortfolioStudy) -> Section:
    """Return the section: what left no result."""
    heading = "What failed"
    if not study.failed:
        return Section("failed", heading, (Paragraph("Nothing: every run left a result."),))
    rows = tuple((each.source, each.name, each.error) for each in study.failed)
    text = f"{count(len(rows), 'run')} left no result, and is in no figure of this report." if len(rows) == 1 else (
        f"{count(len(rows), 'run')} left no result, and are in no figure of this report."
    )  # fmt: skip
    table = Table("failed", "What left no result, and why", ("Where", "Project", "What went wrong"), rows, (False,) * 3,
                  wide=True)  # fmt: skip
    return Section("failed", heading, (Paragraph(text, "lead"), *in_full(table, "What left no result")))


def method() -> Section:
    """Return the section: how it was reckoned."""
    items = [
        "The portfolio's ratio is the sum of present values over the sum of inputs: a mean of ratios would let a small "
        "project weigh as much as a large one.",
        "Sums are added only in one currency and one price year. No exchange rate is used: which "
        "one fits is for the reader to say.",
        "A project's range comes from the ranges that its map states; it leaves out what no range says: the choice of "
        "proxies, outcomes that were missed, people who did not answer.",
        "The portfolio's range takes the projects as independent. What they share, such as one proxy or one "
        "deadweight, moves them together: the true range then lies nearer to the wider one.",
        "Each project's own discount rate and timing stand behind its present value: the sums do not make them alike.",
    ]
    return Section("method", "How this was reckoned, and what it cannot say", (Bullets(tuple(items)),))
