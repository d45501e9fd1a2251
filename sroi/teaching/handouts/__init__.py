"""Handouts for a room: a glossary, ten questions, the facilitator's guide, and cards, each from its source to a PDF."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

from sroi.files.together import refuse_what_is_there, write_together
from sroi.impact_map import ImpactMap
from sroi.reports.handout import Deck, Handout, Sheet
from sroi.shipped import case_studies, example
from sroi.teaching.handouts.cards import blank_cards, cards, shortened
from sroi.teaching.handouts.glossary import glossary
from sroi.teaching.handouts.sources import sheet
from sroi.version import __version__

__all__ = ["cards", "form", "sheets", "write_handouts"]


def form() -> str:
    """Return the form in which handouts are written: pdf, or html where the package typst is not installed."""
    return "pdf" if find_spec("typst") else "html"


def sheets() -> dict[str, Sheet]:
    """Return the handouts of words, by the name of their file."""
    return {
        "glossary": glossary(),
        "ten_questions": sheet(_source("ten_questions"), letter=11),
        "facilitators_guide": sheet(_source("facilitators_guide"), letter=10.2),
    }


def _source(name: str) -> str:
    return Path(__file__).with_name(f"{name}.md").read_text(encoding="utf-8")


def write_handouts(
    folder: Path, maps: Mapping[str, ImpactMap] | None = None, *, force: bool = False
) -> tuple[Path, ...]:
    """Write all handouts into a folder, and return their files: PDF, or pages that print where typst is not installed.

    `maps` are those of which cards are made, by the name that their file gets; left out, the case studies that travel
    with the program. The same bytes for the same maps. FileRefused, before anything is written, if one of the files is
    there and `force` is not given.
    """
    chosen = maps if maps is not None else {name: example(name) for name in case_studies()}
    decks = {f"cards_{name}": cards(impact_map) for name, impact_map in chosen.items()}
    handouts: dict[str, Handout] = {**sheets(), "cards_blank": blank_cards(), **decks}
    files = [f"{name}.{form()}" for name in handouts]
    refuse_what_is_there(folder, files, force)
    contents = dict(rendered(handouts))
    return write_together({f"{name}.{form()}": contents[name] for name in handouts}, folder, overwrite=force)


def rendered(handouts: Mapping[str, Handout]) -> Iterator[tuple[str, bytes]]:
    """Yield each handout's name and bytes, in the form that this machine can make."""
    from sroi.reports.handout_html import handout_page
    from sroi.reports.handout_pdf import handout_pdf

    for name, handout in handouts.items():
        footer = _footer(handout)
        yield name, handout_pdf(handout, footer) if form() == "pdf" else handout_page(handout, footer).encode("utf-8")


def _footer(handout: Handout) -> str:
    """Return what stands at the foot of each page or card."""
    if isinstance(handout, Deck):
        return shortened(handout.of, 70)
    return f"{handout.title}. Made with sroi {__version__}."
