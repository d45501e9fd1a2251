"""A report's files: the page, the documents, the workbook, the figures, and the tables as CSV."""

from __future__ import annotations

import json
from pathlib import Path

from sroi.provenance import document
from sroi.questions.licences import refuse_private
from sroi.reports import html
from sroi.reports.analysis import Analysis
from sroi.reports.audiences import AUDIENCES
from sroi.reports.blocks import Story
from sroi.reports.changes import figures_told
from sroi.reports.editing import sealed
from sroi.reports.formats import check_formats
from sroi.reports.leaving import LeftFiles
from sroi.reports.pictures import Pictures
from sroi.reports.styling import Look


def write_report(
    story: Story,
    analysis: Analysis,
    out: str | Path,
    formats: str = "html,docx",
    look: Look | None = None,
    explorer: bool = False,
    allow_private: bool = False,
) -> list[Path]:
    """Write the report into the folder `out`: report.html, .docx .., result.json, figures/ and tables/.

    Parameters: `formats`, which of the documents; `look`, an organisation's (`sroi.reports.styling.read_look`);
    `explorer`, whether the page links to an explorer.html beside it; `allow_private`, whether a licence allows values
    to be passed on that may not be as a rule (else LicenceRefused, and nothing is written). Returns the files written,
    each whole or not at all. A document that somebody edited since is left as it is, and the new one becomes
    report_2.docx.
    """
    wanted = check_formats(formats)
    refuse_private(analysis.impact_map, "the report", allow_private)
    pictures = Pictures()
    left = LeftFiles(out)
    if "html" in wanted:
        page = html.page(story, look, pictures, explorer="explorer.html" if explorer else None)
        left.put("report.html", page.encode("utf-8"))
    if "docx" in wanted:
        from sroi.reports import word

        figures = figures_told(document(analysis.impact_map, analysis.result))
        left.put("report.docx", word.document_bytes(story, look, pictures, figures))
    if "pdf" in wanted:
        from sroi.reports import pdf

        left.put("report.pdf", pdf.pdf_bytes(story, look, pictures))
    if "pptx" in wanted:
        from sroi.reports import slides

        left.put("report.pptx", slides.slides_bytes(_for_slides(story), look, pictures))
    if "xlsx" in wanted:
        from sroi.files.value_maps import value_map_bytes

        left.put("report.xlsx", sealed(value_map_bytes(analysis.impact_map, Path("report.xlsx"))))
    told = json.dumps(document(analysis.impact_map, analysis.result), indent=2, ensure_ascii=False, allow_nan=False)
    left.put("result.json", (told + "\n").encode("utf-8"))
    left.put_figures(story, pictures)
    left.put_tables(analysis.frames())
    return left.written


def _for_slides(story: Story) -> Story:
    """Return the story without the sections that are only to be read: those of the full report that slides leave out.

    Sections that a notebook put in stay.
    """
    to_read = [name for name in story.names if name in AUDIENCES["assurer"] and name not in AUDIENCES["slides"]]
    return story.without(*to_read) if len(to_read) < len(story.names) else story
