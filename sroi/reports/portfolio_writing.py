"""The portfolio report's files: portfolio.html, portfolio.docx, figures/ and tables/."""

from __future__ import annotations

from pathlib import Path

from sroi.portfolio.study import PortfolioStudy
from sroi.reports.blocks import Story
from sroi.reports.documents import leave_documents
from sroi.reports.leaving import LeftFiles
from sroi.reports.styling import Look


def write_portfolio(
    story: Story, study: PortfolioStudy, out: str | Path, formats: str = "html,docx", look: Look | None = None
) -> list[Path]:
    """Write the portfolio report into the folder `out` and return the files, each whole or not at all.

    Parameters: `formats`, of html, docx and pdf. A document that somebody edited is left as it is, and the new one
    becomes portfolio_2.docx. Raises TemplateRefused for a format that there is not.
    """
    left = LeftFiles(out)
    leave_documents(left, story, "portfolio", formats, look, "the portfolio report")
    left.put_tables(study.tables)
    return left.written
