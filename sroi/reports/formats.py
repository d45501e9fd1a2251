"""The formats in which a report can be had."""

from __future__ import annotations

from sroi.errors import Problem, TemplateRefused, did_you_mean

FORMATS = ("html", "docx")


def check_formats(formats: str) -> tuple[str, ...]:
    """Return the formats named in "html,docx"; TemplateRefused for one that is not known."""
    wanted = tuple(word.strip().lower() for word in formats.split(",") if word.strip())
    problems = [
        Problem(f"there is no format '{word}'", did_you_mean(word, FORMATS)) for word in wanted if word not in FORMATS
    ]
    if problems or not wanted:
        raise TemplateRefused(problems or Problem("no format is named", f"Name {' or '.join(FORMATS)}."))
    return wanted
