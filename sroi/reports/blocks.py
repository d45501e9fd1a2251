"""The blocks that a report is made of: paragraphs, lists, tables, figures. Every format renders the same blocks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawing


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; `style` is normal, lead (the sentence that matters), ratio (the figure itself) or note."""

    text: str
    style: str = "normal"


@dataclass(frozen=True)
class Bullets:
    """A list of short texts."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table of words: one row of headings; `numeric` says which columns hold figures; `name` is its file's."""

    name: str
    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]
    # A table of many columns, set in smaller type.
    wide: bool = False


@dataclass(frozen=True)
class Figure:
    """A figure: its file's name, what stands under it, what it shows in words, and how to draw it [inches wide]."""

    name: str
    caption: str
    alt: str
    draw: Callable[[float], Drawing]


@dataclass(frozen=True)
class Details:
    """What a reader may open: on a page a click shows it, in print and in Word it stands in full, in an appendix."""

    summary: str
    blocks: tuple[Paragraph | Bullets | Table | Figure, ...]


Block = Paragraph | Bullets | Table | Figure | Details


@dataclass(frozen=True)
class Section:
    """A part of the report under one heading; `name` is how a notebook speaks of it."""

    name: str
    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Story:
    """What a report says, section by section."""

    title: str
    subtitle: str
    sections: tuple[Section, ...]
    language: str = "en-GB"

    def __getitem__(self, name: str) -> Section:
        """Return the section of this name; KeyError, naming those there are, if there is none."""
        for section in self.sections:
            if section.name == name:
                return section
        raise KeyError(f"no section '{name}'; there are {', '.join(self.names)}")

    @property
    def names(self) -> list[str]:
        """The sections' names, in order."""
        return [section.name for section in self.sections]

    def without(self, *names: str) -> Story:
        """Return the story without some sections; KeyError for one that there is not."""
        for name in names:
            self[name]
        return replace(self, sections=tuple(section for section in self.sections if section.name not in names))

    def with_section(self, section: Section, after: str | None = None) -> Story:
        """Return the story with a section in place of the one of its name, or after another, or at the end."""
        if section.name in self.names:
            kept = tuple(section if each.name == section.name else each for each in self.sections)
            return replace(self, sections=kept)
        place = self.sections.index(self[after]) + 1 if after is not None else len(self.sections)
        return replace(self, sections=(*self.sections[:place], section, *self.sections[place:]))


def figures(story: Story) -> list[Figure]:
    """Return the figures of a story, in order."""
    return [block for section in story.sections for block in section.blocks if isinstance(block, Figure)]


def paragraphs(texts: Sequence[str]) -> tuple[Paragraph, ...]:
    """Return plain paragraphs."""
    return tuple(Paragraph(text) for text in texts)


def plain(text: str) -> str:
    """Return a text without the control codes and half letters that XML cannot hold.

    >>> plain("a\\x0bb\\ud800c")
    'abc'
    """
    return "".join(
        letter for letter in text if letter in "\t\n\r" or (letter >= " " and not "\ud800" <= letter <= "\udfff"
                                                            and letter not in "\ufffe\uffff")
    )  # fmt: skip
