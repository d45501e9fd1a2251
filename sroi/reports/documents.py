"""A story's documents under one name: page, Word document and PDF, as papers beside the report of a map have them."""

from __future__ import annotations

from sroi.errors import Problem, TemplateRefused
from sroi.reports import html
from sroi.reports.blocks import Story
from sroi.reports.leaving import LeftFiles
from sroi.reports.pictures import Pictures
from sroi.reports.styling import Look

FORMATS = ("html", "docx", "pdf")


def leave_documents(left: LeftFiles, story: Story, stem: str, formats: str, look: Look | None, what: str) -> None:
    """Put STEM.html, STEM.docx and STEM.pdf, as far as asked for, and the story's figures into a folder.

    Parameters: `formats`, such as "html,docx"; `what`, how a refusal calls it ("the portfolio report"). Raises
    TemplateRefused, before anything is written, for a format that there is not.
    """
    wanted = [each.strip().lower() for each in formats.split(",") if each.strip()]
    unknown = [each for each in wanted if each not in FORMATS]
    if unknown or not wanted:
        found = f"{what} has no format '{unknown[0][:40]}'" if unknown else "no format is named"
        raise TemplateRefused(Problem(found, f"Give {', '.join(FORMATS[:-1])} or {FORMATS[-1]}."))
    pictures = Pictures()
    if "html" in wanted:
        left.put(f"{stem}.html", html.page(story, look, pictures).encode("utf-8"))
    if "docx" in wanted:
        from sroi.reports import word

        left.put(f"{stem}.docx", word.document_bytes(story, look, pictures))
    if "pdf" in wanted:
        from sroi.reports import pdf

        left.put(f"{stem}.pdf", pdf.pdf_bytes(story, look, pictures))
    left.put_figures(story, pictures)
