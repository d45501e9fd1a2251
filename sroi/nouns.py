"""The nouns of a value map: stakeholders, inputs, outputs, outcomes and what hangs on them.

Each field carries its label, description and (through its type) unit and bounds: the one table from which validation,
messages, the JSON Schema, tables and documents are made. What is impossible within one noun is refused here; what is
impossible between nouns, in `sroi.coherence`.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Discriminator, Field, Tag, WithJsonSchema, model_validator

from sroi import reading
from sroi.estimate import (
    WRITTEN_NUMBER,
    Amount,
    Count,
    Estimate,
    Money,
    Noun,
    OptionalText,
    OptionalYesNo,
    Rate,
    Share,
    Text,
    YesNo,
    Years,
    or_error,
    raised,
)
from sroi.evidence.schedules import SCHEDULE_NAMES
from sroi.reading import Kind, choice, misread, optional, read_number, read_whole, shown


def one_of(*words: str) -> Any:
    return Annotated[str, BeforeValidator(choice(*words)), WithJsonSchema({"enum": list(words)})]


def _optional_one_of(*words: str) -> Any:
    schema = WithJsonSchema({"enum": [*words, None]})
    return Annotated[str | None, BeforeValidator(optional(choice(*words))), schema]


def _plain(kind: Kind) -> Any:
    """A number that takes no range."""
    return Annotated[float, BeforeValidator(partial(read_number, kind=kind)), WithJsonSchema(WRITTEN_NUMBER)]


def whole(low: int, high: int, what: str) -> Any:
    return Annotated[int, BeforeValidator(partial(read_whole, low=low, high=high, what=what))]


Id = Annotated[str, BeforeValidator(reading.read_id), WithJsonSchema({"type": "string", "pattern": "^[a-z][a-z0-9_]*$"})]
PriceYear = Annotated[int | str, BeforeValidator(reading.read_price_year)]
Currency = Annotated[
    str, BeforeValidator(reading.read_currency), WithJsonSchema({"type": "string", "pattern": "^[A-Z]{3}$"})
]
Day = Annotated[date, BeforeValidator(reading.read_day)]

TIMINGS = ("end_of_year", "mid_year", "start_of_year", "none")
STAGES = ("outcomes", "quantity", "value", "causality", "materiality", "verification")


class Narrative(Noun):
    """What the report says in words: purpose, audience, scope, decisions, limits."""

    purpose: OptionalText = Field(None, title="Purpose", description="Why the analysis was made")
    audience: OptionalText = Field(None, title="Audience", description="Whom it is for")
    scope: OptionalText = Field(None, title="Scope", description="What is in and what is out: activities, place, period")
    decisions: OptionalText = Field(None, title="Decisions", description="What will be decided with it")
    limits: OptionalText = Field(None, title="Limits", description="What it cannot say")


class Activity(Noun):
    """When the activity began and how many years it runs."""

    start: Day | None = Field(None, title="Start", description="First day, as 2024-04-01")
    years: whole(1, 100, "number of years") = Field(1, title="Years", description="Whole years of activity")  # type: ignore[valid-type]


def _rate_or_schedule(raw: Any) -> str:
    words = isinstance(raw, str) and re.match(r"\s*[a-zA-Z_]", raw) and raw.strip().lower() not in ("nan", "inf")
    return "<schedule>" if words else "<rate>"


ScheduleName = one_of(*SCHEDULE_NAMES)
DiscountRate = Annotated[
    Annotated[ScheduleName, Tag("<schedule>")] | Annotated[Rate, Tag("<rate>")],
    Discriminator(_rate_or_schedule),
]


class Conventions(Noun):
    """The rules of reckoning, printed beside every ratio."""

    discount_rate: DiscountRate = Field(
        default_factory=lambda: Estimate(value=0.035),
        title="Discount rate",
        description="A rate a year such as 3.5%, rates by year, or the name of a published schedule",
        validate_default=False,
    )
    discount_timing: one_of(*TIMINGS) = Field(  # type: ignore[valid-type]
        "end_of_year", title="Discount timing", description="When in its year a value falls; none: nothing is discounted"
    )
    input_timing: one_of(*TIMINGS) = Field(  # type: ignore[valid-type]
        "start_of_year", title="Input timing", description="When in its year an input falls"
    )
    present_at: _plain(reading.TIME) = Field(  # type: ignore[valid-type]
        0.0, title="Present at", description="The time, in years from the start, whose money all values are stated in"
    )
    deductions: one_of("multiply", "add") = Field(  # type: ignore[valid-type]
        "multiply", title="Deductions", description="Whether deadweight, displacement and attribution multiply or add up"
    )
    drop_off_from: one_of("second_year", "first_year") = Field(  # type: ignore[valid-type]
        "second_year", title="Drop-off from", description="The first year in which drop-off bites"
    )


class Involvement(Noun):
    """How a stakeholder took part in one stage of the analysis."""

    stage: one_of(*STAGES) = Field(title="Stage", description="What they had a say in")  # type: ignore[valid-type]
    how: OptionalText = Field(None, title="How", description="Interview, workshop, survey, ..")
    when: OptionalText = Field(None, title="When")
    number: whole(0, 10**9, "number of people") | None = Field(None, title="Number", description="How many took part")  # type: ignore[valid-type]
    of: whole(0, 10**9, "number of people") | None = Field(None, title="Of", description="Of how many")  # type: ignore[valid-type]
    selected: OptionalText = Field(None, title="Selected", description="How they were chosen")
    said: OptionalText = Field(None, title="Said", description="What they said")


class Stakeholder(Noun):
    """People or an organisation who change, or who put something in."""

    id: Id = Field(title="Id")
    name: OptionalText = Field(None, title="Name")
    size: Count | None = Field(None, title="Size", description="How many people or organisations")
    part_of: OptionalText = Field(None, title="Part of", description="The id of the larger stakeholder this is a part of")
    segment: OptionalText = Field(None, title="Segment", description="What sets this part apart")
    included: YesNo = Field(True, title="Included", description="no takes its outcomes out of the total")
    reason: OptionalText = Field(None, title="Reason", description="Why it is included or left out")
    involved: tuple[Involvement, ...] = Field((), title="Involved", description="How they took part, stage by stage")

    @property
    def label(self) -> str:
        """The name that people read."""
        return self.name or self.id


class Input(Noun):
    """What a stakeholder puts in: money, time or goods."""

    id: Id = Field(title="Id")
    stakeholder: Text = Field(title="Stakeholder", description="The id of who puts it in")
    description: OptionalText = Field(None, title="Description")
    kind: one_of("money", "time", "goods") = Field(title="Kind", description="money, time or goods")  # type: ignore[valid-type]
    value: Money | None = Field(None, title="Value", description="What it is worth")
    hours: Count | None = Field(None, title="Hours", description="Hours of time given")
    rate: Money | None = Field(None, title="Rate", description="What an hour is valued at")
    source: OptionalText = Field(None, title="Source", description="Where the figure comes from")

    @model_validator(mode="after")
    def _one_value(self) -> Self:
        if self.value is not None and (self.hours is not None or self.rate is not None):
            raise misread(f"the input '{self.id}' has both a value and hours or a rate", "Keep one: the value is hours x rate.")
        if self.kind != "time" and (self.hours is not None or self.rate is not None):
            raise misread(f"the input '{self.id}' has hours or a rate, but its kind is {self.kind}", "Say kind: time, or give a value.")
        if self.kind != "time" and self.value is None:
            raise misread(f"the input '{self.id}' has no value", "Give its value; 0 if it cost nothing.")
        if self.rate is not None and self.hours is None:
            raise misread(f"the input '{self.id}' has a rate but no hours", "Give the hours, or the value.")
        return self

    @property
    def label(self) -> str:
        """The words that people read."""
        return self.description or self.id


class Output(Noun):
    """Activity in numbers: told, never valued."""

    id: Id = Field(title="Id")
    stakeholder: OptionalText = Field(None, title="Stakeholder", description="The id of who received it")
    description: OptionalText = Field(None, title="Description")
    quantity: Amount | None = Field(None, title="Quantity")
    unit: OptionalText = Field(None, title="Unit")


class PartOfStakeholder(Noun):
    """A quantity as a share of a stakeholder's size: of x share x times."""

    of: Text = Field(title="Of", description="The id of a stakeholder with a size")
    share: Share = Field(title="Share", description="The share of them for whom it happened")
    times: Count = Field(
        default_factory=lambda: Estimate(value=1.0), title="Times", description="How often for each", validate_default=False
    )


def _number_or_part(raw: Any) -> str:
    part = isinstance(raw, PartOfStakeholder) or (isinstance(raw, dict) and bool({"of", "share", "times"} & raw.keys()))
    return "<part>" if part else "<number>"


Quantity = Annotated[
    Annotated[PartOfStakeholder, Tag("<part>")] | Annotated[Amount, Tag("<number>")],
    Discriminator(_number_or_part),
]


class Indicator(Noun):
    """How one can tell that the outcome happened."""

    text: OptionalText = Field(None, title="Indicator")
    source: OptionalText = Field(None, title="Source")

    @model_validator(mode="before")
    @classmethod
    def _plain_text(cls, raw: Any) -> Any:
        return raw if isinstance(raw, dict | Indicator) else {"text": raw}


_RANGE_KEYS = ("low", "high", "shape", "note", "confidence", "sample_size", "observed", "experts", "by_year")


class Proxy(Noun):
    """The value of one unit of change for one year: a sum, or another outcome's value through weights."""

    description: OptionalText = Field(None, title="Proxy")
    value: Amount | None = Field(None, title="Value", description="Money for one unit for one year; a loss is below 0")
    anchored_to: OptionalText = Field(
        None, title="Anchored to", description="Another outcome's id: its value x own weight / its weight"
    )
    unit: OptionalText = Field(None, title="Unit")
    price_year: PriceYear | None = Field(None, title="Price year")
    currency: Currency | None = Field(None, title="Currency")
    source: OptionalText = Field(None, title="Source")
    value_type: _optional_one_of("fiscal", "economic", "social", "environmental") = Field(None, title="Value type")  # type: ignore[valid-type]
    valuation_method: OptionalText = Field(None, title="Valuation method")
    agency: OptionalText = Field(None, title="Agency", description="Who saves, such as NHS")
    cashable: OptionalYesNo = Field(None, title="Cashable", description="Whether the saving can be taken out in cash")
    register_id: OptionalText = Field(None, alias="register", title="Register", description="The entry of a proxy register")

    @model_validator(mode="before")
    @classmethod
    def _shorthand(cls, raw: Any) -> Any:
        """Take a plain number, and a range written beside the value, as what they plainly mean."""
        if isinstance(raw, Proxy):
            return raw
        if not isinstance(raw, dict):
            return {"value": raw}
        beside = {key: raw[key] for key in _RANGE_KEYS if key in raw}
        if not beside or isinstance(raw.get("value"), dict | Estimate):
            return raw
        rest = {key: part for key, part in raw.items() if key not in beside}
        whole = {"value": raw["value"]} if raw.get("value") is not None else {}
        return {**rest, "value": {**whole, **beside}}

    @model_validator(mode="after")
    def _one_value(self) -> Self:
        if (self.value is None) == (self.anchored_to is None):
            found = "the proxy has no value" if self.value is None else "the proxy has a value and is anchored too"
            raise misread(found, "Give its value, or anchored_to another outcome; one of the two.")
        return self


class Material(Noun):
    """Whether an outcome matters enough to count, and who said so."""

    relevance: OptionalText = Field(None, title="Relevance")
    significance: OptionalText = Field(None, title="Significance")
    decision: OptionalYesNo = Field(None, title="Decision", description="no keeps the outcome out of the total")
    reason: OptionalText = Field(None, title="Reason")
    decided_by: OptionalText = Field(None, title="Decided by")


class Outcome(Noun):
    """A change in somebody's life, good or bad."""

    id: Id = Field(title="Id")
    stakeholder: Text = Field(title="Stakeholder", description="The id of who changes")
    description: OptionalText = Field(None, title="Outcome")
    indicator: Indicator | None = Field(None, title="Indicator", description="How one can tell")
    direction: _optional_one_of("intended", "unintended") = Field(None, title="Direction")  # type: ignore[valid-type]
    quantity: Quantity | None = Field(None, title="Quantity", description="How many changed, or how often it happened")
    amount_of_change: OptionalText = Field(None, title="Amount of change", description="How far each moved: told, not multiplied")
    rank: whole(1, 1000, "rank") | None = Field(None, title="Rank", description="Importance to the stakeholder, 1 first")  # type: ignore[valid-type]
    weight: _plain(reading.COUNT) | None = Field(None, title="Weight", description="Importance as a number")  # type: ignore[valid-type]
    proxy: Proxy | None = Field(None, title="Financial proxy", description="The value of one unit of change for a year")
    starts: Annotated[
        str,
        BeforeValidator(lambda raw: choice("during", "after")({"1": "during", "2": "after"}.get(str(raw).strip(), raw))),
        WithJsonSchema({"enum": ["during", "after", 1, 2]}),
    ] = Field("during", title="Starts", description="during the year of activity, or the year after")
    duration: Years | None = Field(None, title="Duration", description="How many years the change lasts")
    deadweight: Share | None = Field(None, title="Deadweight", description="Share that would have happened anyway")
    displacement: Share | None = Field(None, title="Displacement", description="Share that only moved a problem elsewhere")
    attribution: Share | None = Field(None, title="Attribution (owed to others)", description="Share owed to others")
    drop_off: Share | None = Field(None, title="Drop-off", description="Share lost each year")
    leads_to: tuple[Text, ...] = Field((), title="Leads to", description="Ids of the outcomes that follow from it")
    valued: YesNo = Field(True, title="Valued", description="no: told, without a price")
    included: YesNo = Field(True, title="Included", description="no: kept out of the total")
    material: Material | None = Field(None, title="Material")
    tags: tuple[Text, ...] = Field((), title="Tags")
    place: OptionalText = Field(None, title="Place")

    @property
    def label(self) -> str:
        """The words that people read."""
        return self.description or self.id


class Correlation(Noun):
    """Numbers that rise and fall together."""

    numbers: tuple[Text, ...] = Field(title="Numbers", description="Names of numbers, two or more")
    rank: _plain(reading.RANK) = Field(title="Rank correlation", description="-1 to 1")  # type: ignore[valid-type]


class PrintedFigure(Noun):
    """A figure as somebody printed it: its text says how far it may lie from the figure that was rounded."""

    value: Text = Field(title="Printed", description="As printed: 1.93, or 1.93 : 1")
    tolerance: OptionalText = Field(None, title="Tolerance", description="A number, or a per cent of the figure")

    @model_validator(mode="before")
    @classmethod
    def _plain_figure(cls, raw: Any) -> Any:
        return raw if isinstance(raw, dict | PrintedFigure) else {"value": raw}

    @model_validator(mode="after")
    def _readable(self) -> Self:
        self._digits()
        if self.tolerance is not None:
            read_number(self.tolerance.removesuffix("%").strip(), reading.MONEY)
        return self

    def _digits(self) -> Decimal:
        text = re.sub(r"^1\s*:\s*(?=\S)|\s*:\s*1$", "", self.value.strip())
        text = re.sub(r"(?<=\d),(?=\d{3})|^[£$€]|(?<=^-)[£$€]", "", text)
        if not re.fullmatch(r"-?\d+(\.\d+)?", text):
            raise misread(f"{shown(self.value)} is not a printed figure", "Give it as printed, such as 1.93 or 81,741.93.")
        return Decimal(text)

    @property
    def number(self) -> float:
        """The figure as a number."""
        return float(self._digits())

    @property
    def allowed(self) -> float:
        """How far a recomputed figure may lie from it: its tolerance, else half its last digit."""
        if self.tolerance is None:
            return 0.5 * 10.0 ** float(self._digits().as_tuple().exponent)
        bare = float(self.tolerance.removesuffix("%").strip())
        return bare / 100 * abs(self.number) if self.tolerance.endswith("%") else bare


class Published(Noun):
    """Figures printed by a study, for the program to reproduce."""

    source: OptionalText = Field(None, title="Source")
    total_inputs: PrintedFigure | None = Field(None, title="Total inputs")
    total_present_value: PrintedFigure | None = Field(None, title="Total present value")
    net_present_value: PrintedFigure | None = Field(None, title="Net present value")
    sroi_ratio: PrintedFigure | None = Field(None, title="SROI ratio")
    net_sroi_ratio: PrintedFigure | None = Field(None, title="Net SROI ratio")
    payback_years: PrintedFigure | None = Field(None, title="Payback, years")


# The kind of each number, by the last word of its name.
NUMBER_KINDS: dict[str, Kind] = {
    "quantity": reading.AMOUNT,
    "share": reading.SHARE,
    "times": reading.COUNT,
    "proxy": reading.AMOUNT,
    "duration": reading.YEARS,
    "deadweight": reading.SHARE,
    "displacement": reading.SHARE,
    "attribution": reading.SHARE,
    "drop_off": reading.SHARE,
    "value": reading.MONEY,
    "hours": reading.COUNT,
    "rate": reading.MONEY,
    "size": reading.COUNT,
    "discount_rate": reading.RATE,
}


def kind_of(name: str) -> Kind:
    """Return the kind of number that a name stands for: `gp_visits.deadweight` and `x.deadweight.2` are shares."""
    words = name.split(".")
    last = words[-2] if words[-1].isdigit() and len(words) > 1 else words[-1]
    return NUMBER_KINDS.get(last, reading.AMOUNT)


def _read_scenario(raw: Any) -> Any:
    if not isinstance(raw, dict) or not raw:
        raise misread(f"{shown(raw)} stands where a scenario belongs", "Write it as {gp_visits.quantity: 60}.")
    return {name: or_error(read_number, number, kind_of(str(name))) for name, number in raw.items()}


Scenario = Annotated[
    dict[str, Annotated[float, BeforeValidator(raised), WithJsonSchema(WRITTEN_NUMBER)]], BeforeValidator(_read_scenario)
]
