"""A measure framework as nouns: themes, outcomes, and the criteria and measures under them.

What was not seen is empty, and `missing` says so. A framework that travels with the program, one that a user wrote,
completed or loaded from their own workbook are all the same noun; `origin` tells an item's maker.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal

from pydantic import Field

from sroi.commissioning.shipped_facts import Fact, Sureness, YesOrNo

KIND_WORDS = {
    "criterion": "award criterion",
    "sub_criterion": "sub-criterion",
    "metric": "reporting metric",
    "measure": "measure",
}
Kind = Literal["criterion", "sub_criterion", "metric", "measure"]
# Who says it: the program as it was shipped, the user who filled in what was missing, or the user alone.
Origin = Literal["shipped", "completed", "user"]


class Item(Fact):
    """What theme, outcome and measure share: a name, what it rests on, and whose word it is.

    `place` is where a user's file holds it; `filled` names the fields that a user added to a shipped item.
    """

    id: str
    name: str = ""
    summary: str = ""
    note: str = ""
    complete: YesOrNo = True
    sureness: Sureness = ""
    seen: tuple[str, ...] = ()
    origin: Origin = "shipped"
    filled: tuple[str, ...] = ()
    place: str = ""

    @property
    def label(self) -> str:
        """The name, or what stands in for one."""
        return self.name or self.summary or self.id


class Measure(Item):
    """A criterion, metric or measure: `wording` is its publisher's own, `summary` ours.

    `proxy` is a value in money for one unit, `price_year` the year of its prices; None: the framework states none.
    """

    kind: Kind = "measure"
    code: str = ""
    wording: str = ""
    unit: str = ""
    definition: str = ""
    evidence: str = ""
    proxy: float | None = None
    price_year: str = ""

    @property
    def label(self) -> str:
        """The shortest of what it is called by."""
        said = self.name or self.wording or self.summary or self.id
        return f"{self.code} {said}" if self.code and not said.startswith(self.code) else said


class Outcome(Item):
    """An outcome of a theme, with its criteria and measures; of a goal, the tag itself."""

    number: int | None = None
    measures: tuple[Measure, ...] = ()


class Theme(Item):
    """A theme, or a mission, with its outcomes."""

    outcomes: tuple[Outcome, ...] = ()


class Period(Fact):
    """From which day to which (both included) procurements begun then fall under a model, and how: see which.py."""

    first: date = Field(alias="from")
    last: date | None = Field(None, alias="to")
    standing: Literal["required", "one_of"]
    sureness: Sureness
    seen: tuple[str, ...]
    note: str = ""

    def holds_on(self, day: date) -> bool:
        """Say whether a procurement that began on `day` falls into it."""
        return self.first <= day and (self.last is None or day <= self.last)


class Weight(Fact):
    """The least weight that social value has, in per cent, for values at least `from_value_gbp` and below the other."""

    from_value_gbp: float | None = None
    below_value_gbp: float | None = None
    percent: float
    of: str
    may_be_higher: YesOrNo = True
    sureness: Sureness
    seen: tuple[str, ...]
    note: str = ""

    @property
    def depends_on_value(self) -> bool:
        """Whether the contract's value decides it."""
        return self.from_value_gbp is not None or self.below_value_gbp is not None

    def __str__(self) -> str:
        low = f" from £{self.from_value_gbp:,.0f}" if self.from_value_gbp is not None else ""
        high = f" below £{self.below_value_gbp:,.0f}" if self.below_value_gbp is not None else ""
        return f"{self.percent:g} % of the {self.of}{low}{' and' if low and high else ''}{high} [{self.sureness}]"

    def takes_in(self, value_gbp: float) -> bool:
        """Say whether a contract of this value has this weight: its lower bound is within, its upper is not."""
        low = self.from_value_gbp is None or value_gbp >= self.from_value_gbp
        return low and (self.below_value_gbp is None or value_gbp < self.below_value_gbp)


class Use(Fact):
    """For whom and when a model is to be used: the kinds of body (see `sroi.commissioning.bodies`), days, values."""

    bodies: tuple[str, ...]
    may_adopt: tuple[str, ...] = ()
    out: tuple[str, ...] = ()
    others: str
    regime: str
    above_threshold: YesOrNo = False
    from_value_gbp: float | None = None
    with_vat: YesOrNo = True
    keeps: str = ""
    sureness: Sureness
    seen: tuple[str, ...]
    periods: tuple[Period, ...]
    weights: tuple[Weight, ...]


class Count(Fact):
    """How many of something a framework is said to have."""

    what: str
    number: int
    sureness: Sureness
    seen: tuple[str, ...]
    note: str = ""


class Framework(Fact):
    """A framework: who published which edition under which licence, when it holds, and what it asks for."""

    id: str
    also_called: tuple[str, ...] = ()
    title: str
    publisher: str = ""
    edition: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    licence: str = ""
    attribution: str = ""
    passing_on: YesOrNo | None = None
    currency: str = "GBP"
    price_year: str = ""
    status: str = ""
    supersedes: str = ""
    superseded_by: str = ""
    collected: date | None = None
    about: str = ""
    question: str = ""
    official_pages: tuple[str, ...] = ()
    sources: dict[str, str] = {}
    use: Use | None = None
    counts: tuple[Count, ...] = ()
    complete: YesOrNo = True
    missing: tuple[str, ...] = ()
    themes: tuple[Theme, ...] = ()
    completes: str = ""
    file: str = ""
    remarks: tuple[str, ...] = ()

    def outcomes(self) -> Iterator[tuple[Theme, Outcome]]:
        """Yield each outcome with its theme."""
        for theme in self.themes:
            for outcome in theme.outcomes:
                yield theme, outcome

    def measures(self) -> Iterator[tuple[Theme, Outcome, Measure]]:
        """Yield each criterion and measure with its theme and outcome."""
        for theme, outcome in self.outcomes():
            for measure in outcome.measures:
                yield theme, outcome, measure

    def items(self) -> Iterator[Item]:
        """Yield every theme, outcome and measure, in order."""
        for theme in self.themes:
            yield theme
            for outcome in theme.outcomes:
                yield outcome
                yield from outcome.measures

    def use_words(self) -> tuple[tuple[str, str], ...]:
        """Return for whom it is, its least weight, and how much it is said to hold, each with how sure that is."""
        said: list[tuple[str, str]] = []
        if self.use is not None:
            bodies = ", ".join(
                each.replace("_", " ").replace("ndpb", "non-departmental public bodies") for each in self.use.bodies
            )
            said.append(("For whom", f"{bodies}. {self.use.others} {self.use.regime} [{self.use.sureness}]"))
            said.append(("Least weight of social value", "; ".join(str(each) for each in self.use.weights)))
        if self.counts:
            said.append(
                ("Said to hold", ", ".join(f"{each.number} {each.what} [{each.sureness}]" for each in self.counts))
            )
        if self.question:
            said.append(("Model question", self.question))
        return tuple(said)

    @property
    def short_title(self) -> str:
        """The title as far as its first colon: PPN 06/20."""
        return self.title.partition(":")[0]

    @property
    def is_shipped(self) -> bool:
        """Whether it travels with the program, as it stands."""
        return not self.file


def day_words(first: date | None, last: date | None) -> str:
    """Return from when to when something holds.

    >>> day_words(date(2025, 2, 24), None)
    'from 2025-02-24'
    """
    said = [f"from {first}" if first else "", f"to {last}" if last else ""]
    return " ".join(each for each in said if each) or "days not stated"
