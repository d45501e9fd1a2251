"""Reports in other languages: what is translated, what never is, and figures as a language writes them."""

from __future__ import annotations

import copy
from dataclasses import replace
from pathlib import Path
from typing import Any

import catalogue
import pytest

import sroi
from sroi import wording
from sroi.errors import TemplateRefused
from sroi.language.catalogue import PLACE, TEMPLATE, entries, languages, lookup, read_entries
from sroi.language.figures import days_in, figures_in, speaking
from sroi.language.phrases import Speaker, cut
from sroi.reports import html, spoken
from sroi.reports.analysis import analyse
from sroi.reports.blocks import Figure, Paragraph, Section, Story
from sroi.reports.story import tell

STUDIES = ["befriending", "wheels_to_meals"]


def told(impact_map: sroi.ImpactMap, audience: str = "funder") -> Story:
    return tell(analyse(impact_map, sroi.evaluate(impact_map)), audience)


def in_welsh(impact_map: sroi.ImpactMap) -> Story:
    return spoken.spoken(told(impact_map), "cy", impact_map)


def every_text(story: Story) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []

    def say(kind: str, _: str, text: str) -> str:
        found.append((kind, text))
        return text

    spoken.retold(story, say)
    return found


def texts_of(story: Story) -> list[str]:
    return [text for _, text in every_text(story)]


# ---- the story ----


def test_in_english_the_story_is_the_story() -> None:
    impact_map = sroi.example("wheels_to_meals")
    story = told(impact_map)
    assert spoken.spoken(story, "en", impact_map) is story
    assert spoken.spoken(story, "en-GB", impact_map) is story


def test_telling_it_in_welsh_leaves_the_english_page_as_it_was_byte_for_byte() -> None:
    impact_map = sroi.example("wheels_to_meals")
    before = html.page(told(impact_map))
    spoken.spoken(told(impact_map), "cy", impact_map)
    assert html.page(told(impact_map)) == before


def test_a_report_in_welsh_has_welsh_headings_and_says_so_in_its_page() -> None:
    story = in_welsh(sroi.example("befriending"))
    assert story.language == "cy-GB"
    assert story["ratio"].heading == "Canlyniad y dadansoddiad"
    assert story["limits"].heading == "Yr hyn na all yr adroddiad hwn ei ddweud"
    assert story["sources"].heading == "Ffynonellau a thrwyddedau"
    assert '<html lang="cy-GB">' in html.page(story)


@pytest.mark.parametrize("name", STUDIES)
def test_the_first_page_is_in_welsh_throughout(name: str) -> None:
    impact_map = sroi.example(name)
    speaker = Speaker("cy", spoken.own_texts(impact_map))
    for text in texts_of(replace(told(impact_map), sections=(told(impact_map)["ratio"],))):
        speaker.say(text)
    assert speaker.missing == set()


def test_the_sentence_that_matters_is_welsh_with_its_figures() -> None:
    lead = in_welsh(sroi.example("befriending"))["ratio"].blocks[1]
    assert lead == Paragraph(
        "Amcangyfrifir bod y gweithgaredd wedi creu tua £2.00 o werth cymdeithasol am bob £1 a roddwyd i mewn. "
        "Gwerth i bobl yw hwn, nid arian parod.", "lead",
    )  # fmt: skip


def test_a_day_is_written_with_the_months_of_the_language() -> None:
    assert "Cyfnod: 1 flwyddyn o 1 Ebrill 2013" in texts_of(in_welsh(sroi.example("befriending")))
    assert days_in("cy", "on 31 February 2024") == "on 31 February 2024"


def test_the_report_says_once_and_in_both_languages_how_far_the_translation_has_come() -> None:
    texts = texts_of(in_welsh(sroi.example("befriending")))
    assert sum(text.startswith("Mae'r cyfieithiad hwn wedi'i ddechrau: mae ") for text in texts) == 1
    assert sum(text.startswith("This translation has been begun: ") for text in texts) == 1
    assert any("drafts that a speaker has still to review" in text for text in texts)


def test_what_the_catalogue_lacks_stays_english_and_counts_as_missing() -> None:
    speaker = Speaker("cy")
    assert speaker.say("A sentence that nobody put into the catalogue.") == (
        "A sentence that nobody put into the catalogue."
    )
    assert speaker.missing == {"A sentence that nobody put into the catalogue."}


def test_a_story_has_the_same_blocks_in_every_language() -> None:
    impact_map = sroi.example("befriending")
    english, welsh = told(impact_map), in_welsh(impact_map)
    assert welsh.names == english.names
    for name in english.names[1:]:
        pairs = zip(english[name].blocks, welsh[name].blocks, strict=True)
        assert all(type(one) is type(other) for one, other in pairs)
    assert welsh.title == english.title


# ---- texts of the map ----

# What no sentence of the program holds: wherever it stands, the map wrote it.
STRANGE = [
    "{0}", "{text1}", "{figure1} years", "{text1.__class__}", "%s %(name)s", r"\1 \g<0> (?P<x>.*)+$ [^",
    "x” leads to “y", "Calmer: deadweight", "Find out first: “{text1}”.", "1 April 2024", "£1,234.56",
    "Purpose: Purpose: x", "a; b: c, d. e", "<script>alert(1)</script>", "{{ 7 * 7 }}", "}{",
]  # fmt: skip
# What the program itself says too.
ECHOES = ["Sources", "The program recomputes sums.", "high", "SROI ratio", "The result", "Period: 1 year", "Deadweight"]
HOSTILE = [*STRANGE, *ECHOES]


def with_words(tree: dict[str, Any], words: str) -> sroi.ImpactMap:
    changed = copy.deepcopy(tree)
    changed["title"] = changed["organisation"] = changed["activities"] = words
    changed["narrative"] = dict.fromkeys(changed["narrative"], words)
    changed["negative_outcomes_sought"] = words
    for who in changed["stakeholders"]:
        who["name"] = words
        for part in who.get("involved", ()):
            part |= {"how": words, "said": words}
    changed["inputs"][0] |= {"description": words, "source": words}
    for outcome in changed["outcomes"]:
        outcome |= {"description": words, "indicator": words, "material": {"relevance": words, "reason": words}}
        outcome["proxy"] |= {"source": words}
        outcome["deadweight"] = {"value": 0.1, "note": words}
    return sroi.ImpactMap.model_validate(changed)


def without_notes(story: Story) -> Story:
    first = story.sections[0]
    return replace(story, sections=(replace(first, blocks=first.blocks[:-2]), *story.sections[1:]))


@pytest.mark.parametrize("words", HOSTILE)
def test_words_of_the_map_come_out_as_they_were_written(small_tree: dict[str, Any], words: str) -> None:
    impact_map = with_words(small_tree, words)
    english = told(impact_map)
    welsh = without_notes(spoken.spoken(english, "cy", impact_map))
    pairs = list(zip(every_text(english), every_text(welsh), strict=True))
    assert sum(words in text for (_, text), _ in pairs) > 20
    for (kind, before), (_, after) in pairs:
        if words in STRANGE:
            assert after.count(words) == before.count(words)
        elif before == words and kind not in ("heading", "table heading"):
            assert after == words
    assert welsh.title == words


@pytest.mark.parametrize("words", HOSTILE)
def test_words_of_the_map_stay_whole_within_a_sentence(words: str) -> None:
    speaker = Speaker("cy", [words], [f"{words}: deadweight"])
    assert speaker.say(words) == words
    assert speaker.say(f"Purpose: {words}") in (f"Diben: {words}", f"Purpose: {words}")
    assert speaker.say(f"{words}: deadweight") in (f"{words}: pwysau marw", f"{words}: deadweight")


def test_a_text_that_can_be_read_in_two_ways_stays_english() -> None:
    speaker = Speaker("cy", ["x", "x: size", "size"])
    assert speaker.say("x: size: size") == "x: size: size"


def test_words_that_are_not_the_maps_are_no_text_of_a_sentence() -> None:
    assert Speaker("cy", ["to learn"]).say("Purpose: to earn") == "Purpose: to earn"
    assert Speaker("cy", ["to learn"]).say("Purpose: to learn") == "Diben: to learn"


def test_a_sentence_of_endless_readings_is_given_up_in_time() -> None:
    nested = ["a" * length for length in range(1, 200)]
    text = "a" * 4000
    assert Speaker("cy", nested).say(text) == text


def test_a_section_that_a_notebook_puts_in_comes_through() -> None:
    impact_map = sroi.example("wheels_to_meals")
    own = Section("ours", "Our own heading", (Paragraph("Our own words {0}."),))
    story = spoken.spoken(told(impact_map).with_section(own), "cy", impact_map)
    assert story["ours"] == own


# ---- languages ----


def test_a_language_without_a_catalogue_is_refused_with_those_there_are() -> None:
    impact_map = sroi.example("wheels_to_meals")
    with pytest.raises(TemplateRefused, match=r"there is no report in a language 'xx'\. Known: en, cy"):
        spoken.spoken(told(impact_map), "xx", impact_map)
    assert languages() == ("en", "cy")


def test_what_stands_around_a_report_is_in_the_catalogue_too() -> None:
    assert lookup("cy", "Contents") == "Cynnwys"
    assert lookup("en", "Contents") == "Contents"
    assert lookup("cy", "not in the catalogue") == "not in the catalogue"


# ---- figures ----


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "−£81,741.93|NZD\u00a01,234|3.5\u00a0%|1.93|7,500.5|no ratio"),
        ("cy", "−£81,741.93|NZD\u00a01,234|3.5\u00a0%|1.93|7,500.5|no ratio"),
        ("de", "−81.741,93\u00a0£|1.234\u00a0NZ$|3,5\u00a0%|1,93|7.500,5|no ratio"),
        ("fr", "−81\u202f741,93\u00a0£GB|1\u202f234\u00a0$NZ|3,5\u00a0%|1,93|7\u202f500,5|no ratio"),
    ],
)
def test_money_shares_and_ratios_are_written_as_the_language_does(language: str, expected: str) -> None:
    with speaking(language):
        said = [
            wording.money(-81741.93, "GBP", 2), wording.money(1234, "NZD"), wording.per_cent(0.035),
            wording.ratio(1.929), wording.plain(7500.5), wording.ratio(float("nan")),
        ]  # fmt: skip
    assert "|".join(said) == expected
    assert wording.money(1234.5, "GBP", 2) == "£1,234.50"


def test_one_page_has_one_way_to_write_figures_even_where_sentences_are_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Total inputs"\nmsgstr "Einsatz"\n'
    entry = 'msgid "Payback"\nmsgstr ""\n\nmsgid "{figure1} years"\nmsgstr ""\n'
    (tmp_path / "de.po").write_text(f"{text}\n{entry}", encoding="utf-8")
    monkeypatch.setattr("sroi.language.catalogue.FOLDER", tmp_path)
    impact_map = sroi.example("wheels_to_meals")
    english = told(impact_map)
    seen: list[str] = []

    def draw(_: float) -> Any:
        seen.append(wording.ratio(1.93))

    ladder = replace(english["ladder"], blocks=(Figure("ladder", "c", "a", draw),))
    german = spoken.spoken(english.with_section(ladder), "de", impact_map)
    totals = next(block for block in german["ratio"].blocks if hasattr(block, "rows"))
    assert german.language == "de-DE"
    assert ("Einsatz", "42.375\u00a0£") in totals.rows
    assert ("SROI ratio", "1,93 : 1") in totals.rows
    assert ("Payback", "0,53 years") in totals.rows
    german["ladder"].blocks[0].draw(5.0)  # type: ignore[union-attr]
    draw(5.0)
    assert seen == ["1,93", "1.93"]


def test_years_seeds_and_versions_are_not_grouped() -> None:
    say = figures_in("de")
    assert say is not None
    assert say("2009 prices, seed 12345, version 0.1.0, 1,234.5 and 1.93") == (
        "2009 prices, seed 12345, version 0.1.0, 1.234,5 and 1,93"
    )


def test_a_language_of_which_nothing_is_known_has_no_figures() -> None:
    with pytest.raises(TemplateRefused, match="nothing is known of a language 'xx'"), speaking("xx"):
        pass


# ---- the catalogue ----


@pytest.mark.slow
def test_the_catalogue_is_current() -> None:
    made = {message.id for message in catalogue.template() if message.id}
    assert {entry.pattern for entry in read_entries(TEMPLATE)} == made, "run `make catalogue`"
    for language in languages()[1:]:
        assert {entry.pattern for entry in entries(language)} == made, "run `make catalogue`"


@pytest.mark.parametrize("name", STUDIES)
def test_every_fixed_text_of_a_case_study_is_in_the_catalogue(name: str) -> None:
    impact_map = sroi.example(name)
    own = spoken.own_texts(impact_map) | {number.label for number in impact_map.numbers().values()}
    known = {entry.pattern for entry in read_entries(TEMPLATE)}
    missing = {
        phrase
        for story in catalogue.stories(impact_map)
        for phrase in catalogue.phrases_of(story, own)
        if phrase not in known
    }
    assert missing == set(), "run `make catalogue`"


def test_a_translation_has_the_places_of_its_text_and_no_others() -> None:
    for path in catalogue.FOLDER.glob("*.po"):
        for message in catalogue.read(path):
            if message.id and message.string:
                assert sorted(PLACE.findall(message.string)) == sorted(PLACE.findall(message.id)), message.id


def test_what_stands_around_a_report_is_what_its_formats_say() -> None:
    folder = catalogue.FOLDER.parent / "reports"
    sources = "".join(
        path.read_text(encoding="utf-8") for path in folder.iterdir() if path.suffix in (".py", ".j2", ".typ")
    )
    assert [text for text in catalogue.AROUND if text not in sources] == []


def test_a_text_is_cut_into_sentences_with_places() -> None:
    assert cut("SROI ratio; forecast, GBP, 2009 prices, discounted from the end of each year at 3.5\u00a0% a year.", ["GBP"]) == [
        "SROI ratio", "forecast", "{figure1} prices", "discounted from the end of each year at {figure1} a year."
    ]  # fmt: skip
