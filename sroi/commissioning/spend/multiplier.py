"""The local multiplier LM3: how often money is spent again within an area, over three rounds, with its range.

It measures circulation within a chosen area. It is not a social value and is never added to one. Round 1 is the money
at the start; round 2 what of it is spent within the area; round 3 what those people and firms spend again within it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from sroi import wording
from sroi.errors import MethodRefused, Problem

LOWEST, HIGHEST = 1.0, 3.0

NOT_SOCIAL_VALUE = (
    "LM3 measures circulation within a chosen area. It is not a social value, and must not be added to one."
)


@dataclass(frozen=True)
class Round:
    """One round: money spent within the area [in the currency], and how sure that is.

    Either a stated range `low` to `high`, or a survey: `covered` is the money that those who answered had received in
    the round before (of it, `amount` was spent locally). Neither: the amount is exact. `where` is its place in a file.
    """

    number: int
    amount: float
    covered: float | None = None
    low: float | None = None
    high: float | None = None
    source: str = ""
    where: str = ""


@dataclass(frozen=True)
class RoundFound:
    """A round as it enters: its money, the least and the most that it can be, the share of a survey that answered."""

    number: int
    money: float
    low: float
    high: float
    answered: float | None
    source: str


@dataclass(frozen=True)
class LocalMultiplier:
    """LM3 with its range, and the rounds behind it."""

    lm3: float
    low: float
    high: float
    rounds: tuple[RoundFound, ...]

    @property
    def reading(self) -> str:
        """What it means, in words."""
        more = wording.money(self.lm3 - 1, "GBP", 2)
        return f"each £1 at the start leads to a further {more} of spending within the area over two rounds"

    def to_dict(self) -> dict[str, object]:
        """Return it for other programs."""
        return {
            "lm3": self.lm3, "low": self.low, "high": self.high,
            "rounds": [{"round": each.number, "money": each.money, "low": each.low, "high": each.high,
                        "answered": each.answered, "source": each.source} for each in self.rounds],
            "note": NOT_SOCIAL_VALUE,
        }  # fmt: skip


def local_multiplier(rounds: Sequence[Round]) -> LocalMultiplier:
    """Return LM3 = (round 1 + round 2 + round 3) / round 1, from 1 to 3, with the range that its rounds leave.

    Of a survey the middle takes those who did not answer to spend as those who did; the low end takes them to spend
    nothing within the area, the high end everything. MethodRefused for a round above the one before, which cannot be,
    and for anything else that does not fit, all in one message.

    >>> local_multiplier([Round(1, 100000), Round(2, 60000), Round(3, 30000)]).lm3
    1.9
    """
    problems = list(_problems(rounds))
    if problems:
        raise MethodRefused(problems)
    first, second, third = sorted(rounds, key=lambda each: each.number)
    start = first.amount
    two = _found(second, start, start, start)
    three = _found(third, two.money, two.low, two.high)
    problems = [
        Problem(f"round 3 can reach {_money(money)}, and round 2 only {_money(most)}",
                "Check the ranges: no round exceeds the one before.", cell=third.where)
        for money, most in ((three.money, two.money), (three.low, two.low), (three.high, two.high))
        if money > most * (1 + 1e-12)
    ]  # fmt: skip
    if problems:
        raise MethodRefused(problems[:1])
    found = RoundFound(1, start, start, start, None, first.source), two, three
    middle, low, high = (
        (start + a + b) / start for a, b in ((two.money, three.money), (two.low, three.low), (two.high, three.high))
    )
    return LocalMultiplier(middle, low, high, found)


def _found(given: Round, money: float, low: float, high: float) -> RoundFound:
    """Return a round, where the one before it was `money`, `low` at least and `high` at most."""
    if given.covered is not None:
        rate = given.amount / given.covered
        most = given.amount + max(high - given.covered, 0.0)
        return RoundFound(given.number, rate * money, given.amount, most, given.covered / money if money else None,
                          given.source)  # fmt: skip
    least = given.amount if given.low is None else given.low
    most = given.amount if given.high is None else given.high
    return RoundFound(given.number, given.amount, least, most, None, given.source)


def _problems(rounds: Sequence[Round]) -> list[Problem]:
    """Return what cannot be about the rounds, one by one and in their order."""
    if sorted(each.number for each in rounds) != [1, 2, 3]:
        given = ", ".join(str(each.number) for each in rounds) or "none"
        return [Problem(f"LM3 takes rounds 1, 2 and 3 once each, and these are given: {given}", "Give all three.")]
    problems: list[Problem] = []
    ordered = sorted(rounds, key=lambda each: each.number)
    for each in ordered:
        problems += _own_problems(each)
    for before, after in pairwise(ordered):
        if after.amount > before.amount:
            found = f"round {after.number} is {_money(after.amount)}, above round {before.number} with "
            found += _money(before.amount)
            remedy = "No round exceeds the one before: only money that was received can be spent again."
            problems.append(Problem(found, remedy, cell=after.where))
        # Only those whom the survey of round 2 found can be asked in round 3.
        elif after.covered is not None and after.covered > before.amount:
            found = f"round {after.number}: those who answered received {_money(after.covered)}, more than the "
            found += f"{_money(before.amount)} of round {before.number}"
            problems.append(Problem(found, "Count only money of the round before.", cell=after.where))
    return problems


def _own_problems(each: Round) -> list[Problem]:
    said = f"round {each.number}"
    problems = []
    if each.number == 1:
        if each.amount <= 0:
            problems.append(
                Problem(f"{said} is {_money(each.amount)}", "Give the money at the start.", cell=each.where)
            )
        if each.covered is not None or each.low is not None or each.high is not None:
            problems.append(Problem(f"{said} has a range", "The money at the start is known: give one sum.",
                                    cell=each.where))  # fmt: skip
        return problems
    if each.amount < 0:
        problems.append(Problem(f"{said} is {_money(each.amount)}", "Give 0 or more.", cell=each.where))
    if each.covered is not None and (each.low is not None or each.high is not None):
        problems.append(Problem(f"{said} has both a range and a survey", "Give one of the two.", cell=each.where))
    if each.covered is not None and each.covered <= 0:
        problems.append(Problem(f"{said}: nobody answered", "Leave the survey out, and give a range: low and high.",
                                cell=each.where))  # fmt: skip
    elif each.covered is not None and each.amount > each.covered:
        found = f"{said}: those who answered spent {_money(each.amount)} locally, and received {_money(each.covered)}"
        problems.append(Problem(found, "They cannot spend more than they received.", cell=each.where))
    low, high = (each.amount if end is None else end for end in (each.low, each.high))
    if not low <= each.amount <= high or low < 0:
        found = f"{said}: {_money(each.amount)} does not lie within {_money(low)} to {_money(high)}"
        problems.append(Problem(found, "Give low, amount and high in order, from 0.", cell=each.where))
    return problems


def _money(amount: float) -> str:
    return wording.money(amount, "GBP")
