"""What the paper of a study says: how a profile behaves on made-up bids. It never enters an evaluation's text."""

from __future__ import annotations

from fractions import Fraction

from sroi import wording
from sroi.commissioning.bids import words
from sroi.commissioning.bids.study import SMALL_MOVE, Study, Turns
from sroi.commissioning.bids.weightings import WeightMove
from sroi.evidence.shipped_tables import shipped_rows
from sroi.reports.blocks import Block, Bullets, Paragraph, Section, Story, Table

_MOST = 40
NEVER = "made-up bids: no part of this belongs in an evaluation or in the text of an award"


def tell_study(study: Study) -> Story:
    """Return the story of a study."""
    if not isinstance(study, Study):
        raise TypeError("only a Study of made-up bids is told here")
    tender = study.profile.tender
    sections = [_one(study), _moves(study), _chances(study), _dropped(study), _seen(), _method(study)]
    if study.turns is not None:
        sections.insert(0, _many(study, study.turns))
    return Story(f"Trying out a profile: {tender.title}",
                 f"{tender.buyer}. Tender {tender.reference}. A study on {NEVER}", tuple(sections))  # fmt: skip


def study_sentences(study: Study) -> list[str]:
    """Return what was found over many sets of made-up bids, in sentences."""
    turns = study.turns
    if turns is None:
        return []
    sets = f"{turns.count:,} sets of {len(study.made_up.offers)} made-up bids"
    said = [
        f"In {_times(turns.moved, turns.count)} of {sets}, moving one weight by {float(100 * SMALL_MOVE):g} points of "
        "100 or less puts another bid first.",
        f"In {_times(turns.paradoxes, turns.count)}, taking away a bid that is not first changes who is; in "
        f"{_times(turns.reordered, turns.count)} it changes the order of the others.",
        f"In {_times(turns.ties, turns.count)} there is a tie for first; in {_times(turns.nobody, turns.count)} all "
        "bids are set aside.",
    ]
    return said


def _times(times: int, of: int) -> str:
    return f"{times:,} ({wording.per_cent(times / of, 0)})" if times else "none"


def _many(study: Study, turns: Turns) -> Section:
    full = study.profile.full_points
    rows = []
    for criterion in study.profile.criteria:
        most = float(full[criterion.id])
        spread = turns.spread[criterion.id]
        share = wording.per_cent(spread / most, 0) if most else "–"
        shown = words.points_words(study.profile, Fraction(str(round(spread, 6))))
        rows.append((criterion.title, words.points_words(study.profile, full[criterion.id]), shown, share))
    caption = "What each criterion really decides: points between the best and the least bid, mean of all sets"
    table = Table("spread", caption, ("Criterion", "Full marks", "Best less least", "Of full marks"), tuple(rows),
                  (False, True, True, True))  # fmt: skip
    sentences = study_sentences(study)
    note = (
        "A criterion decides by how far bids lie apart on it, not by its weight alone: where a weight is large and the "
        "points lie close together, another criterion decides."
    )
    return Section("many", "Over many sets of bids", (Paragraph(sentences[0], "lead"), *map(Paragraph, sentences[1:]),
                                                      table, Paragraph(note, "note")))  # fmt: skip


def _one(study: Study) -> Section:
    profile = study.profile
    ordered = sorted(study.standings, key=lambda each: (each.rank is None, each.rank or 0))[:_MOST]
    prices = {offer.bidder.id: offer.bidder.price for offer in study.made_up.offers}
    names = _names(study)
    rows = tuple(
        (words.rank_words(each), names[each.bidder], words.money(profile, prices[each.bidder]),
         words.figure_words(profile, each))
        for each in ordered
    )  # fmt: skip
    table = Table(
        "made_up", "Made-up bids in order", ("Rank", "Bid", "Price", "Total"), rows, (True, False, True, True)
    )
    return Section("one", "One set in full", (Paragraph(f"These bids were {study.made_up.origin}."), table))


def _names(study: Study) -> dict[str, str]:
    return {offer.bidder.id: offer.bidder.title for offer in study.made_up.offers}


def move_words(study: Study, move: WeightMove) -> str:
    """Return how far a weight may move before another bid is first, in words."""
    names = _names(study)
    ends = [
        f"{words.listed([names[to]])} is level at {wording.per_cent(float(end), 2)}"
        for end, to in ((move.down, move.down_to), (move.up, move.up_to))
        if end is not None
    ]
    return "; ".join(ends) or "no weight of it puts another bid first"


def _moves(study: Study) -> Section:
    heading = "How far each weight may move"
    if not study.moves:
        return Section(
            "moves", heading, (Paragraph("No bid leads alone, so that no weight can be moved away from it."),)
        )
    titles = {criterion.id: criterion.title for criterion in study.profile.criteria}
    rows = tuple(
        (titles[move.criterion], wording.per_cent(float(move.weight), 2), move_words(study, move))
        for move in study.moves
    )
    table = Table("moves", "The weight at which another bid draws level, the other weights keeping their proportions",
                  ("Criterion", "Weight", "Another bid is level at"), rows, (False, True, False))  # fmt: skip
    blocks: list[Block] = [table]
    if study.profile.tender.rounding == "each_score":
        blocks.append(Paragraph("Reckoned without the rounding of each score.", "note"))
    return Section("moves", heading, tuple(blocks))


def chance_cells(study: Study, bidder: str) -> tuple[str, str]:
    """Return a bid's share of all weightings, and its chance as commitments come out, in words."""
    weighed, chances = study.weightings, study.chances
    return (
        words.drawn_chance(weighed.shares.get(bidder, 0.0), weighed.method == "simulation"),
        words.drawn_chance(chances.first[bidder], chances.uncertain > 0),
    )


def _chances(study: Study) -> Section:
    names, chances = _names(study), study.chances
    ordered = sorted(names, key=lambda name: (-chances.first[name], -study.weightings.shares.get(name, 0.0)))
    rows = tuple((names[name], *chance_cells(study, name)) for name in ordered[:_MOST])
    caption = "In what share of all weightings, and with what chance as commitments come out, each bid is first"
    table = Table(
        "chances", caption, ("Bid", "Of all weightings", "As commitments come out"), rows, (False, True, True)
    )
    weighed = study.weightings
    how = (
        "exact: the share of the simplex of weights"
        if weighed.method == "exact"
        else f"{weighed.draws:,} draws even over all weightings, seed {weighed.seed}, standard error at most "
        f"{wording.per_cent(weighed.standard_error, 2)}"
    )
    notes = [f"Of all weightings: {how}."]
    if chances.uncertain:
        notes.append(f"As commitments come out: {chances.uncertain:,} commitments have a range, drawn as pert; "
                     f"{chances.draws:,} draws, seed {chances.seed}, standard error at most "
                     f"{wording.per_cent(chances.standard_error, 2)}. A tie is split; "
                     f"{wording.chance_words(chances.ties)} of the draws had one.")  # fmt: skip
    else:
        notes.append("No commitment has a range, so that the ranking is the only one there is.")
    return Section("chances", "Who would be first", (table, *(Paragraph(note, "note") for note in notes)))


def _dropped(study: Study) -> Section:
    names = _names(study)
    heading = "If a bid were not there"
    turned = [each for each in study.dropped if each.order_changes]
    if not study.profile.relative:
        text = "No score depends on the other bids, so that taking one away changes nothing among the others."
    elif not turned:
        text = "In this set, taking any one bid away leaves the order of the others as it is."
    else:
        text = (
            f"Taking {len(turned)} of the {len(study.dropped)} bids away, one at a time, changes the order of the "
            "others: with a relative formula one bid's score depends on the others (the ranking paradox)."
        )
    blocks: list[Block] = [Paragraph(text)]
    if turned:
        blocks.append(Bullets(tuple(
            f"Without {names[each.bidder]}: "
            + (f"{words.listed([names[name] for name in each.first_after])} first, and not "
               f"{words.listed([names[name] for name in each.first_before])}" if each.first_changes
               else "the order further down changes")
            + "."
            for each in turned[:_MOST]
        )))  # fmt: skip
    return Section("dropped", heading, tuple(blocks))


def _seen() -> Section:
    rows = tuple(
        (row["who"], f"{row['rule']}{': ' + row['per_cent'] + ' %' if row['per_cent'] else ''}", row["source"],
         "the publisher's own page" if row["sureness"] == "A" else "second-hand")
        for row in shipped_rows("commissioning", "bid_rules_seen.csv")
    )  # fmt: skip
    table = Table("rules_seen", "Weights and rules that other bodies publish, as seen in November 2026",
                  ("Who", "What", "Source", "How sure"), rows, (False,) * 4)  # fmt: skip
    note = "They show what is done, and not what is right for this tender."
    return Section("seen", "What others do", (table, Paragraph(note, "note")))


def _method(study: Study) -> Section:
    notes = [
        f"A study on {NEVER}. It is of a type of its own, which the program's evaluation does not take.",
        "Made-up prices are drawn evenly from the range that the profile holds plausible, or a tenth about the "
        "estimated value; commitments evenly from each measure's plausible range; bands each as likely as another of "
        "those that pass. Real bids will differ: read this for how the formulas behave, not for who will win.",
        words.total_words(study.profile) + " " + words.rounding_words(study.profile),
    ]
    return Section("method", "How it was done", (*map(Paragraph, notes), Paragraph(words.NOT_LEGAL_ADVICE, "note")))
