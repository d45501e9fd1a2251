"""How alike two lines of a map read: their units, and the words of outcome and proxy.

Looked up as words, and not searched for as patterns: `sroi evaluate` asks this each time it starts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from sroi import wording
from sroi.findings import Finding
from sroi.impact_map import ImpactMap
from sroi.nouns import Outcome, PartOfStakeholder
from sroi.questions.asking import counted, larger_groups, place_of
from sroi.result import Result

# Lines with less than this share of the total at stake are asked about with less weight: our convention.
SMALL_PART = 0.05

# Words that say nothing of what is counted.
_FILLING = frozenset(
    """a an and at avoided by cost each every extra fewer for from gain gained in increase increased less more of on one
    or out our per prevented price reduced reduction saved saving savings that the their these this to value with
    without annual annum yearly average mean net gross additional better improved feel feels feeling""".split()  # noqa: SIM905
)
_TIMES = frozenset("year annum".split())  # noqa: SIM905
# Units that many different changes share: one person, one year. Alone, they do not show that a change stands twice.
_ANYTHING = frozenset(
    """person people participant client individual adult child resident user beneficiary member parent pupil student
    volunteer patient family household carer learner attendee hour day week month year unit item case number change
    outcome gbp eur usd pound euro dollar head capita""".split()  # noqa: SIM905
)
# Words of a wellbeing value: a measure of a whole life, or of all of a person's health.
_WELLBEING = ("wellby", "life satisfaction", "life-satisfaction", "qaly", "quality adjusted", "quality-adjusted",
              "wellbeing adjusted", "wellbeing-adjusted", "subjective wellbeing", "subjective well-being",
              "wellbeing valuation", "well-being valuation")  # fmt: skip


def words_in(text: str | None) -> tuple[str, ...]:
    """Return the words of a text that say what it is about: small letters, singular, without filling words.

    >>> words_in("Fewer visits to the GP (per year)")
    ('visit', 'gp', 'year')
    """
    letters = "".join(letter if letter.isalnum() or letter == "&" else " " for letter in (text or "").lower())
    return tuple(_singular(word) for word in letters.split() if word not in _FILLING)


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def unit_of(outcome: Outcome) -> tuple[str, ...]:
    """Return the words of an outcome's unit in order of the alphabet; "visits", "per visit", "a visit a year" are one.

    Empty where the map states no unit.
    """
    words = words_in(outcome.proxy.unit if outcome.proxy is not None else None)
    telling = [word for word in words if word not in _TIMES]
    return tuple(sorted(set(telling or words)))


def is_general(unit: tuple[str, ...]) -> bool:
    """Say whether a unit is one that many different changes share, such as a person."""
    return all(word in _ANYTHING for word in unit)


def is_wellbeing(outcome: Outcome) -> bool:
    """Say whether an outcome is valued by a measure of a whole life: life satisfaction, WELLBY, QALY."""
    proxy = outcome.proxy
    if proxy is None or proxy.value_type in ("fiscal", "environmental"):
        return False
    texts = (proxy.unit, proxy.description, proxy.valuation_method, proxy.overlap_group, proxy.register_id)
    said = " ".join(text.lower().replace("_", " ") for text in texts if text)
    return (proxy.valuation_method or "").strip().lower() == "wellbeing" or any(word in said for word in _WELLBEING)


@dataclass(frozen=True, eq=False)
class Line:
    """One outcome that counts and has a value: its place, present value, quantity, people and unit."""

    place: int
    outcome: Outcome
    value: float
    gross: float
    quantity: float
    people: tuple[str, ...]
    unit: tuple[str, ...]

    @cached_property
    def words(self) -> frozenset[str]:
        """The words that say what the outcome and its proxy are about."""
        proxy = self.outcome.proxy
        told = self.outcome.description or self.outcome.id.replace("_", " ")
        return frozenset((*words_in(told), *words_in(proxy.description if proxy is not None else None)))

    @cached_property
    def said(self) -> frozenset[str]:
        """The words of the outcome alone."""
        return frozenset(words_in(self.outcome.description))

    def is_the_same(self, other: Line) -> bool:
        """Say whether two lines say the same: the same words of outcome or proxy, or one entry of a register."""
        if self.said and self.said == other.said:
            return True
        own, its = self.outcome.proxy, other.outcome.proxy
        if own is None or its is None:
            return False
        if own.register_id and own.register_id == its.register_id:
            return True
        described = words_in(own.description)
        return bool(described) and described == words_in(its.description)

    def is_like(self, other: Line) -> bool:
        """Say whether two lines read as one: they say the same, or half of their words or more are shared."""
        if self.is_the_same(other):
            return True
        shared, either = self.words & other.words, self.words | other.words
        return bool(either) and len(shared) / len(either) >= 0.5


class Lines:
    """The lines of a map that count, and which of them stand on one chain: read once for all questions."""

    def __init__(self, impact_map: ImpactMap, result: Result) -> None:
        self.impact_map = impact_map
        self.people = impact_map.stakeholder_by_id
        self.total = abs(float(result.total_present_value))
        self._leads = {outcome.id: outcome.leads_to for outcome in impact_map.outcomes if outcome.leads_to}
        self.all = self._lines(result)

    def _lines(self, result: Result) -> list[Line]:
        at = {name: place for place, name in enumerate(result.priced)}
        groups: dict[str, tuple[str, ...]] = {}
        lines = []
        for place, outcome in counted(self.impact_map):
            here = at.get(outcome.id)
            if here is None or not result.present_value[here]:
                continue
            if outcome.stakeholder not in groups:
                groups[outcome.stakeholder] = larger_groups(self.people, outcome.stakeholder)
            value, gross = float(result.present_value[here]), float(result.gross[here])
            quantity, people = self._quantity(outcome), groups[outcome.stakeholder]
            lines.append(Line(place, outcome, value, gross, quantity, people, unit_of(outcome)))
        return lines

    def _quantity(self, outcome: Outcome) -> float:
        quantity = outcome.quantity
        if isinstance(quantity, PartOfStakeholder):
            size = self.people[quantity.of].size
            return (size.base if size is not None else 0.0) * quantity.share.base * quantity.times.base
        return sum(quantity.years) if quantity is not None else 0.0

    def label(self, line: Line) -> str:
        """Return the name of the stakeholder whose change a line is."""
        return self.people[line.outcome.stakeholder].label

    def linked(self, one: Line, other: Line) -> bool:
        """Say whether one outcome leads to the other, at whatever remove: such a pair is asked about as a chain."""
        if not self._leads:
            return False
        for first, last in ((one.outcome.id, other.outcome.id), (other.outcome.id, one.outcome.id)):
            ahead, seen = list(self._leads.get(first, ())), {first}
            while ahead:
                name = ahead.pop()
                if name == last:
                    return True
                if name not in seen:
                    seen.add(name)
                    ahead += self._leads.get(name, ())
        return False

    def finding(
        self,
        kind: str,
        severity: str,
        lines: Sequence[Line],
        said: str,
        remedy: str,
        stake: float | None = None,
        way_out: str = "counted once",
    ) -> Finding:
        """Return a finding on several lines, with the sum at stake; a small one weighs a step less.

        The sum is what the total would lose if, of these lines, only the largest were counted, unless `stake` says it;
        `way_out` is how it would be lost.
        """
        values = [line.value for line in lines]
        sum_ = sum(values) - max(values, key=abs) if stake is None else stake
        if self.total and abs(sum_) / self.total <= SMALL_PART:
            severity = {"high": "medium", "medium": "low"}.get(severity, severity)
        way, amount = "less" if sum_ >= 0 else "more", wording.money(abs(sum_), self.impact_map.currency)
        return Finding(
            kind, severity, 5, ", ".join(line.outcome.id for line in lines[:4]),
            f"{said}; {way_out}, the total would be {amount} {way}", remedy,
            place_of(self.impact_map, "outcomes", lines[min(1, len(lines) - 1)].place),
        )  # fmt: skip
