"""The nouns of a value map: stakeholders, inputs, outputs, outcomes and what hangs on them.

Each field carries its label, description and (through its type) unit and bounds: the one table from which validation,
messages, the JSON Schema, tables and documents are made. What is impossible within one noun is refused here; what is
impossible between nouns, in `sroi.coherence`.
"""

from typing import Annotated, Any, Self

from pydantic import Discriminator, Field, Tag, model_validator

from sroi import reading
from sroi.discounting import OwnRate
from sroi.estimate import Amount, Count, Estimate, Money, Noun, Share, Years, or_error, raised
from sroi.reading import (
    WRITTEN_NUMBER,
    Currency,
    Day,
    Id,
    Kind,
    PriceYear,
    Reads,
    Text,
    YesNo,
    choice,
    misread,
    one_of,
    plain_number,
    prefixed,
    read_number,
    shown,
    whole,
)

STAGES = ("outcomes", "quantity", "value", "causality", "materiality", "verification")


class Involvement(Noun):
    """How a stakeholder took part in one stage of the analysis."""

    stage: Annotated[str, one_of(*STAGES)] = Field(title="Stage", description="What they had a say in")
    how: Text | None = Field(None, title="How", description="Interview, workshop, survey, ..")
    when: Text | None = Field(None, title="When")
    number: Annotated[int, whole(0, 10**9, "number of people")] | None = Field(
        None, title="Number", description="How many took part"
    )
    of: Annotated[int, whole(0, 10**9, "number of people")] | None = Field(None, title="Of", description="Of how many")
    selected: Text | None = Field(None, title="Selected", description="How they were chosen")
    said: Text | None = Field(None, title="Said", description="What they said")


class Stakeholder(Noun):
    """People or an organisation who change, or who put something in."""

    id: Id = Field(title="Id")
    name: Text | None = Field(None, title="Name")
    size: Count | None = Field(None, title="Size", description="How many people or organisations")
    part_of: Text | None = Field(
        None, title="Part of", description="The id of the larger stakeholder this is a part of"
    )
    segment: Text | None = Field(None, title="Segment", description="What sets this part apart")
    included: YesNo = Field(True, title="Included", description="no takes its outcomes out of the total")
    reason: Text | None = Field(None, title="Reason", description="Why it is included or left out")
    involved: tuple[Involvement, ...] = Field((), title="Involved", description="How they took part, stage by stage")

    @property
    def label(self) -> str:
        """The name that people read."""
        return self.name or self.id


class Input(Noun):
    """What a stakeholder puts in: money, time or goods."""

    id: Id = Field(title="Id")
    stakeholder: Text = Field(title="Stakeholder", description="The id of who puts it in")
    description: Text | None = Field(None, title="Description")
    kind: Annotated[str, one_of("money", "time", "goods")] = Field(title="Kind", description="money, time or goods")
    value: Money | None = Field(None, title="Value", description="What it is worth")
    hours: Count | None = Field(None, title="Hours", description="Hours of time given")
    rate: Money | None = Field(None, title="Rate", description="What an hour is valued at")
    source: Text | None = Field(None, title="Source", description="Where the figure comes from")

    @model_validator(mode="after")
    def _one_value(self) -> Self:
        if self.value is not None and (self.hours is not None or self.rate is not None):
            raise misread(
                f"the input '{self.id}' has both a value and hours or a rate", "Keep one: the value is hours x rate."
            )
        if self.kind != "time" and (self.hours is not None or self.rate is not None):
            raise misread(
                f"the input '{self.id}' has hours or a rate, but its kind is {self.kind}",
                "Say kind: time, or give a value.",
            )
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
    stakeholder: Text | None = Field(None, title="Stakeholder", description="The id of who received it")
    description: Text | None = Field(None, title="Description")
    quantity: Amount | None = Field(None, title="Quantity")
    unit: Text | None = Field(None, title="Unit")


class PartOfStakeholder(Noun):
    """A quantity as a share of a stakeholder's size: of x share x times."""

    of: Text = Field(title="Of", description="The id of a stakeholder with a size")
    share: Share = Field(title="Share", description="The share of them for whom it happened")
    times: Count = Field(
        default_factory=lambda: Estimate.model_construct(value=1.0),
        title="Times",
        description="How often for each",
        validate_default=False,
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

    also_written = ({"type": "string"},)

    text: Text | None = Field(None, title="Indicator")
    source: Text | None = Field(None, title="Source")

    @model_validator(mode="before")
    @classmethod
    def _plain_text(cls, raw: Any) -> Any:
        return raw if isinstance(raw, dict | Indicator) else {"text": raw}


_RANGE_KEYS = ("low", "high", "shape", "note", "confidence", "sample_size", "observed", "experts", "by_year")


class Proxy(Noun):
    """The value of one unit of change for one year: a sum, or another outcome's value through weights."""

    also_written = (WRITTEN_NUMBER,)

    description: Text | None = Field(None, title="Proxy")
    value: Amount | None = Field(None, title="Value", description="Money for one unit for one year; a loss is below 0")
    anchored_to: Text | None = Field(
        None, title="Anchored to", description="Another outcome's id: its value x own weight / its weight"
    )
    unit: Text | None = Field(None, title="Unit")
    price_year: PriceYear | None = Field(None, title="Price year")
    price_year_basis: Annotated[str, one_of("calendar", "financial")] | None = Field(
        None, title="Price year basis", description="calendar, or financial: the year that begins in April"
    )
    currency: Currency | None = Field(None, title="Currency")
    source: Text | None = Field(None, title="Source")
    value_type: Annotated[str, one_of("fiscal", "economic", "social", "environmental")] | None = Field(
        None, title="Value type"
    )
    valuation_method: Text | None = Field(None, title="Valuation method")
    agency: Text | None = Field(None, title="Agency", description="Who saves, such as NHS")
    cashable: YesNo | None = Field(None, title="Cashable", description="Whether the saving can be taken out in cash")
    register_id: Text | None = Field(
        None, alias="register", title="Register", description="The entry of a proxy register"
    )
    transfer: YesNo | None = Field(
        None, title="Transfer", description="yes: money that only moves from one pocket to another, such as a benefit"
    )
    overlap_group: Text | None = Field(
        None, title="Overlap group", description="Values of one group count the same thing"
    )
    licence: Text | None = Field(None, title="Licence", description="Under which the value may be used")
    acknowledgement: Text | None = Field(None, title="Acknowledgement", description="Words that its source asks for")
    passing_on: YesNo | None = Field(
        None, title="May be passed on", description="no: exports and reports leave the value out"
    )
    review_date: Day | None = Field(None, title="Review date", description="When the value is to be looked at again")

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

    relevance: Text | None = Field(None, title="Relevance")
    significance: Text | None = Field(None, title="Significance")
    decision: YesNo | None = Field(None, title="Decision", description="no keeps the outcome out of the total")
    reason: Text | None = Field(None, title="Reason")
    decided_by: Text | None = Field(None, title="Decided by")


def _without_blanks(raw: Any) -> Any:
    return (
        [word for word in raw if not (isinstance(word, str) and not word.strip())]
        if isinstance(raw, list | tuple)
        else raw
    )


Words = Annotated[tuple[Text, ...], Reads(_without_blanks)]

# The SVI Value Map writes 1 and 2.
_read_starts = prefixed(choice("during", "after"), {"1": "during", "2": "after"})


class Outcome(Noun):
    """A change in somebody's life, good or bad."""

    id: Id = Field(title="Id")
    stakeholder: Text = Field(title="Stakeholder", description="The id of who changes")
    description: Text | None = Field(None, title="Outcome")
    indicator: Indicator | None = Field(None, title="Indicator", description="How one can tell")
    direction: Annotated[str, one_of("intended", "unintended")] | None = Field(None, title="Direction")
    quantity: Quantity | None = Field(None, title="Quantity", description="How many changed, or how often it happened")
    amount_of_change: Text | None = Field(
        None, title="Amount of change", description="How far each moved: told, not multiplied"
    )
    rank: Annotated[int, whole(1, 1000, "rank")] | None = Field(
        None, title="Rank", description="Importance to the stakeholder, 1 first"
    )
    weight: Annotated[float, plain_number(reading.COUNT)] | None = Field(
        None, title="Weight", description="Importance as a number"
    )
    proxy: Proxy | None = Field(None, title="Financial proxy", description="The value of one unit of change for a year")
    starts: Annotated[str, Reads(_read_starts, {"enum": ["during", "after", 1, 2]})] = Field(
        "during", title="Starts", description="during the year of activity, or the year after"
    )
    duration: Years | None = Field(None, title="Duration", description="How many years the change lasts")
    deadweight: Share | None = Field(None, title="Deadweight", description="Share that would have happened anyway")
    displacement: Share | None = Field(
        None, title="Displacement", description="Share that only moved a problem elsewhere"
    )
    attribution: Share | None = Field(None, title="Attribution (owed to others)", description="Share owed to others")
    drop_off: Share | None = Field(None, title="Drop-off", description="Share lost each year")
    discount_rate: OwnRate | None = Field(
        None,
        title="Own discount rate",
        description="A flat rate such as 1.5%, or the name of a schedule; left out: the map's rate",
    )
    leads_to: Words = Field((), title="Leads to", description="Ids of the outcomes that follow from it")
    valued: YesNo = Field(True, title="Valued", description="no: told, without a price")
    included: YesNo = Field(True, title="Included", description="no: kept out of the total")
    material: Material | None = Field(None, title="Material")
    tags: Words = Field((), title="Tags")
    place: Text | None = Field(None, title="Place")

    @property
    def label(self) -> str:
        """The words that people read."""
        return self.description or self.id


class Correlation(Noun):
    """Numbers that rise and fall together."""

    numbers: tuple[Text, ...] = Field(title="Numbers", description="Names of numbers, two or more")
    rank: Annotated[float, plain_number(reading.RANK)] = Field(title="Rank correlation", description="-1 to 1")


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
    last = words[-2] if words[-1].isdecimal() and len(words) > 1 else words[-1]
    return NUMBER_KINDS.get(last, reading.AMOUNT)


def _read_scenario(raw: Any) -> Any:
    if not isinstance(raw, dict) or not raw:
        raise misread(f"{shown(raw)} stands where a scenario belongs", "Write it as {gp_visits.quantity: 60}.")
    return {name: or_error(read_number, number, kind_of(str(name))) for name, number in raw.items()}


Scenario = Annotated[
    dict[str, Annotated[float, Reads(raised, WRITTEN_NUMBER)]],
    Reads(_read_scenario, {"type": "object", "additionalProperties": WRITTEN_NUMBER}),
]
