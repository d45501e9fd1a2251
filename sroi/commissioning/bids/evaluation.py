"""The evaluation of real bids by a locked profile: scores, ranking, what is still open, what to ask.

It holds no study: how far a ranking would move is looked at beforehand, on made-up bids (`study`), and never here.
"""

from __future__ import annotations

from dataclasses import dataclass

from sroi.commissioning.bids.bids_reading import offers_of
from sroi.commissioning.bids.ethics import OpenQuestion, open_questions
from sroi.commissioning.bids.flags import Flag, flags
from sroi.commissioning.bids.lock import NO_LOCK, Lock, check_lock
from sroi.commissioning.bids.moderation import Panel, conflict_notes, panels
from sroi.commissioning.bids.offers import Bids, Offer
from sroi.commissioning.bids.profile import Profile
from sroi.commissioning.bids.scoring import Standing, first, refuse_prices_of_nothing, score
from sroi.errors import FileRefused, MethodRefused, Problem


@dataclass(frozen=True)
class OpenPoint:
    """Something that keeps the bids from being ranked: whose, on what, why."""

    bidder: str
    about: str
    found: str


@dataclass(frozen=True)
class Evaluation:
    """Real bids as evaluated. `standings` is empty while `open_points` keep them from being ranked."""

    profile: Profile
    bids: Bids
    lock: Lock
    offers: tuple[Offer, ...]
    panels: tuple[Panel, ...]
    standings: tuple[Standing, ...]
    open_points: tuple[OpenPoint, ...]
    questions: tuple[OpenQuestion, ...]
    flags: tuple[Flag, ...]
    conflicts: tuple[str, ...]

    @property
    def ranked(self) -> tuple[Standing, ...]:
        """The bids that are ranked, the first on top; in a tie, in the order of the file."""
        within = [standing for standing in self.standings if standing.rank is not None]
        return tuple(sorted(within, key=lambda standing: standing.rank or 0))

    @property
    def first(self) -> tuple[str, ...]:
        """Who is first: one bidder, several in a tie, or nobody."""
        return first(self.standings)

    @property
    def winner(self) -> Standing | None:
        """The bid that is first alone, if nothing is open that must be settled before an award."""
        return self.ranked[0] if len(self.first) == 1 and not self.blocking else None

    @property
    def blocking(self) -> tuple[OpenQuestion, ...]:
        """Open questions of bids that are in, which must be settled before an award."""
        within = {standing.bidder for standing in self.standings if standing.rank is not None}
        return tuple(each for each in self.questions if each.blocks and each.bidder in within)

    def title(self, bidder: str) -> str:
        """Return a bidder's name."""
        return self.bids.contents.title(bidder)

    def panels_of(self, bidder: str) -> dict[str, Panel]:
        """Return a bidder's panel scores by criterion."""
        return {panel.criterion: panel for panel in self.panels if panel.bidder == bidder}


def evaluate_bids(profile: Profile, bids: Bids, lock: Lock | None) -> Evaluation:
    """Return real bids as evaluated; FileRefused without a lock that fits, MethodRefused for any but real bids.

    While scores are open there is no ranking, and the evaluation says what is open: so that a panel sees where it
    differs before it meets.
    """
    if not isinstance(bids, Bids):
        found = "these bids are made up, and only real bids are evaluated"
        raise MethodRefused(Problem(found, "Study made-up bids with --try."))
    if lock is None:
        raise FileRefused(NO_LOCK)
    check_lock(lock, profile, bids.opened)
    contents = bids.contents
    offers = offers_of(profile, contents)
    judged = panels(profile, contents)
    points = _open_points(profile, bids, offers, judged)
    return Evaluation(
        profile, bids, lock, offers, judged,
        () if points else score(profile, offers),
        points, open_questions(profile, contents), flags(profile, offers), conflict_notes(profile, contents),
    )  # fmt: skip


def _open_points(
    profile: Profile, bids: Bids, offers: tuple[Offer, ...], judged: tuple[Panel, ...]
) -> tuple[OpenPoint, ...]:
    points = [
        OpenPoint(panel.bidder, profile.criterion(panel.criterion).title, panel.open)
        for panel in judged
        if panel.settled is None
    ]
    most = profile.tender.most_measures_per_bid
    for offer in offers:
        count = sum(1 for commitment in offer.commitments.values() if commitment.quantity)
        if most is not None and count > most:
            found = f"it commits to {count} measures, and a bid may have {most}: ask which count, and keep those"
            points.append(OpenPoint(offer.bidder.id, "Measures", found))
        try:
            refuse_prices_of_nothing(profile, [offer])
        except MethodRefused as refused:
            points.append(OpenPoint(offer.bidder.id, "Price", f"{refused.problems[0].found}: ask what the price is"))
    return tuple(points)


def sroi_notes(evaluation: Evaluation) -> tuple[str, ...]:
    """Return what became of each SROI ratio that a bidder stated."""
    scored = any(criterion.kind == "sroi_ratio" for criterion in evaluation.profile.criteria)
    notes = []
    for bidder in (each for each in evaluation.bids.contents.bidders if each.sroi_ratio is not None):
        said = f"{bidder.title} states an SROI ratio of {float(bidder.sroi_ratio or 0):,.2f}"
        if not scored:
            notes.append(f"{said}. It scores nothing: the tender did not say that it would.")
        elif bidder.sroi_follows:
            notes.append(f"{said}, by the conventions that the tender prescribes. It is scored.")
        else:
            notes.append(f"{said}, and not by the conventions that the tender prescribes. It scores nothing.")
    return tuple(notes)
