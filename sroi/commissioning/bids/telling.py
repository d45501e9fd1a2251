"""What the evaluation's paper says, for the panel and the file: it names every bidder, and is not for bidders."""

from __future__ import annotations

from pathlib import Path

from sroi import plots, wording
from sroi.commissioning.bids import words
from sroi.commissioning.bids.evaluation import Evaluation, sroi_notes
from sroi.commissioning.bids.profile import Criterion
from sroi.commissioning.bids.scoring import Standing
from sroi.commissioning.bids.telling_open import flags_section, panel_section, questions_section
from sroi.reports.blocks import Block, Bullets, Figure, Paragraph, Section, Story, Table

MOST_ROWS = 40


def tell_evaluation(evaluation: Evaluation) -> Story:
    """Return the evaluation's story: the ranking or why there is none yet, the scores, the panel, what to ask."""
    if not isinstance(evaluation, Evaluation):
        raise TypeError("only an Evaluation is told here: a Study of made-up bids never enters an evaluation's text")
    tender = evaluation.profile.tender
    sections = (
        _result(evaluation), _scores(evaluation), _commitments(evaluation), panel_section(evaluation),
        questions_section(evaluation), flags_section(evaluation), _method(evaluation),
    )  # fmt: skip
    kind = "Evaluation of bids" if evaluation.standings else "Evaluation of bids, not yet complete"
    return Story(f"{kind}: {tender.title}", f"{tender.buyer}. Tender {tender.reference}. For the panel and the file, "
                 "not for bidders", sections)  # fmt: skip


# ---- the ranking ----


def _result(evaluation: Evaluation) -> Section:
    heading = "The ranking"
    if evaluation.open_points:
        blocks: list[Block] = [
            Paragraph(f"Nothing is ranked yet: {len(evaluation.open_points)} "
                      f"point{' is' if len(evaluation.open_points) == 1 else 's are'} open.", "lead"),
            Table("open_points", "What has to be settled first", ("Bidder", "On", "What is open"),
                  tuple((evaluation.title(each.bidder), each.about, each.found)
                        for each in evaluation.open_points[:MOST_ROWS]), (False,) * 3),
        ]  # fmt: skip
        return Section("ranking", heading, tuple(blocks))
    blocks = [
        Paragraph(text, "lead" if place == 0 else "normal") for place, text in enumerate(result_words(evaluation))
    ]
    blocks += [_figure(evaluation), _ranking_table(evaluation)]
    blocks.append(Paragraph(words.price_words(evaluation.profile), "note"))
    aside = [each for each in evaluation.standings if each.set_aside]
    if aside:
        blocks.append(Paragraph("Set aside, by the tender's own rules:"))
        blocks.append(
            Bullets(
                tuple(f"{evaluation.title(each.bidder)}: {'; '.join(each.set_aside)}." for each in aside[:MOST_ROWS])
            )
        )
    return Section("ranking", heading, tuple(blocks))


def result_words(evaluation: Evaluation) -> list[str]:
    """Return the outcome in sentences: who is first and by how much, a tie, or nobody; what keeps an award back."""
    profile, ranked = evaluation.profile, evaluation.ranked
    if not ranked:
        return ["No bid is left: all are set aside by the tender's own rules."]
    leading = [evaluation.title(name) for name in evaluation.first]
    figure = words.figure_words(profile, ranked[0])
    said = []
    if len(leading) > 1:
        said.append(f"{words.listed(leading)} are first together, with {figure}: a tie, exact to the last decimal.")
        said.append("The program decides no tie. Go by the rule that the tender states, if it states one.")
    elif len(ranked) == 1:
        said.append(f"{leading[0]} is the only bid that is ranked, with {figure}.")
    else:
        second = [evaluation.title(each.bidder) for each in ranked[1:] if each.rank == 2]
        by = words.lead_words(profile, ranked[0], ranked[1])
        said.append(f"{leading[0]} is first with {figure}, ahead of {words.listed(second)} {by}.")
    if evaluation.blocking:
        names = words.listed(sorted({evaluation.title(each.bidder) for each in evaluation.blocking}))
        said.append(f"No award can be explained yet: questions that must be passed are still open ({names}).")
    return said


def _figure(evaluation: Evaluation) -> Figure:
    profile = evaluation.profile
    groups = dict.fromkeys(criterion.group or criterion.title for criterion in profile.criteria)
    names = list(groups)
    if len(names) > plots.MOST_PARTS:
        names = [*names[: plots.MOST_PARTS - 1], "All else"]
    shown = [*evaluation.ranked, *(each for each in evaluation.standings if each.set_aside)][: plots.MOST_BIDS]

    def parts(standing: Standing) -> tuple[float, ...]:
        sums = dict.fromkeys(names, 0.0)
        for criterion in profile.criteria:
            group = criterion.group or criterion.title
            sums[group if group in sums else "All else"] += float(standing.points[criterion.id])
        return tuple(sums.values())

    bars = [
        plots.BidBar(evaluation.title(each.bidder), parts(each), f"{words.rank_words(each)}: "
                     f"{words.figure_words(profile, each)}")
        for each in shown
    ]  # fmt: skip
    unit = profile.tender.currency if profile.tender.total == "value_net_of_quality_price" else "points"
    label = f"{unit[0].upper()}{unit[1:]} earned"
    alt = "Stacked bars. " + "; ".join(
        f"{bar.name}: " + ", ".join(f"{name} {part:.2f}" for name, part in zip(names, bar.parts, strict=True))
        for bar in bars
    )
    more = f", {len(shown)} of {len(evaluation.standings)} bids" if len(shown) < len(evaluation.standings) else ""
    return Figure(
        "bid_scores", f"What each bid earned, by group of criteria{more}", f"{alt}.",
        lambda width: plots.picture(
            lambda axes: plots.bid_scores(names, bars, label, axes), width, plots.bid_scores_height(len(bars), width)
        ),
    )  # fmt: skip


def _ranking_table(evaluation: Evaluation) -> Table:
    bidders = {bidder.id: bidder for bidder in evaluation.bids.contents.bidders}
    ordered = [*evaluation.ranked, *(each for each in evaluation.standings if each.set_aside)]
    rows = tuple(
        (words.rank_words(each), bidders[each.bidder].title, bidders[each.bidder].size or "not stated",
         bidders[each.bidder].kind or "not stated", words.money(evaluation.profile, bidders[each.bidder].price),
         words.figure_words(evaluation.profile, each))
        for each in ordered[:MOST_ROWS]
    )  # fmt: skip
    caption = f"The bids in order{_of(len(rows), len(ordered), 'ranking')}"
    return Table("ranking", caption, ("Rank", "Bidder", "Size", "Kind", "Price", "Total"), rows,
                 (True, False, False, False, True, True))  # fmt: skip


def _of(shown: int, there: int, name: str) -> str:
    return f", {shown} of {there:,}; all are in tables/{name}.csv" if shown < there else ""


# ---- scores ----


def _scores(evaluation: Evaluation) -> Section:
    profile = evaluation.profile
    if not evaluation.standings:
        return Section("scores", "Points by criterion", (Paragraph("There are none until all scores are settled."),))
    ordered = [*evaluation.ranked, *(each for each in evaluation.standings if each.set_aside)][:6]
    headings = ("Criterion", "Full marks", *(evaluation.title(each.bidder) for each in ordered))
    rows = [
        (_criterion_words(criterion), _full(evaluation, criterion),
         *(words.points_words(profile, each.points[criterion.id]) for each in ordered))
        for criterion in profile.criteria
    ]  # fmt: skip
    rows.append(("Total", "", *(words.figure_words(profile, each) for each in ordered)))
    rest = len(evaluation.standings) - len(ordered)
    caption = "Points by criterion" + (f", the first {len(ordered)}; all are in tables/scores.csv" if rest > 0 else "")
    table = Table(
        "scores", caption, headings, tuple(rows), (False, *(True,) * (len(headings) - 1)), wide=len(ordered) > 3
    )
    said = words.shown_words(profile)
    return Section("scores", "Points by criterion", (table, *((Paragraph(said, "note"),) if said else ())))


def _criterion_words(criterion: Criterion) -> str:
    return f"{criterion.group}: {criterion.title}" if criterion.group and criterion.group != criterion.title else criterion.title  # fmt: skip  # noqa: E501


def _full(evaluation: Evaluation, criterion: Criterion) -> str:
    return words.points_words(evaluation.profile, evaluation.profile.full_points[criterion.id])


def _commitments(evaluation: Evaluation) -> Section:
    heading = "What each bid commits to"
    profile, offers = evaluation.profile, evaluation.offers
    if not profile.measures:
        return Section("commitments", heading, (Paragraph("The tender has no measures in numbers."),))
    shown = offers[:6]
    headings = ("Measure", "Unit", *(offer.bidder.title for offer in shown))
    rows = []
    for measure in profile.measures[:MOST_ROWS]:
        title = f"{measure.title}{' (mandatory)' if measure.mandatory else ''}"
        quantities = (wording.plain(float(offer.quantity(measure.id))) for offer in shown)
        rows.append((title, measure.unit, *quantities))
    cut = len(offers) > len(shown) or len(profile.measures) > MOST_ROWS
    caption = "Commitments over the whole contract" + ("; all are in tables/commitments.csv" if cut else "")
    table = Table("commitments", caption, headings, tuple(rows), (False, False, *(True,) * len(shown)),
                  wide=len(shown) > 3)  # fmt: skip
    notes = sroi_notes(evaluation)
    return Section("commitments", heading, (table, *((Bullets(notes),) if notes else ())))


# ---- method ----


def _method(evaluation: Evaluation) -> Section:
    profile, lock = evaluation.profile, evaluation.lock
    rows = tuple(
        (criterion.title, words.looks_at_words(criterion), words.weight_words(profile, criterion),
         words.method_words(profile, criterion),
         "none" if criterion.threshold is None else wording.per_cent(float(criterion.threshold)))
        for criterion in profile.criteria
    )  # fmt: skip
    table = Table("criteria", "What was scored, and how", ("Criterion", "What it looks at", "Weight", "Formula",
                  "Least share of marks"), rows, (False, False, True, False, True))  # fmt: skip
    notes = [
        f"The profile was {lock.words()}. Bids were opened on {words.day(evaluation.bids.opened)}. "
        f"Its whole SHA-256 is {lock.sha256}.",
        words.total_words(profile) + " " + words.rounding_words(profile),
    ]
    if evaluation.bids.opened != profile.tender.bids_open:
        notes.append(f"The profile planned the opening for {words.day(profile.tender.bids_open)}.")
    if profile.relative:
        names = words.listed([f"“{criterion.title}”" for criterion in profile.relative])
        notes.append(f"{names}: these points depend on the other bids as well. Another set of bids could come out in "
                     "another order, even among bids that are in both.")  # fmt: skip
    if any(criterion.method == "relative_price_lowest_best" for criterion in profile.relative):
        notes.append("From its own price and the points for the price in its letter, a bidder can work out the first "
                     "bid's price: see that it may be told before letters go out.")  # fmt: skip
    notes.append("A bid that is set aside by itself (a mandatory measure, a question failed, a threshold of a judged "
                 "score) sets no lowest price and no highest figure. Commitments are scored as they stand; ranges "
                 "are not scored.")  # fmt: skip
    notes.append("How far the ranking would move under other weights is not studied here: that is done beforehand, on "
                 "made-up bids.")  # fmt: skip
    if evaluation.bids.sha256:
        notes.append(f"Read from {Path(evaluation.bids.file).name} (SHA-256 {evaluation.bids.sha256[:16]}..).")
    return Section(
        "method", "How it was done", (table, *map(Paragraph, notes), Paragraph(words.NOT_LEGAL_ADVICE, "note"))
    )
