"""Texts that people write and that other programs would take for orders, and a story made of nothing else."""

from __future__ import annotations

from sroi.reports.blocks import Bullets, Details, Paragraph, Section, Story, Table

HOSTILE = (
    "<script>alert(1)</script> & {{ 7 * 7 }}",
    "=cmd|' /C calc'!A0",
    '#import "@preview/evil:0.1.0": *',
    "#panic(1) $x^2$ *bold* _italics_ @label <mark> `raw` // not a comment",
    "\\#sys.inputs [brackets] = not a heading",
    "سكان الحي والمتطوعون",
    "社区居民与志愿者",
    "A_word_as_long_as_" + "nobody_" * 30 + "writes_it",
)


def story_of_texts(texts: tuple[str, ...] = HOSTILE) -> Story:
    """Return a story in which every text of every kind of block is a stranger's."""
    table = Table("t", texts[0], ("Name", "Figure"), tuple((text, text) for text in texts), (False, True))
    blocks = (*(Paragraph(text) for text in texts), Bullets(texts), table)
    worked = Details(texts[3], (Paragraph(texts[2]), table))
    return Story(texts[0], texts[1], (Section("s", texts[2], (*blocks, worked)), Section("e", "End", blocks)))
