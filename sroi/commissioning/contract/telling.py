"""What the yearly report of a contract says: ratings, the notice's text, what the law asks for, what is due."""

from __future__ import annotations

from collections import Counter

from sroi.commissioning.contract.dates import IF, Due
from sroi.commissioning.contract.facts import NO_BANDS_IN_LAW, NOT_ADVICE, RATING_NAMES, description, ratings
from sroi.commissioning.contract.lines import duty_words, rating_row
from sroi.commissioning.contract.nouns import Contract
from sroi.commissioning.contract.rating import Rated
from sroi.commissioning.contract.saying import counted, day_words, days_words, kpi_words, target_words
from sroi.commissioning.contract.study import ContractStudy
from sroi.commissioning.rules import rule
from sroi.commissioning.shipped_facts import SURENESS_WORDS
from sroi.reports.blocks import Block, Bullets, Paragraph, Section, Story, Table

_OGL = "Contains public sector information licensed under the Open Government Licence v3.0."


def tell_contract(study: ContractStudy) -> Story:
    """Return the yearly report as blocks that every format renders."""
    contract = study.register.contract
    who = f"{contract.supplier} for {contract.buyer}. Contract performance"
    when = days_words(study.period.begins, study.period.ends) if study.period else f"as of {day_words(study.on)}"
    sections = (
        _summary(study),
        _ratings(study),
        _notice(study),
        _duties(study),
        _calendar(study),
        _questions(study),
        _method(study),
    )
    return Story(contract.title, f"{who}, {when}", sections)


def tables(study: ContractStudy) -> dict[str, list[tuple[object, ...]]]:
    """Return the tables that stand beside the report, headings first: ratings of every period, the calendar."""
    rated = [
        (
            each.period.id,
            each.kpi.id,
            each.kpi.name,
            each.kpi.unit,
            each.target,
            each.actual,
            each.share,
            each.proposed,
            each.decided,
            each.reason,
            each.why,
        )
        for each in study.rated
    ]
    dates = [(each.by, each.what, each.law, each.state, each.done_on, each.note) for each in study.calendar]
    return {
        "ratings": [
            (
                "period",
                "kpi",
                "name",
                "unit",
                "target",
                "reached",
                "share_of_target",
                "proposed",
                "rating",
                "reason",
                "why",
            ),
            *rated,
        ],
        "calendar": [("by", "what", "law", "state", "done_on", "note"), *dates],
    }


# ---- the year ----


def _summary(study: ContractStudy) -> Section:
    blocks: list[Block] = []
    if study.period is None:
        blocks.append(Paragraph("No period of this contract has begun to be assessed.", "lead"))
    else:
        blocks.append(Paragraph(_headline(study), "lead"))
        for each in study.reported:
            if each.differs:
                reason = each.reason or "no reason is given."
                text = (
                    f"{each.kpi.name}: the bands propose {each.proposed}, the "
                    f"authority decided {each.decided}: {reason}"
                )
                blocks.append(Paragraph(text))
    due = study.next_due
    if study.overdue:
        blocks.append(
            Paragraph(f"Overdue on {day_words(study.on)}: {counted(len(study.overdue), 'thing')}, listed below.")
        )
    if due is not None:
        sure = " if there was one" if due.state == IF else ""
        blocks.append(Paragraph(f"Next, by {day_words(due.by)}: {due.what[0].lower()}{due.what[1:]}{sure}."))
    high = sum(each.severity == "high" for each in study.questions)
    if study.questions:
        grave = f", {high} of them grave" if high else ""
        blocks.append(
            Paragraph(f"{_begun(counted(len(study.questions), 'question'))} for a careful reader{grave}: see below.")
        )
    return Section("summary", "The year in short", tuple(blocks))


def _headline(study: ContractStudy) -> str:
    decided = Counter(each.decided for each in study.reported if each.decided)
    if not decided:
        return f"{_begun(counted(len(study.reported), 'indicator'))}, none of them rated by the authority yet."
    said = ", ".join(f"{decided[name]} {name}" for name in RATING_NAMES if decided[name])
    open_ones = len(study.reported) - sum(decided.values())
    rest = f"; {open_ones} not rated yet" if open_ones else ""
    return f"{_begun(counted(len(study.reported), 'indicator'))}: {said}{rest}."


def _begun(text: str) -> str:
    return text[0].upper() + text[1:]


def _ratings(study: ContractStudy) -> Section:
    heading = "How the contract performed"
    if study.period is None:
        items = tuple(f"{each.name}: {target_words(each)}" for each in study.register.kpis)
        return Section("ratings", heading, (Paragraph("The indicators that the contract sets:"), Bullets(items)))
    table = Table(
        "ratings_of_the_period",
        f"Targets, what was reached and ratings, {days_words(study.period.begins, study.period.ends)}",
        ("Indicator", "Target", "Reached", "Proposed by the bands", "The authority's rating"),
        tuple(rating_row(each) for each in study.reported),
        (False, True, True, False, False),
    )
    blocks: list[Block] = [table, Paragraph(_bands_words(study))]
    blocks.append(Bullets(tuple(f"{each.kpi.name}: {each.why}{_evidence(each)}." for each in study.reported)))
    return Section("ratings", heading, tuple(blocks))


def _evidence(rated: Rated) -> str:
    told = rated.reported.evidence if rated.reported else ""
    source = f"; source: {rated.kpi.source}" if rated.kpi.source else "; no source is named"
    return f". Evidence: {told}{source}" if told else f". No evidence is named{source}"


def _bands_words(study: ContractStudy) -> str:
    bands = study.register.bands
    if bands is None:
        return f"No bands are stated, so that nothing below a target is proposed. {NO_BANDS_IN_LAW}"
    close, below = f"{bands.approaching_from:.4g}", f"{bands.improvement_from:.4g}"
    close, below = (f"{float(each) * 100:.4g} %" for each in (close, below))
    stated = f", stated on {day_words(bands.stated_on)}" if bands.stated_on else ""
    where = f" in {bands.stated_in}" if bands.stated_in else ""
    return (
        f"The buyer's bands{stated}{where}: Good from the target, Approaching target from {close} of it, Requires "
        f"improvement from {below}, Inadequate beyond; where less is better, the target divided by these shares. An "
        f"indicator may have limits of its own. {NO_BANDS_IN_LAW}"
    )


# ---- the notice ----


def _notice(study: ContractStudy) -> Section:
    s71 = rule("pa23_s71")
    heading = "Text for the contract performance notice"
    blocks: list[Block] = []
    if study.by_law is False:
        blocks.append(
            Paragraph("The law does not ask for this notice here; the text serves a report of the buyer's own choice.")
        )
    missing = [part for each in study.notice for part in each.missing]
    if missing:
        blocks.append(Paragraph(f"Missing for a whole notice: {'; '.join(missing)}.", "lead"))
    for each in study.notice:
        title = _begun(each.name)
        blocks.append(
            Paragraph(
                f"{title}: {each.said[0]}" if len(each.said) == 1 else f"{title}:" if each.said else f"{title}: missing"
            )
        )
        if len(each.said) > 1:
            blocks.append(Bullets(each.said))
    blocks.append(
        Paragraph(
            f"Fields as {s71.law} and the regulations name them. {s71.also} This is text to copy into the notice.",
            "note",
        )
    )
    return Section("notice", heading, tuple(blocks))


# ---- the law and the dates ----


def _duties(study: ContractStudy) -> Section:
    contract = study.register.contract
    blocks: list[Block] = [Paragraph(duty_words(each)) for each in study.duties]
    blocks.append(
        Paragraph(
            "“More than” and “at least” are not the same: a value of exactly £5,000,000 with VAT is outside "
            "section 52 and within PPN 026.",
            "note",
        )
    )
    marked = [each for each in study.register.kpis if each.most_material]
    if marked:
        blocks += [
            Paragraph("Marked as the most material, for the contract details notice:"),
            Bullets(tuple(kpi_words(each) for each in marked)),
        ]
    if contract.model:
        blocks.append(Paragraph(f"Social value model named in the tender: {contract.model}."))
    return Section("duties", "What the law asks for", tuple(blocks))


def _calendar(study: ContractStudy) -> Section:
    heading = "What is due when"
    if not study.calendar:
        text = f"No dates are worked out: the contract was procured under {study.register.contract.law}."
        return Section("calendar", heading, (Paragraph(text),))
    quarters = [each for each in study.calendar if each.state == IF]
    shown = [each for each in study.calendar if each.state != IF or each in quarters[:4]]
    rows = tuple((day_words(each.by), each.what, each.law, _state(each)) for each in shown)
    blocks: list[Block] = [
        Table(
            "what_is_due",
            f"As of {day_words(study.on)}",
            ("By", "What", "By which rule", "State"),
            rows,
            (False, False, False, False),
        ),
    ]
    if len(quarters) > 4:
        text = (
            f"Payments are asked for after every quarter; {len(quarters) - 4} "
            "further quarters stand in tables/calendar.csv."
        )
        blocks.append(Paragraph(text))
    blocks.append(Paragraph(_dates_note(study.register.contract), "note"))
    return Section("calendar", heading, tuple(blocks))


def _state(due: Due) -> str:
    done = f" {day_words(due.done_on)}" if due.done_on else ""
    note = f"; {due.note[0].lower()}{due.note[1:].rstrip('.')}" if due.note and due.state != IF else ""
    return f"{due.state}{done}{note}"


def _dates_note(contract: Contract) -> str:
    unknown = "" if contract.entered else "The day of signing is not given: the notices counted from it have no days. "
    return (
        f"{unknown}Days are calendar days, counted after the day of the event. Assessments are counted from the "
        "contract's start, then from the last day assessed. The first day of sections 53 and 70 was not seen: check "
        "whether they were in force. Payments of schools and under most transferred Northern "
        "Ireland awards are exempt, which the form does not ask."
    )


def _questions(study: ContractStudy) -> Section:
    if not study.questions:
        return Section("questions", "What to ask", (Paragraph("Nothing was found to ask."),))
    items = tuple(f"{_begun(each.severity)}: {each}" for each in study.questions)
    return Section("questions", "What to ask", (Bullets(items),))


def _method(study: ContractStudy) -> Section:
    law = rule("pa23_s71").ratings_law
    items = tuple(f"{each.name}: {description(each.name)} ({SURENESS_WORDS[each.sureness]})." for each in ratings())
    s52 = rule("pa23_s52")
    end = (
        f"An indicator is {s52.definition} ({s52.law}). The program proposes; the authority decides, and its rating is "
        f"the one that is published. {NOT_ADVICE} {_OGL}"
    )
    file = study.register.file.replace("\\", "/").rpartition("/")[2]
    source = f"Made from {file} (SHA-256 {study.register.sha256[:16]}..), as of {day_words(study.on)}."
    blocks = (Paragraph(f"The five ratings of the {law}:"), Bullets(items), Paragraph(end), Paragraph(source, "note"))
    return Section("method", "What the words mean, and what this rests on", blocks)
