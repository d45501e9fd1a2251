"""Makes the catalogue of texts anew: every fixed text of the reports of the case studies and of random maps.

`make catalogue` runs this; a test fails while `sroi/language/sroi.pot` is not what it makes. Translations keep what they
say: an entry whose English text is no longer used moves to the end of its file, as gettext does.
"""

from __future__ import annotations

import io
import itertools
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import random_maps
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

import sroi
from sroi.language.catalogue import FOLDER, TEMPLATE
from sroi.language.phrases import cut
from sroi.reports import spoken
from sroi.reports.analysis import analyse
from sroi.reports.audiences import AUDIENCES
from sroi.reports.blocks import Story
from sroi.reports.story import tell
from sroi.shipped import case_studies

# What stands around a report in its formats.
AROUND = (
    "Contents",
    "Skip to the report",
    "Try other assumptions in the explorer",
    "Logo of the organisation that reports",
    "The working, step by step",
)
RANDOM_MAPS = 16
# Nowhere else in the program, so that they are found again in its sentences.
WORDS = [f"Qx{number}q" for number in range(101, 130)] + [""]


def maps() -> Iterator[sroi.ImpactMap]:
    """Yield the case studies, and random maps whose words are like no others."""
    for name in case_studies():
        yield sroi.example(name)
    with mock.patch.object(random_maps, "WORDS", WORDS):
        trees = [random_maps.random_value_map(random.Random(seed), 4) for seed in range(RANDOM_MAPS)]
    for tree in trees:
        ids = r"\b(people|grant|(?:group|outcome|output|input)_\d+)\b"
        yield sroi.ImpactMap.model_validate(json.loads(re.sub(ids, r"qx_\1", json.dumps(tree))))


def stories(impact_map: sroi.ImpactMap) -> Iterator[Story]:
    """Yield what a map's report says to each audience."""
    analysis = analyse(impact_map, sroi.evaluate(impact_map))
    for audience in AUDIENCES:
        yield tell(analysis, audience)


def rules() -> Iterator[str]:
    """Yield the rules that may stand beside a ratio."""
    tree = sroi.example("wheels_to_meals").model_dump(exclude_none=True)
    for timing, rate, year in itertools.product(
        random_maps.TIMINGS, (0.035, "uk_green_book", (0.02, 0.03)), (None, 1.0)
    ):
        conventions = {**tree["conventions"], "discount_timing": timing}
        if year is not None:
            conventions["present_at"] = year
        conventions["discount_rate"] = {"by_year": list(rate)} if isinstance(rate, tuple) else rate
        for analysis in ("forecast", "evaluative"):
            changed = {**tree, "analysis": analysis, "conventions": conventions}
            yield sroi.evaluate(sroi.ImpactMap.model_validate(changed)).rules()


def phrases_of(story: Story, own: set[str]) -> dict[str, set[str]]:
    """Return every entry that a story needs, in order, with the places where it stands."""
    found: dict[str, set[str]] = {}

    def say(kind: str, place: str, text: str) -> str:
        if kind in ("heading", "table heading") or text not in own:
            for phrase in cut(text, own, finely=kind == "alt"):
                found.setdefault(phrase, set()).add(f"{kind}, {place}")
        return text

    spoken.retold(story, say)
    return found


def template() -> Catalog:
    """Return the catalogue of all texts, without a translation."""
    texts: dict[str, set[str]] = {}
    for impact_map in maps():
        own = spoken.own_texts(impact_map)
        for number in impact_map.numbers().values():
            texts.setdefault(cut(number.label, own)[0], set()).add("the label of a number")
        own |= {number.label for number in impact_map.numbers().values()}
        for story in stories(impact_map):
            for phrase, places in phrases_of(story, own).items():
                texts.setdefault(phrase, set()).update(places)
    for said in rules():
        for phrase in cut(f"{said}.", ["GBP"]):
            texts.setdefault(phrase, set()).add("the rules beside a ratio")
    texts |= {note: {"the note on the translation"} for note in (spoken.BEGUN, spoken.BEGUN_AND_REVIEWED, spoken.DRAFT)}
    texts |= {text: {"around the report"} for text in AROUND if text not in texts}
    catalog = _empty()
    for text, places in texts.items():
        shown = sorted(places)
        catalog.add(text, auto_comments=["; ".join(shown[:3]) + ("; .." if len(shown) > 3 else "")])
    return catalog


def _empty(**more: str) -> Catalog:
    return Catalog(project="sroi", copyright_holder="The sroi authors", fuzzy=False, **more)


def written(catalog: Catalog) -> bytes:
    """Return a catalogue's file, without the moment at which it was made: the same texts, the same bytes."""
    stream = io.BytesIO()
    write_po(stream, catalog, width=100)
    lines = stream.getvalue().decode("utf-8").splitlines(keepends=True)
    changing = ('"POT-Creation-Date', '"PO-Revision-Date', '"Generated-By')
    return "".join(line for line in lines if not line.startswith(changing)).encode("utf-8")


def read(path: Path) -> Catalog:
    """Return a catalogue from its file."""
    with path.open("rb") as file:
        return read_po(file)


def main() -> None:
    """Write the catalogue anew, and bring every translation up to it."""
    made = template()
    TEMPLATE.write_bytes(written(made))
    for path in sorted(FOLDER.glob("*.po")):
        translation = read(path)
        translation.update(made, no_fuzzy_matching=True, update_header_comment=False)
        path.write_bytes(written(translation))
        done = sum(bool(message.id and message.string) for message in translation)
        print(f"{path.name}: {done} of {len(made)} texts")  # noqa: T201


if __name__ == "__main__":
    main()
