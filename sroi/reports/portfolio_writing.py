"""The portfolio report's files: portfolio.html, portfolio.docx, figures/ and tables/."""

from __future__ import annotations

from pathlib import Path

from sroi.errors import Problem, TemplateRefused
from sroi.portfolio.study import PortfolioStudy
from sroi.reports import html
from sroi.reports.blocks import Story
from sroi.reports.leaving import LeftFiles
from sroi.reports.pictures import Pictures
from sroi.reports.styling import Look

FORMATS = ("html", "docx", "pdf")


def write_portfolio(
    story: Story, study: PortfolioStudy, out: str | Path, formats: str = "html,docx", look: Look | None = None
) -> list[Path]:
    """Write the portfolio report into the folder `out` and return the files, each whole or not at all.

    Parameters: `formats`, of html, docx and pdf. A document that somebody edited is left as it is, and the new one
    becomes portfolio_2.docx. Raises TemplateRefused for a format that there is not.
    """
    wanted = [each.strip().lower() for each in formats.split(",") if each.strip()]
    unknown = [each for each in wanted if each not in FORMATS]
    if unknown or not wanted:
        found = f"the portfolio report has no format '{unknown[0][:40]}'" if unknown else "no format is named"
        raise TemplateRefused(Problem(found, f"Give {', '.join(FORMATS[:-1])} or {FORMATS[-1]}."))
    pictures = Pictures()
    left = LeftFiles(out)
    if "html" in wanted:
        left.put("portfolio.html", html.page(story, look, pictures).encode("utf-8"))
    if "docx" in wanted:
        from sroi.reports import word

        left.put("portfolio.docx", word.document_bytes(story, look, pictures))
    if "pdf" in wanted:
        from sroi.reports import pdf

        left.put("portfolio.pdf", pdf.pdf_bytes(story, look, pictures))
    left.put_figures(story, pictures)
    left.put_tables(study.tables)
    return left.written
