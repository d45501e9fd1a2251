"""A story in another language: its headings and sentences from the catalogue, the map's own texts as they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from sroi import wording
from sroi.impact_map import ImpactMap
from sroi.language.catalogue import ENGLISH, known_language, lookup
from sroi.language.figures import figures_in, speaking
from sroi.language.phrases import Speaker
from sroi.reading import Reads
from sroi.reports.blocks import Block, Bullets, Details, Figure, Paragraph, Section, Story, Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawing

# Says a text: of which kind (heading, caption, table heading, cell, text, alt), where it stands, the text.
Say = Callable[[str, str, str], str]

BEGUN = (
    "This translation has been begun: {figure1} of the headings and sentences of this report are translated, as drafts "
    "that a speaker has still to review. The rest is in English. What the value map says stands as it was written."
)
BEGUN_AND_REVIEWED = (
    "This translation has been begun: {figure1} of the headings and sentences of this report are translated. "
    "The rest is in English. What the value map says stands as it was written."
)
DRAFT = (
    "This translation is a draft that a speaker has still to review. What the value map says stands as it was written."
)


def spoken(story: Story, language: str, impact_map: ImpactMap) -> Story:
    """Return a story in another language; in English, the story itself.

    `language` is one of `sroi.language.catalogue.languages()`. What the catalogue lacks stays English, and the first
    section closes with a note, in both languages, of how far the translation has come. The map's own texts are never
    translated. The story is to be told outside `speaking`, with figures as English writes them. Raises TemplateRefused
    for a language without a catalogue.
    """
    tag = known_language(language)
    if tag == ENGLISH:
        return story
    labels = [number.label for number in impact_map.numbers().values()]
    speaker = Speaker(tag, own_texts(impact_map), labels)

    def say(kind: str, _: str, text: str) -> str:
        return speaker.heading(text) if kind in ("heading", "table heading") else speaker.say(text)

    told = replace(retold(story, say), language=tag)
    if figures_in(tag) is not None:
        told = replace(told, sections=tuple(_drawn(section, tag) for section in told.sections))
    note = _note(speaker)
    if note is None or not told.sections:
        return told
    first = told.sections[0]
    notes = (Paragraph(_in_language(tag, *note), "note"), Paragraph(_filled(*note), "note"))
    return replace(told, sections=(replace(first, blocks=(*first.blocks, *notes)), *told.sections[1:]))


def retold(story: Story, say: Say) -> Story:
    """Return a story with each of its texts passed through `say`; the title is the map's own, and stays."""
    subtitle = say("text", "under the title", story.subtitle)
    return replace(story, subtitle=subtitle, sections=tuple(_section(section, say) for section in story.sections))


def own_texts(impact_map: ImpactMap) -> set[str]:
    """Return every text that the map's author wrote, with the names and ids, but not words chosen from a list."""
    texts = {impact_map.currency, *impact_map.numbers(), *_texts(impact_map)}
    origin = impact_map.origin
    if origin is not None:
        texts |= {origin.sha256, *origin.repairs}
    return {text for text in texts if text.strip()}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            if not _is_choice(field):
                yield from _texts(getattr(value, name))
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _texts(key)
            yield from _texts(each)
    elif isinstance(value, list | tuple | set | frozenset):
        for each in value:
            yield from _texts(each)


def _is_choice(field: Any) -> bool:
    """Say whether a field takes one of a list of words, which are the program's."""
    reads = [*field.metadata, *(part for kind in _kinds(field.annotation) for part in kind)]
    return any(isinstance(each, Reads) and "enum" in (each.schema or {}) for each in reads)


def _kinds(annotation: Any) -> Iterator[tuple[Any, ...]]:
    yield getattr(annotation, "__metadata__", ())
    for part in getattr(annotation, "__args__", ()):
        yield from _kinds(part)


def _section(section: Section, say: Say) -> Section:
    heading = say("heading", f"section {section.name}", section.heading)
    return Section(section.name, heading, tuple(_block(block, section.name, say) for block in section.blocks))


def _block(block: Block, where: str, say: Say) -> Any:
    if isinstance(block, Paragraph):
        return replace(block, text=say("text", f"section {where}", block.text))
    if isinstance(block, Bullets):
        return Bullets(tuple(say("text", f"section {where}", item) for item in block.items))
    if isinstance(block, Figure):
        place = f"figure {block.name}"
        return replace(block, caption=say("caption", place, block.caption), alt=say("alt", place, block.alt))
    if isinstance(block, Details):
        inner = tuple(_block(each, where, say) for each in block.blocks)
        return Details(say("text", f"section {where}", block.summary), inner)
    return _table(block, say)


def _table(block: Table, say: Say) -> Table:
    place = f"table {block.name}"
    return replace(
        block,
        caption=say("caption", place, block.caption),
        headings=tuple(say("table heading", place, heading) for heading in block.headings),
        rows=tuple(tuple(say("cell", place, cell) for cell in row) for row in block.rows),
    )


def _drawn(section: Section, tag: str) -> Section:
    """Return a section whose figures are drawn with the language's numbers."""

    def drawn(block: Block) -> Block:
        return replace(block, draw=_speaking(block.draw, tag)) if isinstance(block, Figure) else block

    return replace(section, blocks=tuple(drawn(block) for block in section.blocks))


def _speaking(draw: Callable[[float], Drawing], tag: str) -> Callable[[float], Drawing]:
    def drawn(width: float) -> Drawing:
        with speaking(tag):
            return draw(width)

    return drawn


def _note(speaker: Speaker) -> tuple[str, str] | None:
    """Return the note on how far the translation has come, and the share translated; None of a finished one."""
    drafts = any(entry.draft for entry in speaker.used)
    if not speaker.missing:
        return (DRAFT, "") if drafts else None
    all_ = len(speaker.used) + len(speaker.missing)
    share = wording.per_cent(min(round(len(speaker.used) / all_, 2), 0.99))
    return (BEGUN if drafts else BEGUN_AND_REVIEWED), share


def _filled(note: str, share: str) -> str:
    return note.replace("{figure1}", share)


def _in_language(tag: str, note: str, share: str) -> str:
    figures = figures_in(tag) or (lambda text: text)
    return _filled(lookup(tag, note), figures(share))
