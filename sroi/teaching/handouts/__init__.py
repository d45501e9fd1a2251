"""Handouts for a room: a glossary, ten questions, the facilitator's guide, and cards, each from its source to a PDF."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

from sroi.errors import FileRefused, Problem
from sroi.files.safety import write_whole
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
    paths = {name: folder / f"{name}.{form()}" for name in handouts}
    there = [path.name for path in paths.values() if path.exists() and not force]
    if there:
        found = f"{', '.join(there)} {'is' if len(there) == 1 else 'are'} already there"
        raise FileRefused(Problem(found, "Give another folder, or --force to replace them."), str(folder))
    contents = dict(rendered(handouts))
    made_folder(folder)
    for name, path in paths.items():
        write_whole(path, contents[name], overwrite=force)
    return tuple(paths.values())


def made_folder(folder: Path) -> None:
    """Make a folder where there is none; FileRefused if it cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        found = f"this folder cannot be made ({error.strerror})"
        raise FileRefused(Problem(found, "Name a folder that you may write to."), str(folder)) from None


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
