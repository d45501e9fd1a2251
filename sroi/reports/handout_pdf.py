"""Handouts as tagged PDF, set by Typst. Every text reaches it as data, never as its language."""

from __future__ import annotations

from dataclasses import asdict
from itertools import pairwise
from typing import Any

from sroi.reports.blocks import plain
from sroi.reports.handout import Card, Deck, Handout, Heading, Part, Passage, Points, Rows, Terms, Words, plain_words
from sroi.reports.typesetting import typeset

_NARROW = 10  # letters up to which a column is as wide as what it says
_WHOLE = 18  # rows up to which a table stands on one page
_CROWDED = 180  # letters from which a card of a page is set small
_REMEDY = "Leave typst out: without it the handouts are written as pages that print as well."


def handout_pdf(handout: Handout, footer: str) -> bytes:
    """Return a handout as the bytes of a PDF: the same for the same words. Needs the package typst (the extra `pdf`).

    A sheet of ours is set in the letters that Typst brings, and is the same on any machine; cards hold a stranger's
    words, for which this machine's letters are taken where ours have none.
    """
    deck = isinstance(handout, Deck)

    source = "cards.typ" if deck else "handout.typ"
    return typeset(source, lambda folder: told(handout, footer), _REMEDY, system_fonts=deck)


def told(handout: Handout, footer: str) -> dict[str, Any]:
    """Return a handout as plain values, as the PDF's source and the page's template take it."""
    language, _, region = handout.language.partition("-")
    said = {"title": plain(handout.title), "footer": plain(footer), "language": language,
            "region": region.lower() or None}  # fmt: skip
    if isinstance(handout, Deck):
        return {**said, "pages": [[card_told(card) for card in page] for page in handout.pages]}
    parts = [_part(part) for part in handout.parts]
    for part, follows in pairwise(parts):
        part["stays"] = part["kind"] == "Passage" and follows["kind"] in ("Points", "Rows")
    return {**said, "subtitle": _runs(handout.subtitle), "letter": handout.letter, "columns": handout.columns,
            "parts": parts}  # fmt: skip


def card_told(card: Card) -> dict[str, Any]:
    """Return a card as plain values: what stands on its band, and what a blank one asks for."""
    label, ask = ("STAKEHOLDER", "Who?") if card.kind == "stakeholder" else ("OUTCOME", "What changes?")
    letters = len(card.name) + len(card.quote) + sum(len(said) for _, said in card.lines)
    return {
        **asdict(card),
        "crowded": letters > _CROWDED,
        "label": label,
        "ask": ask,
        "name": plain(card.name),
        "lines": [[name, plain(said)] for name, said in card.lines],
        "quote": f"“{plain(card.quote)}”" if card.quote else "",
    }


def _part(part: Part) -> dict[str, Any]:
    told: dict[str, Any] = {"kind": type(part).__name__, "stays": False}
    match part:
        case Heading(words, level):
            return {**told, "words": _runs(words), "level": level}
        case Passage(words):
            return {**told, "words": _runs(words)}
        case Points(items, numbered):
            return {**told, "items": [_runs(item) for item in items], "numbered": numbered}
        case Rows(headings, rows):
            return {
                **told,
                "headings": [_runs(heading) for heading in headings],
                "rows": [[_runs(cell) for cell in row] for row in rows],
                "shares": column_shares(part),
                "whole": len(rows) <= _WHOLE,
            }
        case Terms(pairs):
            return {**told, "pairs": [[_runs(word), _runs(meaning)] for word, meaning in pairs]}


def column_shares(table: Rows) -> list[float]:
    """Return how wide each column is beside the others, by how much it says; 0 for one as narrow as what it says."""
    columns = zip(table.headings, *table.rows, strict=True)
    said = [[len(plain_words(cell)) for cell in column] for column in columns]
    return [0.0 if max(letters) <= _NARROW else (sum(letters) / len(letters)) ** 0.75 for letters in said]


def _runs(words: Words) -> list[list[str]]:
    return [[plain(run.text), run.style] for run in words]
