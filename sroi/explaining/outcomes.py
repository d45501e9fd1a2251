"""An outcome's value, written out as the Guide's formula with the outcome's own numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from sroi.explaining.clock import Clock
from sroi.explaining.explanation import Explanation, in_one_line
from sroi.explaining.givens import LABELS, own_rate_given, rate_given, taken
from sroi.explaining.lasting import Lasting
from sroi.explaining.outcome_givens import anchor_chain, outcome_givens, outcome_is_by_year
from sroi.explaining.paper import Paper
from sroi.explaining.pencil import MONEY, NUMBER, SHARE, Figure, Working, one_less, product, quotient
from sroi.explaining.years import YearWorking, by_year, year_value
from sroi.impact_map import ImpactMap
from sroi.names import DEDUCTIONS
from sroi.nouns import Outcome, PartOfStakeholder
from sroi.result import Result

# So many cohorts are written out one by one.
_MOST_COHORTS = 12


def explain_outcome(impact_map: ImpactMap, outcome: Outcome, result: Result) -> Explanation:
    """Return how an outcome's present value comes about; what it would be, if it does not count."""
    reason = impact_map.not_counted().get(outcome.id)
    people = impact_map.stakeholder_by_id
    label = in_one_line(f"{outcome.label} ({people[outcome.stakeholder].label})")
    if outcome.id not in result.priced:
        missing = " and ".join(name for name in ("quantity", "proxy") if getattr(outcome, name) is None)
        why = f"the map gives it no {missing}" if missing else "its proxy is anchored to an outcome without a price"
        summary = f"Not counted: {_sentence(reason or '')} There is nothing to work out: {why}."
        told = tuple(each for each in outcome_givens(impact_map, outcome) if not each.is_missing)
        return Explanation(outcome.id, "outcome", label, math.nan, "no figure", summary, told, (), not_counted=reason)
    scratch = _Scratch(impact_map, outcome)
    worth = scratch.reckon()
    scratch.close(worth, result, reason)
    parts = scratch.paper.read()
    kind = "present value" if scratch.clock.discounts else "value, not discounted,"
    loss = ", a loss" if worth.value < 0 else ""
    if reason is None:
        summary = f"It counts. Its {kind} is {worth}{loss}."
    else:
        summary = f"Not counted: {_sentence(reason)} If it counted, its {kind} would be {worth}{loss}."
    years = tuple(year_value(scratch.clock, each) for each in scratch.years)
    rated = rate_given(impact_map) if outcome.discount_rate is None else own_rate_given(impact_map, outcome)
    givens = (*outcome_givens(impact_map, outcome), *([rated] if scratch.clock.discounts else []))
    return Explanation(outcome.id, "outcome", label, worth.value, str(worth), summary, givens, parts, years, reason)


def _sentence(text: str) -> str:
    text = in_one_line(text)
    return text if text.endswith((".", "!", "?")) else f"{text}."


@dataclass
class _Scratch:
    """The working of one outcome."""

    impact_map: ImpactMap
    outcome: Outcome
    paper: Paper = field(init=False)
    clock: Clock = field(init=False)
    years: list[YearWorking] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self.paper = Paper(self.impact_map.currency)
        timing = self.impact_map.conventions.discount_timing
        self.clock = Clock(self.impact_map, timing, self.paper, self.outcome.discount_rate)

    def reckon(self) -> Figure:
        """Write down the whole working; return the present value."""
        paper, outcome = self.paper, self.outcome
        quantity, proxy = self._quantity(), self._proxy()
        shares = [taken(paper, getattr(outcome, name), name, LABELS[name]) for name in DEDUCTIONS]
        numbers = [quantity, proxy, *shares]
        by_cohort = outcome_is_by_year(self.impact_map, outcome)
        cohorts = self.impact_map.activity.years if by_cohort else 1
        full = self._cohorts([_repeated(each, cohorts) for each in numbers], cohorts)
        duration = taken(paper, outcome.duration, "duration", LABELS["duration"])[0]
        drop_off = taken(paper, outcome.drop_off, "drop_off", LABELS["drop_off"])[0]
        lasting = duration.value
        if lasting <= 0 or all(each.value == 0 for each in full):
            paper.say(
                "It lasts 0 years, so nothing is counted." if lasting <= 0
                else "Nothing is left of it in the first year, so nothing is left in any."
            )  # fmt: skip
            return paper.take(0.0, MONEY)
        early = self.impact_map.conventions.drop_off_from == "first_year"
        left = self._left(drop_off, early or lasting > 1)
        life = Lasting(paper, full, 2 if outcome.starts == "after" else 1, duration, left, early)
        life.say_when()
        self.clock.explain()
        self.years = life.years()
        return by_year(paper, self.clock, self.years, left if life.is_even else None)

    # ---- the numbers ----

    def _quantity(self) -> list[Figure]:
        quantity = self.outcome.quantity
        if not isinstance(quantity, PartOfStakeholder):
            return taken(self.paper, quantity, "quantity", "Quantity")
        who = self.impact_map.stakeholder_by_id[quantity.of]
        size = taken(self.paper, who.size, "size", "Size")[0]
        share = taken(self.paper, quantity.share, "share", "Share")[0]
        if "times" not in quantity.model_fields_set:
            return [self.paper.work("Quantity", "size × share", product(size, share), NUMBER)]
        times = taken(self.paper, quantity.times, "times", "Times")[0]
        return [self.paper.work("Quantity", "size × share × times", product(size, share, times), NUMBER)]

    def _proxy(self) -> list[Figure]:
        chain = anchor_chain(self.impact_map, self.outcome)
        money = chain[-1].proxy.value if chain[-1].proxy is not None else None
        label = "Proxy" if len(chain) == 1 else f"Proxy of {chain[-1].id}"
        values = taken(self.paper, money, "proxy", label)
        if len(chain) == 1:
            return values
        weights = [(self._weight(own), self._weight(other)) for own, other in pairwise(chain)]
        links = Working(
            " × ".join(["{} / {}"] * len(weights)),
            tuple(weight for pair in weights for weight in pair),
            lambda *each: math.prod(own / other for own, other in zip(each[::2], each[1::2], strict=True)),
        )
        by_weight = [f"weight of {own.id} / of {other.id}" for own, other in pairwise(chain)]
        formula = " × ".join([f"proxy of {chain[-1].id}", *by_weight])
        return [
            self.paper.work(what, formula, product(value, links), MONEY)
            for what, value in zip(_in_turn("Proxy by weight", len(values)), values, strict=True)
        ]

    def _weight(self, outcome: Outcome) -> Figure:
        return self.paper.take(outcome.weight or 0.0, NUMBER)

    # ---- what is left after the deductions ----

    def _cohorts(self, numbers: Sequence[Sequence[Figure]], cohorts: int) -> list[Figure]:
        """Write down the full value of a year of each cohort; return them."""
        paper = self.paper
        if cohorts == 1:
            quantity, proxy, *shares = (each[0] for each in numbers)
            gross = paper.work("Gross value of a year", "quantity × proxy", product(quantity, proxy), MONEY)
            return [paper.work("Full value of a year", "", product(gross, self._kept(shares, "")), MONEY)]
        paper.say(
            "The map gives numbers by year, so each year of activity is a cohort of its own, with its own full value."
        )
        full = []
        kept_by_all = self._kept_by_all(numbers[2:])
        for place in range(cohorts):
            quantity, proxy, *shares = (each[place] for each in numbers)
            what = f"Cohort of year {place + 1}"
            if place < _MOST_COHORTS:
                kept = kept_by_all if kept_by_all is not None else self._kept(shares, what)
                formula = "quantity × proxy × share kept" if place == 0 else ""
                full.append(paper.work(what, formula, product(quantity, proxy, kept), MONEY))
            else:
                full.append(paper.reckon(product(quantity, proxy, self._kept_in_full(shares)), MONEY))
        if cohorts > _MOST_COHORTS:
            paper.say(f"The cohorts of years {_MOST_COHORTS + 1} to {cohorts} are worked out in the same way.")
        return full

    def _kept_by_all(self, shares: Sequence[Sequence[Figure]]) -> Figure | None:
        """Write down the share that every cohort keeps, and return it; None if the deductions are given by year."""
        if any(len(set(map(id, each))) > 1 for each in shares):
            return None
        kept = self._kept([each[0] for each in shares], "")
        return kept if isinstance(kept, Figure) else self.paper.work("Share kept", "", kept, SHARE)

    def _kept(self, shares: Sequence[Figure], cohort: str) -> Figure | Working:
        """Return the share that the deductions leave; where they pass 100 % added up, a step says so."""
        if self.impact_map.conventions.deductions == "multiply":
            return product(*(one_less(name, share) for name, share in zip(DEDUCTIONS, shares, strict=True)))
        added = self._kept_in_full(shares)
        if math.fsum(share.value for share in shares) <= 1.0:
            return added
        bare = Working(added.pattern.strip("()"), added.operands, lambda *each: 1.0 - sum(each))
        self.paper.work(
            f"Share kept{f', {cohort.lower()}' if cohort else ''}", "", bare, SHARE, "less than nothing: none is kept"
        )
        return self.paper.take(0.0, SHARE)

    def _kept_in_full(self, shares: Sequence[Figure]) -> Working:
        if self.impact_map.conventions.deductions == "multiply":
            return product(*(one_less(name, share) for name, share in zip(DEDUCTIONS, shares, strict=True)))
        pattern = " − ".join(["1", *(f"{name} {{}}" for name in DEDUCTIONS)])
        return Working(f"({pattern})", tuple(shares), lambda *each: max(0.0, 1.0 - each[0] - each[1] - each[2]))

    # ---- what is left of it later, and what it means ----

    def _left(self, drop_off: Figure, bites: bool) -> Working:
        """Write down what is left of a value from one year to the next; return it."""
        whole = Working("{}", (self.paper.take(1.0, NUMBER),), lambda left: left)
        if drop_off.value == 0:
            if bites:
                self.paper.say("Nothing of it drops off from year to year.")
            return whole
        if not bites:
            self.paper.say("Its drop-off of {} takes nothing: it begins in the second year.", drop_off)
            return whole
        working = Working("1 − drop-off {}", (drop_off,), lambda lost: 1.0 - lost)
        figure = self.paper.work("Left from one year to the next", "", working, NUMBER)
        if self.impact_map.conventions.drop_off_from == "first_year":
            self.paper.say("Drop-off takes its share of the first year already.")
        return Working("{}", (figure,), lambda left: left)

    def close(self, worth: Figure, result: Result, reason: str | None) -> None:
        """Write down what the outcome adds to the ratio, or would add."""
        paper = self.paper
        put_in = paper.given_column([float(result.total_inputs)])[0]
        if not put_in.value > 0:
            return
        if reason is None:
            paper.work("What it adds to the ratio", "present value / total inputs", quotient(worth, put_in), NUMBER)
            return
        others = paper.given_column([float(result.total_present_value)])[0]
        working = Working(
            "({} + {}) / {}", (others, worth, put_in), lambda counted, own, below: (counted + own) / below
        )
        paper.work("The ratio, if it counted", "(total present value + its own) / total inputs", working, NUMBER)


def _in_turn(what: str, years: int) -> list[str]:
    """Return what is worked out, once or for each year."""
    return [what] if years == 1 else [f"{what}, year {year}" for year in range(1, years + 1)]


def _repeated(figures: Sequence[Figure], cohorts: int) -> Sequence[Figure]:
    return list(figures) * cohorts if len(figures) == 1 else figures
