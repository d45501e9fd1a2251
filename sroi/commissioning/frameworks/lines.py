"""Frameworks, what was found in them, and which model could apply, as lines for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from sroi import wording
from sroi.commissioning.bodies import BODIES
from sroi.commissioning.frameworks.framework import KIND_WORDS, Framework, Item, Measure, day_words
from sroi.commissioning.frameworks.passing_on import HELD_BACK, open_part, private_values
from sroi.commissioning.frameworks.searching import Hit
from sroi.commissioning.frameworks.which import STANDING_WORDS, Answer, Candidate
from sroi.commissioning.shipped_facts import SURENESS_WORDS
from sroi.terminal.layout import wrapped

NOT_LEGAL_ADVICE = "A reading aid with its sources, not legal advice."


def count(number: int, one: str, many: str = "") -> str:
    """Return how many: "1 theme", "2 criteria"."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def list_lines(frameworks: Sequence[Framework]) -> list[str]:
    """Return the frameworks at hand, two lines each."""
    lines = ["Frameworks that travel with this program:"]
    for each in frameworks:
        items = f"{count(len(each.themes), 'theme')}, {count(sum(1 for _ in each.outcomes()), 'outcome')}"
        measures = sum(1 for _ in each.measures())
        items += f", {count(measures, 'criterion', 'criteria')}" if measures else ""
        state = "" if each.complete else "; not complete"
        lines += ["", f"  {each.id}", *wrapped(each.title, "    ")]
        days = f"{day_words(each.valid_from, each.valid_to)}; " if each.valid_from or each.valid_to else ""
        lines.append(f"    {days}{each.status.replace('_', ' ')}; {items}{state}")
    return [
        *lines,
        "",
        "`sroi commission frameworks ID` shows one, --search WORDS looks in all, --which asks which model could apply.",
        "Your own copy of any other is loaded from its workbook: --mapping FILE.",
    ]


def framework_lines(framework: Framework, allowed: bool = False) -> list[str]:
    """Return a framework: what it is, its themes, outcomes and measures, what is missing, what was remarked."""
    shown = open_part(framework, allowed)
    lines = [*wrapped(shown.title, ""), f"  {_head(shown)}", f"  {_licence(shown)}"]
    if shown.about:
        lines += wrapped(shown.about, "  ")
    lines += [line for what, said in shown.use_words() for line in wrapped(f"{what}: {said}", "  ", "    ")]
    if shown.completes:
        lines += wrapped(_added_words(shown), "  ")
    for theme in shown.themes:
        lines += ["", *wrapped(f"{theme.label}{_mark(theme, shown)}", ""), *_notes(theme, "  ")]
        for outcome in theme.outcomes:
            lines += [*wrapped(f"{outcome.label}{_mark(outcome, shown)}", "  ", "    "), *_notes(outcome, "    ")]
            for measure in outcome.measures:
                lines += _measure_lines(measure, shown)
    if shown.missing:
        lines += [
            "",
            "Not seen, and left empty:",
            *(line for each in shown.missing for line in wrapped(each, "  - ", "    ")),
        ]
        lines += [line for page in shown.official_pages for line in wrapped(f"Official page: {page}", "  ", "    ")]
        lines += wrapped(
            f"Complete it from there: sroi commission frameworks {shown.completes or shown.id} --to my_{shown.id}.xlsx",
            "  ",
        )
    if (held := 0 if allowed else private_values(framework)) > 0:
        lines += ["", *wrapped(f"{held:,} values are {HELD_BACK} (--allow-private shows them).", "")]
    if shown.remarks:
        lines += ["", "How it was read:", *(line for each in shown.remarks for line in wrapped(each, "  - ", "    "))]
    return [*lines, "", *_sureness_lines(shown)]


def _head(framework: Framework) -> str:
    said = [framework.publisher, framework.edition, day_words(framework.valid_from, framework.valid_to)]
    return "; ".join(each for each in (*said, framework.status.replace("_", " ")) if each)


def _licence(framework: Framework) -> str:
    return f"Licence: {framework.licence or 'not stated'}. {framework.attribution}".strip()


def _added_words(framework: Framework) -> str:
    mine = [each for each in framework.items() if each.origin == "user"]
    filled = [each for each in framework.items() if each.origin == "completed"]
    return (
        f"Completed from {framework.completes}: you filled in {len(filled)} of its items and added {len(mine)}. "
        "Marked + below; the rest is as the program brought it."
    )


def _mark(item: Item, framework: Framework) -> str:
    if item.origin == "completed":
        return f" [+ you: {', '.join(item.filled)}]"
    if item.origin == "user":
        return " [+ yours]" if framework.completes else ""
    sure = f" [{item.sureness}]" if item.sureness else ""
    return sure if item.complete else f"{sure} [not complete]"


def _notes(item: Item, indent: str) -> list[str]:
    said = [item.summary if item.summary not in item.label else "", item.note]
    return [line for each in said if each for line in wrapped(each, indent)]


def _measure_lines(measure: Measure, framework: Framework) -> list[str]:
    lines = wrapped(f"- {measure.label}{_mark(measure, framework)}", "    ", "      ")
    own = f"“{measure.wording}”" if measure.wording and measure.wording not in measure.label else ""
    kind = "" if measure.kind in ("measure", "criterion") else KIND_WORDS[measure.kind]
    unit = f"unit: {measure.unit}" if measure.unit else ""
    value = ""
    if measure.proxy is not None:
        year = measure.price_year or framework.price_year
        prices = f" ({year} prices)" if year else ""
        value = f"value of one: {wording.unit_money(measure.proxy, framework.currency)}{prices}"
    asked = [
        f"{name}: {text}" for name, text in (("counts", measure.definition), ("evidence", measure.evidence)) if text
    ]
    said = "; ".join(each for each in (kind, own, unit, value, *asked) if each)
    return [*lines, *(wrapped(said, "      ") if said else []), *_notes(measure, "      ")]


def _sureness_lines(framework: Framework) -> list[str]:
    levels = sorted({each.sureness for each in framework.items() if each.sureness})
    return [f"[{level}] {SURENESS_WORDS[level]}." for level in levels]


def search_lines(hits: Sequence[Hit], words: Sequence[str], looked_in: int, most: int = 40) -> list[str]:
    """Return what a search found."""
    asked = " ".join(words)
    lines = [
        f"{count(len(hits), 'item')} of {count(looked_in, 'framework')} hold{'s' if len(hits) == 1 else ''} “{asked}”"
        + ("." if len(hits) <= most else f"; the first {most}:")
    ]
    for hit in hits[:most]:
        lines += ["", *wrapped(f"{hit.framework.id}: {' > '.join((*hit.above, hit.item.label))}", "  ", "    ")]
        lines += _notes(hit.item, "    ")
    if not hits:
        lines.append("Try fewer words, or load your own framework: sroi commission frameworks FILE --search WORDS.")
    return lines


def answer_lines(answer: Answer) -> list[str]:
    """Return which model holds, or which could, and what is to be asked."""
    lines = [*wrapped(_asked(answer), "")]
    if answer.model is not None:
        lines += ["", *wrapped(f"The tender names it: {answer.model.framework.title}.", ""), *_candidate(answer.model)]
    elif answer.candidates:
        lines += ["", "The tender names no model, as far as was said. By day and body:"]
        for each in answer.candidates:
            lines += ["", *wrapped(each.framework.title, "  "), *_candidate(each)]
    lines += [line for note in answer.notes for line in ("", *wrapped(note, ""))]
    if answer.questions:
        lines += ["", "To be asked:", *(line for each in answer.questions for line in wrapped(each, "  ? ", "    "))]
    return [*lines, "", NOT_LEGAL_ADVICE]


def _candidate(candidate: Candidate) -> list[str]:
    standing = STANDING_WORDS[candidate.standing]
    lines = wrapped(f"{standing}; weight: {candidate.weight_words()}", "    ")
    return [*lines, *(line for each in candidate.why for line in wrapped(each, "    - ", "      "))]


def _asked(answer: Answer) -> str:
    began = f"that began on {answer.began}" if answer.began else "whose first day was not said"
    body = f"by {BODIES[answer.body]}" if answer.body else "by a body that was not said"
    value = "" if answer.value_with_vat is None else f", {wording.unit_money(answer.value_with_vat, 'GBP')} with VAT"
    return f"A procurement {body} {began}{value}."
