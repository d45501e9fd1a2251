"""The reasons for an award, bidder by bidder: own scores beside the winner's, and nobody else's.

Only an `Evaluation` with one bid alone in first place, and nothing open, is explained. A study of made-up bids cannot
be: it is of another type, and refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from sroi.commissioning.bids import words
from sroi.commissioning.bids.evaluation import Evaluation
from sroi.commissioning.bids.profile import Criterion
from sroi.commissioning.bids.scoring import Standing
from sroi.errors import MethodRefused, NameRefused, Problem, did_you_mean
from sroi.reports.blocks import Block, Bullets, Paragraph, Section, Story, Table


def award_problems(evaluation: Evaluation) -> list[Problem]:
    """Return what keeps an award from being explained; nothing where it can be."""
    if evaluation.open_points:
        first, more = evaluation.open_points[0], len(evaluation.open_points) - 1
        found = f"{evaluation.title(first.bidder)}, {first.about}: {first.found}{f', and {more} more' if more else ''}"
        return [Problem(found, "Settle what is open; then bids can be ranked.")]
    if not evaluation.first:
        return [Problem("no bid is left to award to", "All are set aside by the tender's own rules.")]
    problems = []
    if len(evaluation.first) > 1:
        names = words.listed([evaluation.title(name) for name in evaluation.first])
        remedy = "Go by the rule that the tender states; the program decides no tie."
        problems.append(Problem(f"{names} are first together", remedy))
    problems += [
        Problem(f"{evaluation.title(each.bidder)}, {each.about}: {each.found}", "Settle it: it must be passed.")
        for each in evaluation.blocking
    ]
    return problems


def explain_award(evaluation: Evaluation, bidder: str) -> Story:
    """Return the explanation for one bidder: the outcome, its scores beside the winner's, the reasons, the method.

    Raises TypeError for anything but an evaluation of real bids, MethodRefused where there is no award to explain.
    """
    if not isinstance(evaluation, Evaluation):
        raise TypeError("only an Evaluation of real bids is explained: a Study of made-up bids never is")
    problems = award_problems(evaluation)
    winner = evaluation.winner
    if problems or winner is None:
        raise MethodRefused(problems)
    standings = {each.bidder: each for each in evaluation.standings}
    if bidder not in standings:
        raise NameRefused(Problem(f"there is no bidder '{bidder}'", did_you_mean(bidder, standings)))
    own = standings[bidder]
    tender = evaluation.profile.tender
    sections = (_outcome(evaluation, own, winner), _points(evaluation, own, winner), _reasons(evaluation, own, winner),
                _method(evaluation))  # fmt: skip
    return Story(f"How your bid was assessed: {tender.title}", f"{tender.buyer} to {evaluation.title(bidder)}. Tender "
                 f"{tender.reference}. Draft, to be checked and signed by the buyer", sections)  # fmt: skip


def _outcome(evaluation: Evaluation, own: Standing, winner: Standing) -> Section:
    count = len(evaluation.standings)
    bids = f"{count} bid{'' if count == 1 else 's'}"
    name, profile = evaluation.title(winner.bidder), evaluation.profile
    blocks: list[Block] = []
    if own.bidder == winner.bidder:
        said = f"Your bid is first of {bids}, with {words.figure_words(profile, own)}."
        blocks.append(Paragraph(said, "lead"))
    elif own.rank is None:
        blocks.append(
            Paragraph(f"Your bid was set aside, by the rules of the tender. The first bid is that of {name}.", "lead")
        )
        blocks.append(Bullets(tuple(f"{reason[0].upper()}{reason[1:]}." for reason in own.set_aside)))
    else:
        place = f"Your bid is number {own.rank} of {bids}{', together with another' if own.tied_with else ''}"
        total, theirs = words.figure_words(profile, own), words.figure_words(profile, winner)
        blocks.append(Paragraph(f"{place}. The first bid is that of {name}.", "lead"))
        blocks.append(Paragraph(f"Your total is {total}. That of {name} is {theirs}; it leads yours "
                                f"{words.lead_words(profile, winner, own)}."))  # fmt: skip
    return Section("outcome", "The outcome", tuple(blocks))


def _points(evaluation: Evaluation, own: Standing, winner: Standing) -> Section:
    profile, alone = evaluation.profile, own.bidder == winner.bidder
    rows = []
    for criterion in profile.criteria:
        mine, theirs = own.points[criterion.id], winner.points[criterion.id]
        row = [criterion.title, words.points_words(profile, profile.full_points[criterion.id]),
               words.points_words(profile, mine)]  # fmt: skip
        rows.append(
            tuple(row if alone else [*row, words.points_words(profile, theirs), _apart(evaluation, theirs - mine)])
        )
    totals = ["Total", "", words.figure_words(profile, own)]
    rows.append(tuple(totals if alone else [*totals, words.figure_words(profile, winner), ""]))
    headings = ["Criterion", "Full marks", "Your bid"]
    headings += [] if alone else [evaluation.title(winner.bidder), "The first bid leads by"]
    table = Table(
        "points", "Points by criterion", tuple(headings), tuple(rows), (False, *(True,) * (len(headings) - 1))
    )
    blocks: list[Block] = [table]
    said = words.shown_words(profile)
    if said:
        blocks.append(Paragraph(said, "note"))
    if not alone:
        blocks.append(Paragraph(difference_words(evaluation, own, winner)))
    return Section("points", "The points", tuple(blocks))


def _apart(evaluation: Evaluation, points: Fraction) -> str:
    return "–" if points == 0 else words.points_words(evaluation.profile, points)


def difference_words(evaluation: Evaluation, own: Standing, winner: Standing) -> str:
    """Return in a sentence where the first bid earned more, where the other did, and where they are level."""
    profile = evaluation.profile
    ahead: list[str] = []
    behind: list[str] = []
    level: list[str] = []
    for criterion in profile.criteria:
        apart = winner.points[criterion.id] - own.points[criterion.id]
        said = f"“{criterion.title}” ({words.points_words(profile, abs(apart))})"
        if apart:
            (ahead if apart > 0 else behind).append(said)
        else:
            level.append(f"“{criterion.title}”")
    name = evaluation.title(winner.bidder)
    parts = [
        f"{name} earned more on {words.listed(ahead)}." if ahead else f"{name} earned more points on no criterion.",
        f"You earned more on {words.listed(behind)}." if behind else "",
        f"You earned the same on {words.listed(level)}." if level else "",
    ]
    if profile.tender.total != "weighted_sum":
        parts.append("The price is set against all points together.")
    return " ".join(part for part in parts if part)


def _reasons(evaluation: Evaluation, own: Standing, winner: Standing) -> Section:
    bidders = [own] if own.bidder == winner.bidder else [own, winner]
    blocks: list[Block] = []
    for criterion in evaluation.profile.criteria:
        blocks.append(Paragraph(criterion.title, "lead"))
        if criterion.judged:
            blocks.append(Bullets(tuple(
                f"{'Your bid' if each.bidder == own.bidder else evaluation.title(each.bidder)}: "
                f"{_judgement(evaluation, criterion, each.bidder)}"
                for each in bidders
            )))  # fmt: skip
        else:
            blocks.append(Paragraph(" ".join(_reckoned(evaluation, criterion, own, winner))))
    return Section("reasons", "The reasons", tuple(blocks))


def _judgement(evaluation: Evaluation, criterion: Criterion, bidder: str) -> str:
    """Return the band that counts, what it means, and the reasons given for it."""
    panel = evaluation.panels_of(bidder)[criterion.id]
    if panel.agreed is not None:
        band = panel.agreed.band
    elif len({share for _, share in panel.individual}) == 1:
        band = panel.individual[0][0].band
    else:
        band = f"the mean of {words.listed([score.band for score, _ in panel.individual])}"
    meaning = next((each.meaning for each in evaluation.profile.bands if each.name == band and each.meaning
                    and each.criterion in ("", criterion.id)), "")  # fmt: skip
    said = [f"{band}.", f"({meaning.rstrip('.')}.)" if meaning else ""]
    reasons = [f"{reason.rstrip('.')}." for reason in panel.reasons]
    said += reasons or ["No reason is recorded: write it before this letter goes out."]
    return " ".join(part for part in said if part)


def _reckoned(evaluation: Evaluation, criterion: Criterion, own: Standing, winner: Standing) -> Iterator[str]:
    profile = evaluation.profile
    yield f"Reckoned by the tender's formula: {words.method_words(profile, criterion)}."
    if own.bidder == winner.bidder:
        return
    apart = winner.points[criterion.id] - own.points[criterion.id]
    if apart == 0:
        yield "Both bids earned the same."
    elif apart > 0:
        yield f"{evaluation.title(winner.bidder)} earned {words.points_words(profile, apart)} more than you."
    else:
        yield f"You earned {words.points_words(profile, -apart)} more than {evaluation.title(winner.bidder)}."


def _method(evaluation: Evaluation) -> Section:
    profile = evaluation.profile
    rows = tuple(
        (
            criterion.title,
            words.looks_at_words(criterion),
            words.weight_words(profile, criterion),
            words.method_words(profile, criterion),
        )
        for criterion in profile.criteria
    )
    notes = (
        f"{words.total_words(profile)} {words.rounding_words(profile)}",
        f"Weights, formulas and thresholds were fixed on {words.day(evaluation.lock.locked_on)}, as the buyer's record "
        f"of that day states (SHA-256 {evaluation.lock.sha256}). Bids were opened on "
        f"{words.day(evaluation.bids.opened)}.",
        "Scores that people gave are those that the panel agreed. No score was changed by a program.",
    )
    headings = ("Criterion", "What it looks at", "Weight", "Formula")
    table = Table("method", "What was scored, and how", headings, rows, (False, False, True, False))
    return Section("method", "How it was done", (table, *map(Paragraph, notes), Paragraph(
        f"{words.NOT_LEGAL_ADVICE} Whether this text holds all that the law asks of it is for the buyer to check.",
        "note",
    )))  # fmt: skip


def missing_reasons(evaluation: Evaluation) -> Sequence[str]:
    """Return for which bids and criteria no reason is recorded, so that they are written before letters go out."""
    return [
        f"{evaluation.title(panel.bidder)}, {evaluation.profile.criterion(panel.criterion).title}"
        for panel in evaluation.panels
        if panel.settled is not None and not panel.reasons
    ]
