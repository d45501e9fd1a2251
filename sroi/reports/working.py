"""The working, step by step: each outcome's value written out with its own numbers, for a reader with a pencil."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sroi.explaining import Explanation, Given, Sheet, explain_all
from sroi.reports.analysis import Analysis
from sroi.reports.blocks import Bullets, Details, Paragraph, Section, Table

_INTRO = (
    "Every figure of this report comes from the working that stands here. For each outcome it gives the numbers that "
    "the map holds, with their sources, then the formula of the Guide with these numbers in it, year by year. Figures "
    "are rounded to be read, and shown with as many digits as it takes to redo each step by hand and get the figure "
    "that is printed."
)

_Blocks = Paragraph | Bullets | Table


def section(analysis: Analysis) -> Section:
    """Return the section: the working of each outcome that counts, of the inputs and of the ratio."""
    found = explain_all(analysis.result)
    blocks: list[Paragraph | Details] = [Paragraph(_INTRO)]
    blocks += [
        Details(f"{each.label}: {each.shown}", tuple(_blocks(each)))
        for each in found
        if each.kind == "outcome" and each.not_counted is None
    ]
    inputs = [each for each in found if each.kind == "input"]
    ratio = found[-1]
    put_in = [block for each in inputs for block in (Paragraph(each.label, "lead"), *_blocks(each))]
    blocks.append(Details("The inputs, and the ratio", (*put_in, Paragraph("The ratio", "lead"), *_blocks(ratio))))
    left_out = [each for each in found if each.not_counted is not None]
    if left_out:
        said = Bullets(tuple(f"{each.label}: {each.summary}" for each in left_out))
        blocks.append(Details("Outcomes that are not counted, and what they would be", (said,)))
    return Section("working", "The working, step by step", tuple(blocks))


def _blocks(explanation: Explanation) -> Iterator[_Blocks]:
    """Yield one explanation: what the map gives, and the steps and tables of the working in their order."""
    yield Paragraph(explanation.summary)
    # The rate is the same for all: it stands once, with the ratio.
    givens = [each for each in explanation.givens if explanation.kind == "ratio" or each.name != "discount_rate"]
    if givens:
        yield Paragraph("What the map gives:")
        yield Bullets(tuple(_given_words(each) for each in givens))
    if explanation.parts:
        yield Paragraph("The working:")
    lines: list[str] = []
    for number, part in enumerate(explanation.parts):
        if not isinstance(part, Sheet) or part.is_one_year:
            lines.append(part.in_words)
            continue
        if lines:
            yield Bullets(tuple(lines))
            lines = []
        yield _table(f"working_{explanation.subject}_{number}", part, explanation.label)
    if lines:
        yield Bullets(tuple(lines))


def _given_words(given: Given) -> str:
    place = f" ({given.place})" if given.place else ""
    return f"{given.label}: {given.shown}{place}. {given.grounds}".strip()


def _table(name: str, table: Sheet, label: str) -> Table:
    rows: Sequence[tuple[str, ...]] = table.lines
    return Table(name, f"{label}: {table.caption.lower()}", table.headings, tuple(rows), table.numeric)
