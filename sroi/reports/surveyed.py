"""What a survey shows, and what it wrote into a map, as sections of a report: no row, no id, no small number."""

from __future__ import annotations

from collections.abc import Sequence

from sroi.reports.blocks import Bullets, Paragraph, Section, Table
from sroi.survey.claiming import Written
from sroi.survey.study import Study
from sroi.survey.telling import remarks, verdict_words
from sroi.terminal.survey import asked_words, figures


def shown_by(study: Study) -> Section:
    """Return the section: the verdict, the figures, and what should be known of them."""
    headings, rows = figures(study)
    caption = "Answers before and after, with 95 % intervals"
    table = Table("survey", caption, ("Figure", *headings[1:]), tuple(rows), (False, *(True for _ in headings[1:])))
    asked = f"From {study.answers.file}: {asked_words(study.answers)}."
    counted = [each.words(study.rules.smallest) for each in study.answers.counted]
    said = tuple(f"{text[:1].upper()}{text[1:]}" for text in (*remarks(study), *(f"{each}." for each in counted)))
    return Section(
        "survey", "What the survey shows",
        (Paragraph(verdict_words(study), "lead"), Paragraph(asked), table,
         Bullets(said)),
    )  # fmt: skip


def written_section(study: Study, changes: Sequence[Written]) -> Section:
    """Return the section: every number and text of the map that the survey wrote, beside what stood there."""
    heading = "What was written into the map"
    if not changes:
        why = f"{study.verdict}: " if not study.shown else ""
        return Section("written", heading, (Paragraph(f"Nothing ({why}the map stands as it was)."),))
    rows = tuple((change.name, change.before, change.after) for change in changes)
    table = Table(
        "written", "Written by the survey", ("Number", "Before", "Now"), rows, (False, False, False), wide=True
    )
    return Section("written", heading, (table,))
