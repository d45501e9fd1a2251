"""Rules of procurement that touch social value, as dated data: whether one applies, and what that rests on.

"More than" and "at least" are kept apart, and so are values with and without VAT. What was not seen, such as the first
day of a section, is never guessed: the answer is then None, which `Rule.why` explains. A reading aid, not legal advice.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Literal

from pydantic import Field

from sroi import wording
from sroi.commissioning.shipped_facts import SURENESS_WORDS, Days, Fact, Sureness, YesOrNo, shipped_facts
from sroi.errors import MethodRefused, NameRefused, Problem, did_you_mean

COMPARATOR_WORDS = {"more_than": "more than", "at_least": "at least", None: "from about"}
VAT_WORDS = {True: "with VAT", False: "without VAT", None: "whether with VAT was not seen"}


class Threshold(Fact):
    """An amount from which a rule bites: which kind of contract, the comparator, whether with VAT; None: not seen."""

    kind: str = ""
    amount_gbp: float | None = None
    comparator: Literal["more_than", "at_least"] | None = None
    with_vat: YesOrNo | None = None
    of: str
    sureness: Sureness = ""
    seen: tuple[str, ...] = ()
    note: str = ""

    def reached_by(self, value_gbp: float, with_vat: bool, vat_rate: float | None = None) -> bool | None:
        """Say whether a value reaches the amount; None if what is known does not tell.

        Without a VAT rate the two kinds of value are still ordered: with VAT is never less than without.
        """
        if self.amount_gbp is None:
            return None
        if self.with_vat is with_vat:
            return self._passed(value_gbp)
        if vat_rate is not None and self.with_vat is not None:
            # Pence are as fine as money is counted; without rounding 5,000,000 / 1.2 x 1.2 might be a hair above.
            other = value_gbp * (1 + vat_rate) if self.with_vat else value_gbp / (1 + vat_rate)
            return self._passed(round(other, 2))
        # The value on the threshold's own footing lies between `value_gbp` and beyond: only one answer is sure.
        passed = self._passed(value_gbp)
        return passed if passed is not with_vat else None

    def _passed(self, value: float) -> bool | None:
        assert self.amount_gbp is not None
        if value == self.amount_gbp:
            return {"more_than": False, "at_least": True}.get(self.comparator or "")
        return value > self.amount_gbp

    def __str__(self) -> str:
        if self.amount_gbp is None:
            return f"{self.of}: no amount was seen"
        amount = wording.money(self.amount_gbp, "GBP")
        return f"{self.of} {COMPARATOR_WORDS[self.comparator]} {amount} ({VAT_WORDS[self.with_vat]})"


class Exemption(Fact):
    """A case in which a rule does not apply."""

    id: str
    text: str


class Rating(Fact):
    """A word by which performance against a key performance indicator is rated, as the regulations define it."""

    name: str
    description: str
    sureness: Sureness
    seen: tuple[str, ...]


class Rule(Fact):
    """One rule: who must do what, from which day, for which values, with its exceptions and what it rests on."""

    id: str
    title: str
    law: str
    jurisdiction: str
    duty_holder: str = ""
    in_force: Days
    follows: str = ""
    thresholds: tuple[Threshold, ...] = ()
    requirement: str
    also: str = ""
    optional: YesOrNo = False
    parts: tuple[str, ...] = ()
    definition: str = ""
    notice: str = ""
    notice_fields: tuple[str, ...] = ()
    minimum_kpis: int | None = None
    months: int | None = None
    days: dict[str, int] = {}
    exceptions: tuple[Exemption, ...] = ()
    ratings: tuple[Rating, ...] = ()
    ratings_law: str = ""
    sureness: Sureness
    seen: tuple[str, ...] = Field(min_length=1)

    def applies(
        self,
        value_gbp: float | None = None,
        *,
        with_vat: bool = True,
        on: date | None = None,
        kind: str = "",
        exempt: Iterable[str] = (),
        vat_rate: float | None = None,
    ) -> bool | None:
        """Say whether the rule applies; None if it cannot be said from what is known.

        Parameters: `value_gbp`, the value in pounds, and whether it is `with_vat`; the day `on` which it is asked;
        `kind`, where the rule has an amount for each kind of contract; `exempt`, the ids of exceptions that are met;
        `vat_rate` (0.2 for 20 %), to bring a value to the other footing.

        >>> s52 = rule("pa23_s52")
        >>> s52.applies(5_000_000, on=date(2025, 6, 16)), s52.applies(5_000_000.01, on=date(2025, 6, 16))
        (False, True)
        >>> print(s52.applies(4_900_000, with_vat=False, on=date(2025, 6, 16)))
        None
        >>> s52.applies(4_900_000, with_vat=False, on=date(2025, 6, 16), vat_rate=0.2)
        True
        """
        return _all(answer for answer, _ in self._grounds(value_gbp, with_vat, on, kind, exempt, vat_rate))

    def why(
        self,
        value_gbp: float | None = None,
        *,
        with_vat: bool = True,
        on: date | None = None,
        kind: str = "",
        exempt: Iterable[str] = (),
        vat_rate: float | None = None,
    ) -> str:
        """Return in a sentence why the rule applies, does not, or why that cannot be said.

        >>> print(rule("pa23_s52").why(5_000_000, on=date(2025, 6, 16)))
        It does not apply: £5,000,000 with VAT is not more than £5,000,000 with VAT.
        """
        grounds = self._grounds(value_gbp, with_vat, on, kind, exempt, vat_rate)
        answer = _all(each for each, _ in grounds)
        said = "; ".join(words for each, words in grounds if each is answer)
        head = {True: "It applies", False: "It does not apply", None: "Whether it applies cannot be said"}[answer]
        return f"{head}: {said}."

    def _grounds(
        self,
        value_gbp: float | None,
        with_vat: bool,
        on: date | None,
        kind: str,
        exempt: Iterable[str],
        vat_rate: float | None,
    ) -> list[tuple[bool | None, str]]:
        """Return what has to hold for the rule to apply, whether each does, and that in words."""
        _check_value(value_gbp, vat_rate)
        met = [self._exception(each) for each in exempt]
        grounds: list[tuple[bool | None, str]] = [(False, f"an exception is met: {each.text}") for each in met]
        if on is None:
            grounds.append((None, "the day was not given"))
        else:
            grounds.append(self._day_ground(on))
        if (threshold := self.threshold(kind)) is not None:
            grounds.append(_value_ground(threshold, value_gbp, with_vat, vat_rate))
        return grounds

    def _day_ground(self, on: date) -> tuple[bool | None, str]:
        held = self.in_force.hold_on(on)
        if held:
            return True, f"it was in force on {on.isoformat()}"
        if held is False:
            edge = self.in_force.first if self.in_force.first and on < self.in_force.first else self.in_force.last
            word = "from" if edge == self.in_force.first else "until"
            return False, f"it was in force {word} {edge.isoformat() if edge else ''}, not on {on.isoformat()}"
        note = self.in_force.note.rstrip(".") or "the first day was not seen"
        return None, f"{note[0].lower()}{note[1:]}"

    def _exception(self, id: str) -> Exemption:
        for each in self.exceptions:
            if each.id == id:
                return each
        known = [each.id for each in self.exceptions]
        raise NameRefused(Problem(f"the rule {self.id} has no exception '{id}'", did_you_mean(id, known)))

    def threshold(self, kind: str = "") -> Threshold | None:
        """Return the amount for a kind of contract, or None if the rule has none; NameRefused for an unknown kind."""
        if not self.thresholds and not kind:
            return None
        for each in self.thresholds:
            if each.kind == kind:
                return each
        known = [each.kind for each in self.thresholds if each.kind]
        found = f"the rule {self.id} has no amount for '{kind}'" if kind else f"the rule {self.id} has several amounts"
        raise NameRefused(
            Problem(found, did_you_mean(kind, known, None if kind else f"Say which: {', '.join(known)}."))
        )

    @property
    def addresses(self) -> tuple[str, ...]:
        """Where it was read."""
        return tuple(sources()[each] for each in self.seen)

    def rests_on(self) -> str:
        """Return the law and how sure it was seen, as it stands under a figure."""
        return f"{self.law} ({SURENESS_WORDS[self.sureness]})"


def _all(answers: Iterable[bool | None]) -> bool | None:
    """Return whether all hold: one that does not settles it, even where others are not known."""
    found = set(answers)
    return False if False in found else None if None in found else True


def _check_value(value_gbp: float | None, vat_rate: float | None) -> None:
    if value_gbp is not None and not (math.isfinite(value_gbp) and value_gbp >= 0):
        raise MethodRefused(Problem(f"{value_gbp} is no value of a contract", "Give pounds, 0 or more."))
    if vat_rate is not None and not 0 <= vat_rate <= 1:
        raise MethodRefused(Problem(f"{vat_rate} is no VAT rate", "Give a share, such as 0.2 for 20 %."))


def _value_ground(
    threshold: Threshold, value_gbp: float | None, with_vat: bool, vat_rate: float | None
) -> tuple[bool | None, str]:
    if threshold.amount_gbp is None:
        return None, str(threshold)
    if value_gbp is None:
        return None, "the value was not given"
    reached = threshold.reached_by(value_gbp, with_vat, vat_rate)
    vat = "" if threshold.with_vat is None else f" {VAT_WORDS[threshold.with_vat]}"
    edge = f"{COMPARATOR_WORDS[threshold.comparator]} {wording.unit_money(threshold.amount_gbp, 'GBP')}{vat}"
    value = f"{wording.unit_money(value_gbp, 'GBP')} {VAT_WORDS[with_vat]}"
    if reached is not None:
        if threshold.comparator is None:
            edge = f"{'above' if reached else 'below'} {wording.unit_money(threshold.amount_gbp, 'GBP')}{vat}"
            return reached, f"{value} is {edge}"
        return reached, f"{value} is {'' if reached else 'not '}{edge}"
    if threshold.with_vat is None:
        return None, f"the amount is {edge}, and {VAT_WORDS[None]}"
    if threshold.with_vat is with_vat:
        return None, f"{value} is the amount itself, and whether the amount is within was not seen"
    return None, f"the amount is {edge}; give the value {VAT_WORDS[threshold.with_vat]} too"


@cache
def sources() -> dict[str, str]:
    """Return the addresses of what the rules were read from, by the short name that a rule's `seen` gives."""
    return dict(shipped_facts("rules.yaml")["sources"])


@cache
def rules() -> tuple[Rule, ...]:
    """Return every rule that travels with the program."""
    return tuple(Rule.model_validate(each) for each in shipped_facts("rules.yaml")["rules"])


def rule(id: str) -> Rule:
    """Return the rule of that id, such as `pa23_s52`; NameRefused, with the nearest, if there is none."""
    for each in rules():
        if each.id == id:
            return each
    raise NameRefused(Problem(f"there is no rule '{id}'", did_you_mean(id, [each.id for each in rules()])))
