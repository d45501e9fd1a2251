"""The list of contents on teaching and cases: its pages come from several hands, each as soon as it is written."""

from __future__ import annotations

from pathlib import Path

_DOCS = Path(__file__).parent.parent
_PAGES = ("teaching", "lessons", "handouts", "case_studies")


def teaching_contents() -> str:
    """Return the list of contents as Markdown: those pages that are there, then the case studies by name."""
    pages = [name for name in _PAGES if (_DOCS / f"{name}.md").exists()]
    lines = [":caption: Teaching and cases", ":hidden:", ":titlesonly:", ":glob:", "", *pages, "/case_studies/*/README"]
    return "\n".join(["```{toctree}", *lines, "```", ""])
