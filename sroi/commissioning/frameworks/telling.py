"""The paper about a framework: which model a procurement is under, what it asks for, what is missing, its sources."""

from __future__ import annotations

import re
from pathlib import Path

from sroi import wording
from sroi.commissioning.bodies import BODIES, duties_of
from sroi.commissioning.frameworks.framework import KIND_WORDS, Framework, Measure, Outcome, day_words
from sroi.commissioning.frameworks.passing_on import HELD_BACK, open_part, private_values
from sroi.commissioning.frameworks.which import STANDING_WORDS, Answer, Candidate
from sroi.commissioning.shipped_facts import SURENESS_WORDS
from sroi.reports.blocks import Block, Bullets, Paragraph, Section, Story, Table

NOT_LEGAL_ADVICE = (
    "This is a reading aid with its sources, not legal advice. Dates and weights are as they were seen when the data "
    "were collected: check them against the official page before relying on them."
)


def tell_frameworks(framework: Framework | None, answer: Answer | None, allowed: bool = False) -> Story:
    """Return the story of a framework, of which model could apply, or of both.

    Parameters: `allowed`, whether values that may not be passed on may stand in it all the same.
    """
    sections = [] if answer is None else [_which(answer)]
    if answer is not None and answer.body:
        sections.append(_duties(answer.body))
    title = "Which social value model?"
    if framework is not None:
        shown = open_part(framework, allowed)
        held = 0 if allowed else private_values(framework)
        sections += [_what(shown), _asks(shown, held), *_added(shown), _missing(shown), _sources(shown)]
        title = shown.title
    if not sections:
        raise ValueError("nothing to tell: name a framework, or ask which model applies")
    return Story(title, "Social value in procurement: a measure framework and its use", tuple(sections))


# ---- which ----


def _which(answer: Answer) -> Section:
    blocks: list[Block] = [Paragraph(_which_words(answer), "lead"), Paragraph(_asked_words(answer))]
    if answer.candidates:
        rows = tuple(_candidate_row(each) for each in answer.candidates)
        headings = ("Model", "How it stands", "Least weight of social value", "Why")
        caption = "The model that the tender names" if answer.model else "Models that could apply, by day and body"
        blocks.append(Table("models", caption, headings, rows, (False, False, False, False)))
    if answer.questions:
        blocks += [Paragraph("To be asked:"), Bullets(answer.questions)]
    blocks += [Paragraph(note) for note in answer.notes]
    return Section("which", "Which model this procurement is under", (*blocks, Paragraph(NOT_LEGAL_ADVICE, "note")))


def _which_words(answer: Answer) -> str:
    if answer.model is not None:
        return f"The tender names {answer.model.framework.short_title}, and that model holds."
    if answer.named:
        return f"The tender names “{answer.named}”, and that is what holds."
    required = [each.framework.short_title for each in answer.required]
    if len(required) == 1:
        return f"If the tender names no model: {required[0]} was required. The tender's own word comes first."
    if required:
        return f"If the tender names no model: one of {' and '.join(required)} was required, and only the buyer can say which."  # fmt: skip  # noqa: E501
    if answer.candidates and answer.body:
        return "No model is required of this procurement. If its tender names one, that one holds."
    return "It cannot be said yet: the questions below have to be answered first."


def _asked_words(answer: Answer) -> str:
    began = f"It began on {answer.began}." if answer.began else "The day on which it began was not said."
    body = f"The buyer is {BODIES[answer.body]}." if answer.body else "Who buys was not said."
    value = (
        "Its value was not said."
        if answer.value_with_vat is None
        else f"Its estimated value is {wording.unit_money(answer.value_with_vat, 'GBP')} with VAT."
    )
    return f"{began} {body} {value} The model is never chosen by today's date."


def _candidate_row(candidate: Candidate) -> tuple[str, ...]:
    standing = STANDING_WORDS[candidate.standing]
    return (
        candidate.framework.short_title,
        f"{standing[0].upper()}{standing[1:]}",
        candidate.weight_words(),
        " ".join(candidate.why),
    )


def _duties(body: str) -> Section:
    duties = duties_of(body)
    if not duties:
        text = f"For {BODIES[body]} no general duty stands in the data of this program: that none was seen does not mean that there is none."  # fmt: skip  # noqa: E501
        return Section("duties", "Duties beside it", (Paragraph(text),))
    rows = tuple((each.title, each.requirement, each.rests_on()) for each in duties)
    headings = ("Duty", "What it asks", "Law, and how it was seen")
    table = Table("duties", "General duties of such a buyer, as far as they were seen", headings, rows, (False,) * 3)
    return Section("duties", "Duties beside it", (table,))


# ---- the framework ----


def _what(framework: Framework) -> Section:
    rows = [
        ("Publisher", framework.publisher),
        ("Edition", framework.edition),
        ("Holds", day_words(framework.valid_from, framework.valid_to)),
        ("Status", framework.status.replace("_", " ")),
        ("Superseded by", framework.superseded_by),
        ("Licence", framework.licence or "not stated"),
        ("Attribution", framework.attribution),
        *framework.use_words(),
    ]
    table = Table("framework", "The framework", ("", "As stated"), tuple(row for row in rows if row[1]), (False, False))
    about = (Paragraph(framework.about),) if framework.about else ()
    return Section("framework", "What it is", (*about, table))


def _asks(framework: Framework, held: int) -> Section:
    measures = [each for *_, each in framework.measures()]
    headings = ["Theme", "Outcome", "Criterion or measure"]
    with_unit = any(each.unit for each in measures)
    with_value = any(each.proxy is not None for each in measures)
    value = f"Value of one unit{f' ({framework.price_year} prices)' if framework.price_year else ''}"
    headings += ["Unit"] * with_unit + [value] * with_value + ["Seen"]
    rows = []
    for theme in framework.themes:
        if not theme.outcomes:
            rows.append((theme.label, "no outcome was seen", "", *[""] * (with_unit + with_value), theme.sureness))
        for outcome in theme.outcomes:
            for each in outcome.measures or (None,):
                extra = [each.unit if each else ""] * with_unit + [_value(each, framework)] * with_value
                rows.append((theme.label, *_asked(outcome, each), *extra, (each or outcome).sureness or "yours"))
    numeric = tuple(heading == value for heading in headings)
    table = Table("measures", f"{framework.short_title}: what it asks for", tuple(headings), tuple(rows), numeric, True)
    levels = sorted({each.sureness for each in framework.items() if each.sureness})
    said = "; ".join(f"{level}: {SURENESS_WORDS[level]}" for level in levels)
    blocks: list[Block] = [table, *_asked_for(framework)]
    if said:
        blocks.append(Paragraph(f"“Seen” says how sure a line is. {said}.", "note"))
    if held:
        blocks.append(Paragraph(f"{held:,} values are {HELD_BACK}.", "note"))
    return Section("asks", "What it asks for", tuple(blocks))


def _asked(outcome: Outcome, measure: Measure | None) -> tuple[str, str]:
    if measure is None:
        tag = outcome.summary or ("no criterion was seen" if not outcome.complete else "")
        return outcome.label, tag
    kind = "" if measure.kind in ("measure", "criterion") else f" ({KIND_WORDS[measure.kind]})"
    return outcome.label, f"{measure.label}{kind}"


def _value(measure: Measure | None, framework: Framework) -> str:
    if measure is None or measure.proxy is None:
        return ""
    other = measure.price_year if measure.price_year != framework.price_year else ""
    return f"{wording.unit_money(measure.proxy, framework.currency)}{f' ({other} prices)' if other else ''}"


def _asked_for(framework: Framework) -> tuple[Table, ...]:
    """Return what counts and the evidence asked for, where a framework says it."""
    rows = tuple(
        (each.label, each.definition, each.evidence)
        for *_, each in framework.measures()
        if each.definition or each.evidence
    )
    if not rows:
        return ()
    headings = ("Criterion or measure", "What counts", "Evidence asked for")
    return (Table("evidence", "What counts, and the evidence asked for", headings, rows, (False,) * 3),)


def _added(framework: Framework) -> tuple[Section, ...]:
    """Return what a user completed or added, apart from what the program brought."""
    if not framework.completes:
        return ()
    rows = tuple(
        (
            type(each).__name__,
            each.label,
            "filled in: " + ", ".join(each.filled) if each.filled else "added",
            each.place,
        )
        for each in framework.items()
        if each.origin != "shipped"
    )
    if not rows:
        return (Section("added", "What was added to it", (Paragraph("Nothing yet."),)),)
    headings = ("Kind", "Item", "What was done", "Where in the file")
    table = Table("added", f"What a user added to {framework.completes}, on their own word", headings, rows, (False,) * 4)  # fmt: skip  # noqa: E501
    return (Section("added", "What was added to it", (table,)),)


def _missing(framework: Framework) -> Section:
    heading = "What is missing"
    if not framework.missing:
        text = "Nothing is known to be missing." if framework.complete else "Its file says that it is not complete."
        return Section("missing", heading, (Paragraph(text),))
    lead = Paragraph("This was not seen when the data were collected. It stays empty, and is not filled from memory.")
    return Section("missing", heading, (lead, Bullets(framework.missing)))


def _where(source: str) -> str:
    """Return a source as one can find it: files of public repositories are written OWNER/NAME@COMMIT:PATH.

    >>> _where("someone/notes@0123abc:data/themes.json")
    'The file data/themes.json of https://github.com/someone/notes, at 0123abc'
    """
    found = re.fullmatch(r"([\w.-]+/[\w.-]+)@([0-9a-f]+):(\S+)", source)
    return f"The file {found[3]} of https://github.com/{found[1]}, at {found[2][:7]}" if found else source


def _sources(framework: Framework) -> Section:
    pages = [f"Official page: {page}" for page in framework.official_pages]
    others = [each for each in framework.sources.values() if each not in framework.official_pages]
    own = [f"Read from {Path(framework.file).name}."] if framework.file else []
    blocks: list[Block] = [Bullets((*own, *pages, *map(_where, others)) or ("None is named.",))]
    if framework.remarks:
        blocks += [Paragraph("How the file was read:"), Bullets(framework.remarks)]
    if framework.collected:
        blocks.append(Paragraph(f"Collected on {framework.collected}.", "note"))
    return Section("sources", "Where it was read", tuple(blocks))
