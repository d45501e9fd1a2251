"""The paper on a case for prevention, as blocks that every format renders."""

from __future__ import annotations

from sroi import plots, tables, wording
from sroi.commissioning.prevention.averting import Averted
from sroi.commissioning.prevention.nouns import Ranged
from sroi.commissioning.prevention.purses import first_year_in_credit
from sroi.commissioning.prevention.questions import answers
from sroi.commissioning.prevention.study import PreventionStudy
from sroi.commissioning.prevention.warning import UNREAD, Warned
from sroi.evidence.schedules import rate_words
from sroi.reports.blocks import Block, Bullets, Details, Figure, Paragraph, Section, Story, Table, paragraphs

_CHANCE = 0.05


def tell_prevention(study: PreventionStudy) -> Story:
    """Return the paper's story."""
    setting = study.case.setting
    title = setting.title or study.impact_map.title
    subtitle = "A case for prevention: what does not happen, who pays and who saves"
    sections = (_summary(study), _events(study), _purses(study), _signs(study), _harms(study), _questions(study), _method(study))  # fmt: skip  # noqa: E501
    return Story(title, subtitle, sections)


def _money(study: PreventionStudy, amount: float) -> str:
    return wording.money(amount, study.impact_map.currency)


def count_words(number: float) -> str:
    """Return a number of events for people: no more digits than it can bear."""
    return wording.plain(round(number, 1) if abs(number) < 100 else round(number))


def averted_words(found: Averted) -> str:
    """Return what was averted of an event in a sentence; a harm is called one."""
    total = found.total
    spread = "" if total.is_certain else f" (range {count_words(total.low)} to {count_words(total.high)})"
    if found.is_harm:
        return (
            f"{found.event.event}: {count_words(-total.value)} MORE than the baseline gives over "
            f"{_years_words(found)}{spread.replace('range', 'averted, range')}. This is a harm, not a saving."
        )
    return f"{found.event.event}: {count_words(total.value)} averted over {_years_words(found)}{spread}."


def _years_words(found: Averted) -> str:
    years = len(found.years)
    return "1 year" if years == 1 else f"{years} years"


def standing_words(study: PreventionStudy) -> str:
    """Return what stands beside every figure: kind, currency, price year, discounting."""
    chart = study.impact_map
    timing = chart.conventions.discount_timing.replace("_", " ")
    rate = chart.conventions.discount_rate
    said = rate if isinstance(rate, str) else list(rate.years) if rate.by_year else rate.base
    year = chart.price_year if chart.price_year is not None else "no stated"
    return (
        f"{wording.analysis_word(chart.analysis).capitalize()}, {chart.currency}, {year} prices, discounted by "
        f"{rate_words(said)} ({timing})"
    )


# ---- in short ----


def _summary(study: PreventionStudy) -> Section:
    paid = sum(each.paid_present for each in study.purses)
    cash = sum(each.cash_present for each in study.purses)
    rest = sum(each.capacity_present for each in study.purses)
    blocks: list[Block] = [Paragraph(averted_words(each), "lead") for each in study.averted]
    blocks += paragraphs([
        f"Put in as money and goods: {_money(study, paid)}. Saved by public bodies: {_money(study, cash + rest)}, of "
        f"which {_money(study, cash)} can be taken out in cash; the rest frees capacity, or nobody said what it is. "
        "All at present value.",
    ])  # fmt: skip
    if study.base is not None:
        text = f"The case stands in the value map “{study.base.title}”: what is paid and saved there is in these sums."
        blocks.append(Paragraph(text, "note"))
    ratio = float(study.result.sroi_ratio)
    if study.result.total_inputs > 0:
        low_high = study.interval
        spread = (
            f"; {wording.ratio(low_high[0])} to {wording.ratio(low_high[1])} by the stated ranges (central 90 %)"
            if low_high is not None else ""
        )  # fmt: skip
        blocks.append(Paragraph(f"All value counted over all that is put in: {wording.ratio(ratio)} : 1{spread}."))
    else:
        blocks.append(Paragraph("Nothing is put in, so there is no ratio.", "note"))
    blocks.append(Paragraph(f"{standing_words(study)}.", "note"))
    if study.case.setting.note:
        blocks.append(Paragraph(study.case.setting.note, "note"))
    return Section("summary", "In short", tuple(blocks))


# ---- events ----


def _events(study: PreventionStudy) -> Section:
    blocks: list[Block] = []
    for found in study.averted:
        blocks += _event(found)
    return Section("events", "What does not happen", tuple(blocks))


def _event(found: Averted) -> list[Block]:
    event = found.event
    rate = f"{wording.plain(event.baseline.value)} a year for each {wording.plain(event.per)} people"
    about = (
        f"{event.event}, among: {event.people}. Baseline: {rate}, {event.baseline_from} (source: "
        f"{event.baseline.source or 'not stated'}). Averted = people x baseline rate - events."
    )
    rows = [
        (f"{each.year}", wording.plain(each.exposed), count_words(each.by_baseline.value),
         f"{count_words(each.happened.value)} {'counted' if each.counted else 'expected'}",
         count_words(each.averted.value),
         "–" if each.averted.is_certain else f"{count_words(each.averted.low)} to {count_words(each.averted.high)}")
        for each in found.years
    ]  # fmt: skip
    headings = ("Year", "People", "By the baseline", "With the programme", "Averted", "Range")
    table = Table(f"averted_{event.id}", f"{event.event} [{event.unit}]", headings, tuple(rows),
                  (False, True, True, True, True, True))  # fmt: skip
    years = [
        plots.EventYear(each.year, _ends(each.by_baseline), _ends(each.happened), each.counted) for each in found.years
    ]
    said = "; ".join(f"year {row[0]}: {row[2]} by the baseline, {row[3]}" for row in rows)
    figure = Figure(
        f"events_{event.id}", f"{event.event}: what the baseline gives, and what is or is expected", f"Bars. {said}.",
        lambda width: plots.picture(lambda axes: plots.events_averted(years, event.unit, axes), width, 3.6),
    )  # fmt: skip
    return [Paragraph(event.event, "lead"), Paragraph(about), figure, table, *paragraphs(_doubts(found))]


def _ends(number: Ranged) -> tuple[float, float, float]:
    return (number.value, number.low, number.high)


def _doubts(found: Averted) -> list[str]:
    """Return what a careful reader wants to know of a number averted."""
    event, said = found.event, []
    if found.harmful_years:
        years = ", ".join(str(year) for year in found.harmful_years)
        said.append(f"In year {years} there are more events than the baseline gives: a harm, and counted as a loss.")
    if found.may_be_harm:
        said.append("The range reaches below nothing: the programme may avert none, or do harm.")
    if event.trend is None:
        said.append("Nobody said whether the baseline would have moved by itself; it is taken to stay as it was.")
    elif event.trend:
        way = "fallen" if event.trend < 0 else "risen"
        moved = f"{wording.per_cent(abs(event.trend))} a year from the second year on"
        source = f" (source: {event.trend_source})" if event.trend_source else ""
        said.append(
            f"The baseline is taken to have {way} by itself by {moved}{source}. Had it stayed, "
            f"{count_words(found.without_trend)} would count as averted."
        )
    if found.by_chance is not None:
        caution = " So a chance result cannot be ruled out." if found.by_chance > _CHANCE else ""
        said.append(
            "Had nothing changed, a count as far from the baseline as the one found, or farther, would come about by "
            f"chance alone in {wording.chance_words(found.by_chance)} of cases (events independent of each other, the "
            f"baseline exact).{caution}"
        )
    kept = (1 - event.attribution) * (1 - event.displacement)
    said.append(
        f"Of what is averted, {wording.per_cent(event.attribution)} is owed to others ({event.attribution_why}) and "
        f"{wording.per_cent(event.displacement)} only moves elsewhere ({event.displacement_why}); "
        f"{wording.per_cent(kept)} is claimed."
    )
    return said


# ---- who pays, who saves ----


def _purses(study: PreventionStudy) -> Section:
    heading = "Who pays and who saves, and when"
    if not study.purses:
        return Section("purses", heading, (Paragraph("No body pays or saves: see the sheets Funding and Costs."),))
    found, currency = study.pockets, study.impact_map.currency
    blocks: list[Block] = []
    if found.savers:
        blocks.append(
            Figure(
                "who_pays_and_saves", "Who pays and who saves, year by year",
                plots.wrong_pockets_in_words(found, currency),
                lambda width: plots.picture(
                    lambda axes: plots.wrong_pockets(found, currency, axes), width,
                    plots.wrong_pockets_height(found, width),
                ),
            )
        )  # fmt: skip
    blocks += [_by_body(study), *_credit_words(study), Details("Body by body, year by year", (_by_year(study),))]
    blocks.append(
        Paragraph(
            "By year: undiscounted; net is savings of both kinds less payments. Time that is given is no money out of "
            "a budget and stands in the ratio alone. A body pays and saves where it has the same name on both sheets.",
            "note",
        )
    )
    return Section("purses", heading, tuple(blocks))


def _by_body(study: PreventionStudy) -> Table:
    rows = tuple(
        (each.name, _money(study, each.paid_present), _money(study, each.cash_present),
         _money(study, each.capacity_present), _money(study, each.net_present), _money(study, each.net_cash_present))
        for each in study.purses
    )  # fmt: skip
    headings = ("Body", "Pays", "Saves in cash", "Saves otherwise", "Net", "Net in cash")
    return Table("by_body", "Each body's purse, at present value", headings, rows, (False, *([True] * 5)))


def _credit_words(study: PreventionStudy) -> tuple[Paragraph, ...]:
    said = []
    for each in study.purses:
        if not each.paid.any():
            continue
        first = first_year_in_credit(each)
        if first is None:
            said.append(f"{each.name} does not save what it pays within these years.")
        else:
            said.append(f"{each.name} has saved what it paid by the end of year {first}, cash and capacity together.")
    others = [each.name for each in study.purses if not each.paid.any() and each.net_present > 0]
    if others:
        said.append(f"Saves and pays nothing here: {', '.join(others)}.")
    return paragraphs(said)


def _by_year(study: PreventionStudy) -> Table:
    rows = []
    for each in study.purses:
        for name, sums in (("pays", -each.paid), ("saves in cash", each.cash), ("saves otherwise", each.capacity),
                           ("net", each.net)):  # fmt: skip
            if name == "net" or sums.any():
                rows.append((each.name, name, *(_money(study, float(amount)) for amount in sums),
                             _money(study, float(sums.sum()))))  # fmt: skip
    years = tuple(f"Year {year}" for year in study.pockets.years)
    numeric = (False, False, *([True] * (len(years) + 1)))
    return Table("by_body_and_year", "Payments and savings by body and year, undiscounted", ("Body", "", *years, "All"),
                 tuple(rows), numeric, wide=True)  # fmt: skip


# ---- signs and harms ----


def _signs(study: PreventionStudy) -> Section:
    heading = "What shows early"
    if not study.warned:
        return Section("signs", heading, (Paragraph("No early signs are kept: see the sheet Indicators."),))
    when = f" Readings after {study.on} are not looked at." if study.on is not None else ""
    rows = tuple(
        (each.indicator.indicator, each.state.upper() if each.state != UNREAD else UNREAD,
         "–" if each.last is None else f"{wording.plain(each.last.value)} on {each.last.day}",
         each.trend, f"{wording.plain(each.indicator.amber)} / {wording.plain(each.indicator.red)}",
         each.indicator.ahead or "–", each.indicator.who_acts or "nobody named")
        for each in study.warned
    )  # fmt: skip
    headings = ("Sign", "State", "Last reading", "Trend", "Amber / red from", "Comes ahead by", "Who acts")
    table = Table("signs", "Early signs", headings, rows, (False,) * 7, wide=True)
    blocks: list[Block] = [table]
    early = [each.indicator.indicator for each in study.warned if each.is_early]
    if early:
        text = f"Still green, and getting worse: {', '.join(early)}. This is the moment to look."
        blocks.insert(0, Paragraph(text, "lead"))
    blocks += [_sign_figure(study, each) for each in study.warned if each.readings > 1]
    blocks.append(
        Paragraph(
            "Trend: the median change over all pairs of readings (Theil and Sen), from three readings on; less than a "
            f"tenth of the way from amber to red is called steady.{when}",
            "note",
        )
    )
    return Section("signs", heading, tuple(blocks))


def _sign_figure(study: PreventionStudy, found: Warned) -> Figure:
    sign = found.indicator
    readings = sorted(
        (each.day, each.value)
        for each in study.case.readings
        if each.indicator == sign.id and (study.on is None or each.day <= study.on)
    )
    said = "; ".join(f"{day}: {wording.plain(value)}" for day, value in readings[:40])
    return Figure(
        f"sign_{sign.id}", sign.indicator, f"A line of readings with two thresholds. {said}.",
        lambda width: plots.picture(
            lambda axes: plots.early_sign(readings, sign.amber, sign.red, sign.unit, axes), width, 2.6
        ),
    )  # fmt: skip


def _harms(study: PreventionStudy) -> Section:
    heading = "Harms that were looked for"
    if not study.case.harms:
        return Section("harms", heading, (Paragraph("Nobody said which harms were looked for: see the sheet Harms."),))
    said = {True: "found", False: "not found", None: "not looked at yet"}
    rows = tuple(
        (each.harm, each.asked, each.how or "–", said[each.found], each.what or "–", each.answer or "–")
        for each in study.case.harms
    )
    headings = ("Harm", "Asked", "How", "Result", "What was found", "What is done")
    return Section("harms", heading, (Table("harms", "Harms looked for", headings, rows, (False,) * 6, wide=True),))


# ---- questions and method ----


def _questions(study: PreventionStudy) -> Section:
    asked = answers(study)
    answered = sum(each.state == "answered" for each in asked)
    blocks: list[Block] = [
        Paragraph(
            f"Seven questions, answered from the fields of this case and its value map alone: {answered} in full. What "
            "they cannot answer is named, with the field that would."
        )
    ]
    for place, each in enumerate(asked, start=1):
        blocks.append(Paragraph(f"{place}. {each.question} ({each.state})", "lead"))
        if each.said:
            blocks.append(Bullets(each.said))
        if each.open:
            blocks.append(Bullets(tuple(f"Open: {text}" for text in each.open)))
    return Section("questions", "Seven questions", tuple(blocks))


def _method(study: PreventionStudy) -> Section:
    said = [
        "Averted = people x baseline rate - events counted, or expected where nobody has counted yet. The range "
        "follows from those of the two rates, which are taken to be independent, by the root of their squares (Zou "
        "and Donner, Statistics in Medicine 27, 2008, 1693-1702); ranges of an event move together over its years.",
        "What one event costs a body is an outcome of that body in the value map; deadweight is nothing, for the "
        "quantity is already the difference to the baseline. Cash and capacity are outcomes of their own.",
    ]
    rows = tuple(
        (cost.agency, next(each.event for each in study.case.events if each.id == cost.event),
         wording.unit_money(cost.unit_cost.value, study.impact_map.currency),
         "not stated" if cost.cashable is None else wording.per_cent(cost.cashable),
         " / ".join(wording.per_cent(share, 0) for share in cost.falls), cost.source or "not stated")
        for cost in study.case.costs
    )  # fmt: skip
    headings = ("Body", "Event", "Cost of one", "Cash", "Saved in year 1 / 2 / .. after", "Source")
    table = Table("costs", "What one event costs, and whom", headings, rows, (False, False, True, True, False, False), wide=True)  # fmt: skip  # noqa: E501
    ladder = tables.ladder(study.result)
    notes = [Bullets(study.case.notes)] if study.case.notes else []
    credits_ = sorted({each.acknowledgement for each in study.case.costs if each.acknowledgement})
    steps = tuple(
        (wording.STEP_WORDS[step], _money(study, float(value)))
        for step, value in zip(ladder["step"], ladder["value"], strict=True)
    )
    value = Table("ladder", "From gross value to present value", ("Step", "Value"), steps, (False, True))
    return Section("method", "How it was reckoned", (*paragraphs(said), table, value, *notes, *paragraphs(credits_)))
