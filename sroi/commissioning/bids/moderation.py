"""How evaluators' scores become one: each shown, their spread told, what the panel agreed held against them."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from sroi.commissioning.bids.offers import Contents, Evaluator, Score
from sroi.commissioning.bids.profile import Criterion, Profile
from sroi.wording import per_cent


@dataclass(frozen=True)
class Panel:
    """A panel's scores of one bidder on one criterion, as shares of full marks.

    `settled` is the score that counts: what the panel agreed, or what all gave, or, if the profile says so, the mean.
    None while it is not settled; `open` then says why. `notes` are what a chair would want to know.
    """

    bidder: str
    criterion: str
    individual: tuple[tuple[Score, Fraction], ...]
    agreed: Score | None
    settled: Fraction | None
    missing: tuple[str, ...]
    open: str = ""
    notes: tuple[str, ...] = ()

    @property
    def range(self) -> Fraction:
        """The highest less the lowest individual score."""
        shares = [share for _, share in self.individual]
        return max(shares) - min(shares) if shares else Fraction(0)

    @property
    def sd(self) -> float:
        """The standard deviation of the panel's scores; the panel is all there is, so it is divided by their number."""
        shares = [float(share) for _, share in self.individual]
        return statistics.pstdev(shares) if shares else 0.0

    @property
    def reasons(self) -> tuple[str, ...]:
        """The reasons that stand: the panel's, or the evaluators'."""
        if self.agreed is not None and self.agreed.reason:
            return (self.agreed.reason,)
        return tuple(dict.fromkeys(score.reason for score, _ in self.individual if score.reason))


def panels(profile: Profile, contents: Contents) -> tuple[Panel, ...]:
    """Return the panel's scores of every bidder on every criterion that people judge."""
    given: Mapping[tuple[str, str], list[Score]] = defaultdict(list)
    for score in contents.scores:
        given[score.bidder, score.criterion].append(score)
    agreed = {(score.bidder, score.criterion): score for score in contents.moderated}
    return tuple(
        _panel(
            profile, criterion, contents.evaluators, bidder.id, given.get((bidder.id, criterion.id), []),
            agreed.get((bidder.id, criterion.id)),
        )
        for bidder in contents.bidders
        for criterion in profile.judged
    )  # fmt: skip


def judges(evaluators: tuple[Evaluator, ...], bidder: str, criterion: str) -> tuple[Evaluator, ...]:
    """Return who is to score a bidder on a criterion."""
    return tuple(
        each for each in evaluators if (not each.criteria or criterion in each.criteria) and bidder not in each.excused
    )


def _panel(
    profile: Profile,
    criterion: Criterion,
    evaluators: tuple[Evaluator, ...],
    bidder: str,
    scores: list[Score],
    agreed: Score | None,
) -> Panel:
    earns = profile.bands_of(criterion)
    individual = tuple((score, earns[score.band]) for score in scores)
    have = {score.evaluator for score in scores}
    missing = tuple(each.title for each in judges(evaluators, bidder, criterion.id) if each.id not in have)
    shares = {share for _, share in individual}
    settled, why = None, ""
    if agreed is not None:
        settled = earns[agreed.band]
    elif not individual:
        why = "nobody has scored it"
    elif missing:
        why = f"not scored by {', '.join(missing)}"
    elif len(shares) == 1:
        settled = next(iter(shares))
    elif profile.tender.unmoderated == "mean":
        settled = sum((share for _, share in individual), Fraction(0)) / len(individual)
    else:
        why = "the evaluators differ and no moderated score is given"
    notes = _notes(profile, individual, agreed, settled)
    if agreed is not None and missing:
        notes = (*notes, f"moderated, though not scored by {', '.join(missing)}")
    return Panel(bidder, criterion.id, individual, agreed, settled, missing, why, notes)


def _notes(
    profile: Profile, individual: tuple[tuple[Score, Fraction], ...], agreed: Score | None, settled: Fraction | None
) -> tuple[str, ...]:
    shares = [share for _, share in individual]
    notes = []
    most = profile.tender.moderate_beyond
    if shares and most is not None and max(shares) - min(shares) > most:
        apart = per_cent(float(max(shares) - min(shares)))
        notes.append(f"the scores lie {apart} of full marks apart, more than the {per_cent(float(most))} stated")
    if agreed is not None and settled is not None:
        if not shares:
            notes.append("a moderated score without any individual score")
        elif not min(shares) <= settled <= max(shares):
            notes.append("the moderated score lies outside all individual scores")
        if not agreed.reason:
            notes.append("the moderated score has no reason")
    elif len(set(shares)) == 1 and not any(score.reason for score, _ in individual):
        notes.append("no evaluator gives a reason")
    return tuple(notes)


def conflict_notes(profile: Profile, contents: Contents) -> tuple[str, ...]:
    """Return what stands out among the evaluators' declarations of interest."""
    notes = []
    scored = {(score.evaluator, score.bidder) for score in contents.scores}
    for evaluator in contents.evaluators:
        if evaluator.conflict and not evaluator.handled:
            notes.append(f"{evaluator.title} declares an interest, and nothing says how it was handled")
        for bidder in evaluator.excused:
            if (evaluator.id, bidder) in scored:
                name = contents.title(bidder)
                notes.append(f"{evaluator.title} is excused from scoring {name}, and has scored it")
    for criterion in profile.judged:
        if not any(not each.criteria or criterion.id in each.criteria for each in contents.evaluators):
            notes.append(f"no evaluator is named for “{criterion.title}”")
    return tuple(notes)
