"""What frames a map: its words, its period, the rules by which it is reckoned, and what it printed before."""

import re
from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import Discriminator, Field, Tag, model_validator

from sroi import reading
from sroi.discounting import ScheduleName, is_name
from sroi.estimate import Estimate, Noun, Rate
from sroi.reading import WRITTEN_FIGURE, Day, Text, misread, one_of, plain_number, read_number, shown, whole

TIMINGS = ("end_of_year", "mid_year", "start_of_year", "none")


class Narrative(Noun):
    """What the report says in words: purpose, audience, scope, decisions, limits."""

    purpose: Text | None = Field(None, title="Purpose", description="Why the analysis was made")
    audience: Text | None = Field(None, title="Audience", description="Whom it is for")
    scope: Text | None = Field(None, title="Scope", description="What is in and what is out: activities, place, period")
    decisions: Text | None = Field(None, title="Decisions", description="What will be decided with it")
    limits: Text | None = Field(None, title="Limits", description="What it cannot say")


class Activity(Noun):
    """When the activity began and how many years it runs."""

    start: Day | None = Field(None, title="Start", description="First day, as 2024-04-01")
    years: Annotated[int, whole(1, 100, "number of years")] = Field(
        1, title="Years", description="Whole years of activity"
    )


def _rate_or_schedule(raw: Any) -> str:
    return "<schedule>" if is_name(raw) else "<rate>"


DiscountRate = Annotated[
    Annotated[ScheduleName, Tag("<schedule>")] | Annotated[Rate, Tag("<rate>")],
    Discriminator(_rate_or_schedule),
]


class Conventions(Noun):
    """The rules of reckoning, printed beside every ratio."""

    discount_rate: DiscountRate = Field(
        default_factory=lambda: Estimate.model_construct(value=0.035),
        title="Discount rate",
        description="A rate a year such as 3.5%, rates by year, or the name of a published schedule",
        validate_default=False,
    )
    discount_timing: Annotated[str, one_of(*TIMINGS)] = Field(
        "end_of_year",
        title="Discount timing",
        description="When in its year a value falls; none: nothing is discounted",
    )
    input_timing: Annotated[str, one_of(*TIMINGS)] = Field(
        "start_of_year", title="Input timing", description="When in its year an input falls"
    )
    present_at: Annotated[float, plain_number(reading.TIME)] = Field(
        0.0, title="Present at", description="The time, in years from the start, whose money all values are stated in"
    )
    deductions: Annotated[str, one_of("multiply", "add")] = Field(
        "multiply",
        title="Deductions",
        description="Whether deadweight, displacement and attribution multiply or add up",
    )
    drop_off_from: Annotated[str, one_of("second_year", "first_year")] = Field(
        "second_year", title="Drop-off from", description="The first year in which drop-off bites"
    )


class PrintedFigure(Noun):
    """A figure as somebody printed it: its text says how far it may lie from the figure that was rounded."""

    also_written = (WRITTEN_FIGURE,)

    value: Text = Field(title="Printed", description="As printed: 1.93, or 1.93 : 1")
    tolerance: Text | None = Field(None, title="Tolerance", description="A number, or a per cent of the figure")

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
        if len(text) > 30 or not re.fullmatch(r"-?\d+(\.\d+)?", text, re.ASCII):
            raise misread(
                f"{shown(self.value)} is not a printed figure", "Give it as printed, such as 1.93 or 81,741.93."
            )
        return Decimal(text)

    @property
    def number(self) -> float:
        """The figure as a number."""
        return float(self._digits())

    @property
    def allowed(self) -> float:
        """How far a recomputed figure may lie from it: its tolerance, else half its last digit."""
        if self.tolerance is None:
            return 0.5 * 10.0 ** int(self._digits().as_tuple().exponent)
        bare = float(self.tolerance.removesuffix("%").strip())
        return bare / 100 * abs(self.number) if self.tolerance.endswith("%") else bare


class Published(Noun):
    """Figures printed by a study, for the program to reproduce."""

    source: Text | None = Field(None, title="Source")
    total_inputs: PrintedFigure | None = Field(None, title="Total inputs")
    total_present_value: PrintedFigure | None = Field(None, title="Total present value")
    net_present_value: PrintedFigure | None = Field(None, title="Net present value")
    sroi_ratio: PrintedFigure | None = Field(None, title="SROI ratio")
    net_sroi_ratio: PrintedFigure | None = Field(None, title="Net SROI ratio")
    payback_years: PrintedFigure | None = Field(None, title="Payback, years")
