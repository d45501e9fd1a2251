"""The formats in which a report can be had, and what some of them need."""

from __future__ import annotations

from importlib.util import find_spec

from sroi.errors import Problem, TemplateRefused, did_you_mean

FORMATS = ("html", "docx", "pdf", "pptx", "xlsx")

# What a format needs that does not come with the program: the module, the package, the extra that brings it.
_NEEDS = {"pdf": ("typst", "typst", "pdf"), "pptx": ("pptx", "python-pptx", "slides")}


def check_formats(formats: str) -> tuple[str, ...]:
    """Return the formats named in "html,docx"; TemplateRefused for one not known, or whose package is not installed."""
    wanted = tuple(dict.fromkeys(word.strip().lower() for word in formats.split(",") if word.strip()))
    problems = [
        Problem(f"there is no format '{word}'", did_you_mean(word, FORMATS)) for word in wanted if word not in FORMATS
    ]
    for word in wanted:
        module, package, extra = _NEEDS.get(word, ("", "", ""))
        if module and find_spec(module) is None:
            found = f"the format '{word}' needs the package {package}, which is not installed"
            problems.append(Problem(found, f'Install it: pip install "sroi[{extra}]". Or leave {word} out.'))
    if problems or not wanted:
        remedy = f"Name one or more of {', '.join(FORMATS)}."
        raise TemplateRefused(problems or Problem("no format is named", remedy))
    return wanted
