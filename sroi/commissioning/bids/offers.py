"""What was offered: bidders with price and commitments, scores by evaluators, answers; real bids and made-up ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property

from sroi.commissioning.bids.formulas import ZERO


@dataclass(frozen=True)
class Commitment:
    """How much of a measure a bidder commits to over the contract, and how far what comes of it may lie from that."""

    quantity: Fraction
    low: Fraction | None = None
    high: Fraction | None = None
    how: str = ""


@dataclass(frozen=True)
class Bidder:
    """One bidder. `workforce` is in full-time equivalents on this contract; `price` is that of the whole contract."""

    id: str
    title: str
    price: Fraction
    size: str = ""
    kind: str = ""
    workforce: Fraction | None = None
    sroi_ratio: Fraction | None = None
    sroi_follows: bool = False


@dataclass(frozen=True)
class Offer:
    """All that the scoring looks at of one bid: its judged scores are shares of full marks, settled."""

    bidder: Bidder
    commitments: Mapping[str, Commitment] = field(default_factory=dict)
    judged: Mapping[str, Fraction] = field(default_factory=dict)
    failed: tuple[str, ...] = ()

    def quantity(self, measure: str) -> Fraction:
        """Return the commitment to a measure, nothing if there is none."""
        commitment = self.commitments.get(measure)
        return commitment.quantity if commitment is not None else ZERO


@dataclass(frozen=True)
class Evaluator:
    """A member of the panel: what they judge (no criteria: all), what interest they declare, whom they leave out."""

    id: str
    title: str
    role: str = ""
    criteria: tuple[str, ...] = ()
    conflict: bool = False
    declared: str = ""
    handled: str = ""
    excused: tuple[str, ...] = ()


@dataclass(frozen=True)
class Score:
    """One evaluator's band for a bidder on a criterion, or, with no evaluator, what the panel agreed."""

    bidder: str
    criterion: str
    band: str
    reason: str = ""
    evaluator: str = ""


@dataclass(frozen=True)
class Statement:
    """A bidder's method statement on a criterion."""

    bidder: str
    criterion: str
    text: str


@dataclass(frozen=True)
class Answer:
    """What a bidder answered to a question, and what the buyer made of it: pass, fail or clarify."""

    bidder: str
    question: str
    outcome: str
    answer: str = ""
    evidence: str = ""


@dataclass(frozen=True)
class Link:
    """A sub-contractor or maker in a bidder's supply chain: tier 1 is whom the bidder pays."""

    bidder: str
    title: str
    tier: int
    country: str = ""
    work: str = ""
    share: Fraction | None = None
    modern_slavery: str = ""
    pay: str = ""
    outcome: str = "clarify"
    evidence: str = ""


@dataclass(frozen=True)
class Contents:
    """What a file of bids holds, whether real or made up."""

    bidders: tuple[Bidder, ...]
    commitments: Mapping[str, Mapping[str, Commitment]] = field(default_factory=dict)
    statements: tuple[Statement, ...] = ()
    evaluators: tuple[Evaluator, ...] = ()
    scores: tuple[Score, ...] = ()
    moderated: tuple[Score, ...] = ()
    answers: tuple[Answer, ...] = ()
    chain: tuple[Link, ...] = ()

    def title(self, bidder: str) -> str:
        """Return a bidder's name."""
        return self._titles[bidder]

    @cached_property
    def _titles(self) -> dict[str, str]:
        return {bidder.id: bidder.title for bidder in self.bidders}


@dataclass(frozen=True)
class Bids:
    """Real bids: they may be evaluated, and never studied."""

    contents: Contents
    opened: date
    reference: str = ""
    file: str = ""
    sha256: str = ""


@dataclass(frozen=True)
class MadeUpBids:
    """Made-up bids: they may be studied before a tender, and never evaluated. `origin` says how they were made."""

    offers: tuple[Offer, ...]
    origin: str
