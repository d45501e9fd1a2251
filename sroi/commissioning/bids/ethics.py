"""Bidders' answers on ethics and their supply chains, tier by tier: what is settled, and what is still to be asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sroi.commissioning.bids.offers import Answer, Contents, Link
from sroi.commissioning.bids.profile import Profile, Question


@dataclass(frozen=True)
class OpenQuestion:
    """Something that a bidder still has to answer; `blocks`: no award is explained before it is settled."""

    bidder: str
    about: str
    found: str
    blocks: bool


def open_questions(profile: Profile, contents: Contents) -> tuple[OpenQuestion, ...]:
    """Return what each bidder still has to answer, in the order of the bidders."""
    answers = {(answer.bidder, answer.question): answer for answer in contents.answers}
    found: list[OpenQuestion] = []
    for bidder in contents.bidders:
        for question in profile.questions:
            found += _question(bidder.id, question, answers.get((bidder.id, question.id)))
        found += _chain(bidder.id, [link for link in contents.chain if link.bidder == bidder.id])
    return tuple(found)


def _question(bidder: str, question: Question, answer: Answer | None) -> Iterator[OpenQuestion]:
    if answer is None:
        yield OpenQuestion(bidder, question.title, "not answered", question.must_pass)
    elif answer.outcome == "clarify":
        yield OpenQuestion(bidder, question.title, "asked again, not yet settled", question.must_pass)
    elif answer.outcome == "pass" and not answer.evidence:
        yield OpenQuestion(bidder, question.title, "passed, and no evidence is named", False)


def _chain(bidder: str, links: list[Link]) -> Iterator[OpenQuestion]:
    tiers = {link.tier for link in links}
    for tier in range(1, max(tiers, default=0)):
        if tier not in tiers:
            yield OpenQuestion(bidder, f"Tier {tier}", f"tier {max(tiers)} is named, and nobody on tier {tier}", False)
    for link in links:
        place = f"{link.title} (tier {link.tier}{f', {link.country}' if link.country else ''})"
        if not link.country:
            yield OpenQuestion(bidder, place, "no country is named", False)
        if link.outcome == "clarify":
            yield OpenQuestion(bidder, place, "asked again, not yet settled", False)
        elif link.outcome == "fail":
            yield OpenQuestion(bidder, place, "failed: what does the bidder do about it?", False)
        elif not link.evidence:
            yield OpenQuestion(bidder, place, "passed, and no evidence is named", False)
        for what, said in (("modern slavery", link.modern_slavery), ("pay", link.pay)):
            if not said and link.outcome != "clarify":
                yield OpenQuestion(bidder, place, f"nothing is said on {what}", False)
    shares = [link.share for link in links if link.tier == 1 and link.share is not None]
    if sum(shares) > 1:
        yield OpenQuestion(bidder, "Tier 1", "the shares of the price that go to it add up to more than 100 %", False)
