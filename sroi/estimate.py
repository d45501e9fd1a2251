"""Estimate: one number of a value map, with its range, shape, reason and source.

A plain `90` is an estimate without a range. A field of the map says of which kind its number is (`Share`, `Money`, ..):
that fixes the unit and the bounds. Here a range is held and checked for form; what it means belongs to uncertainty.
"""

from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from typing import Annotated, Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from sroi import reading
from sroi.errors import did_you_mean
from sroi.reading import WRITTEN_NUMBER, Kind, Reads, Text, YesNo, misread, one_of, read_number, shown, whole

SHAPES = ("pert", "triangular", "uniform", "normal", "lognormal")
_BOUNDED = ("pert", "triangular", "uniform", "beta")


def _is_blank(part: Any) -> bool:
    if isinstance(part, dict):
        return all(_is_blank(inner) for inner in part.values())
    return isinstance(part, str) and not part.strip()


class Noun(BaseModel):
    """Anything that a value map names: frozen, and without any key that it does not know."""

    # Shorter ways in which a file may write this noun, for the JSON Schema.
    also_written: ClassVar[tuple[dict[str, Any], ...]] = ()

    # Deferred, so that starting up builds one validator, the whole map's, and not one for each noun.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    @model_validator(mode="before")
    @classmethod
    def _blanks_are_left_out(cls, raw: Any) -> Any:
        """Take a blank text, or a group of nothing but blanks, as a key that was left open."""
        if isinstance(raw, dict) and any(_is_blank(part) for part in raw.values()):
            return {key: part for key, part in raw.items() if not _is_blank(part)}
        return raw

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> dict[str, Any]:
        """Return the noun's JSON Schema: its keys, or one of the shorter ways to write it."""
        keys: dict[str, Any] = handler(schema)
        return {"anyOf": [*cls.also_written, keys]} if cls.also_written else keys


def raised(raw: Any) -> Any:
    """Raise what `prepared` found wrong with a number, at the number's own place."""
    if isinstance(raw, PydanticCustomError):
        raise raw
    return raw


_Number = Annotated[float, Reads(raised, WRITTEN_NUMBER)]
_People = Annotated[int, whole(0, 10**9, "count of people")]


class Survey(Noun):
    """Counts of a survey from which a share is taken: yes of asked, of those invited, of a population."""

    yes: _People = Field(title="Yes", description="How many answered yes")
    asked: _People = Field(title="Asked", description="How many answered at all")
    invited: _People | None = Field(None, title="Invited", description="How many were invited to answer")
    population: _People | None = Field(None, title="Population", description="How many people the survey speaks for")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        known = [(name, getattr(self, name)) for name in ("yes", "asked", "invited", "population")]
        known = [(name, count) for name, count in known if count is not None]
        for (small, fewer), (large, more) in pairwise(known):
            if fewer > more:
                raise misread(
                    f"the survey counts {small} {fewer}, but {large} {more}", f"'{small}' is a part of '{large}'."
                )
        if not self.asked or self.yes is None:
            raise misread("the survey asked nobody", "Give yes and asked, asked above 0.")
        return self


class Expert(Noun):
    """One expert's view of a number: lowest, likeliest, highest."""

    low: _Number = Field(title="Low")
    value: _Number = Field(title="Value")
    high: _Number = Field(title="High")


class Estimate(Noun):
    """A number with what is known of it. `value` is the base case; `low` and `high` its range, in the number's unit."""

    also_written = tuple(WRITTEN_NUMBER["anyOf"])

    value: _Number | None = Field(None, title="Value", description="The base case")
    low: _Number | None = Field(None, title="Low", description="Low end of the range")
    high: _Number | None = Field(None, title="High", description="High end of the range")
    shape: Annotated[Any, Reads(raised, {"type": ["string", "object"]})] = Field(
        None,
        title="Shape",
        description="pert if left out; triangular, uniform, normal, lognormal, beta, discrete, empirical",
    )
    source: Text | None = Field(None, title="Source", description="Where the number comes from")
    note: Text | None = Field(None, title="Reason", description="Why this number, in words")
    confidence: Annotated[str, one_of("red", "amber", "green")] | None = Field(
        None, title="Confidence", description="red, amber or green"
    )
    sample_size: _People | None = Field(None, title="Sample size", description="How many people or cases it rests on")
    observed: YesNo | None = Field(None, title="Observed", description="yes if measured, no if projected")
    survey: Survey | None = Field(None, title="Survey", description="Counts from which a share is taken")
    experts: tuple[Expert, ...] | None = Field(None, title="Experts", description="Several experts' low, value, high")
    by_year: tuple["Estimate", ...] | None = Field(
        None, title="By year", description="One number for each year of activity"
    )

    @model_validator(mode="after")
    def _one_meaning(self) -> Self:
        _refuse_two_meanings(self)
        _refuse_impossible_range(self)
        return self

    @property
    def base(self) -> float:
        """The base case: the value, or what the survey or the experts give, or the first year's."""
        if self.value is not None:
            return self.value
        return _implied(self)

    @property
    def years(self) -> tuple[float, ...]:
        """The base case of each year, or a single number for all of them."""
        return tuple(entry.base for entry in self.by_year) if self.by_year else (self.base,)

    @property
    def has_range(self) -> bool:
        """Whether anything is said of how far the number may lie from its base case."""
        drawn = isinstance(self.shape, dict) or self.survey is not None or self.experts is not None
        return self.low is not None or drawn or any(entry.has_range for entry in self.by_year or ())

    def parts(self) -> Iterator["Estimate"]:
        """Yield the estimate, or each year's."""
        yield from self.by_year or (self,)


def _implied(estimate: Estimate) -> float:
    """Return the base case that survey counts, experts or the first year give."""
    if estimate.survey is not None:
        return float(estimate.survey.yes or 0) / float(estimate.survey.asked or 1)
    if estimate.experts:
        return sum(float(expert.value or 0) for expert in estimate.experts) / len(estimate.experts)
    return estimate.by_year[0].base if estimate.by_year else float("nan")


_IN_THE_QUANTITY = ("in the quantity", "in its quantity", "already net")


def in_the_quantity(number: Estimate | None) -> bool:
    """Say whether a deduction's reason is that the quantity is net of it already, as with a comparison group.

    >>> in_the_quantity(Estimate(value=0.0, note="In the quantity: measured against a waiting list"))
    True
    """
    notes = (part.note for part in (number, *number.parts())) if number is not None else ()
    return any(_says_so((note or "").lower()) for note in notes)


def _says_so(note: str) -> bool:
    return any(words in note and f"not {words}" not in note for words in _IN_THE_QUANTITY)


def prepared(raw: Any, kind: Kind) -> Any:
    """Return what a field of this kind holds, its numbers read and kept within the kind's bounds.

    A number that cannot be read is replaced by its error, which the number's own field then raises: so that every
    fault of an estimate is named, each at its place.
    """
    if isinstance(raw, Estimate):
        raw = raw.model_dump(exclude_none=True)
    if not isinstance(raw, dict):
        return {"value": or_error(read_number, raw, kind)}
    read = dict(raw)
    for key in {"value", "low", "high"} & raw.keys():
        read[key] = None if raw[key] is None else or_error(read_number, raw[key], kind)
    if raw.get("shape") is not None:
        read["shape"] = or_error(_read_shape, raw["shape"], kind)
    for key in {"by_year", "experts"} & raw.keys():
        read[key] = _prepared_list(raw[key], kind)
    if raw.get("survey") is not None and kind is not reading.SHARE:
        raise misread("survey counts give a share, but this is no share", "Give a plain number.")
    return read


def _prepared_list(raw: Any, kind: Kind) -> Any:
    if raw is None:
        return None
    if not isinstance(raw, list | tuple) or not 0 < len(raw) <= reading.LONGEST_LIST:
        raise misread(f"{shown(raw)} stands where a list of numbers belongs", "Write it as [1, 2, 3].")
    return [prepared(entry, kind) for entry in raw]


def or_error(read: Any, raw: Any, kind: Kind) -> Any:
    """Return what `read` makes of `raw`, or the error it raised: for `raised` to raise at the right place."""
    try:
        return read(raw, kind)
    except PydanticCustomError as error:
        return error


def _reads(kind: Kind) -> Reads:
    return Reads(partial(prepared, kind=kind))


Amount = Annotated[Estimate, _reads(reading.AMOUNT)]
Count = Annotated[Estimate, _reads(reading.COUNT)]
Money = Annotated[Estimate, _reads(reading.MONEY)]
Share = Annotated[Estimate, _reads(reading.SHARE)]
Years = Annotated[Estimate, _reads(reading.YEARS)]
Rate = Annotated[Estimate, _reads(reading.RATE)]


def _read_shape(raw: object, kind: Kind) -> str | dict[str, Any]:
    """Return a shape's name, or {"beta": (a, b)}, {"empirical": (..)}, {"discrete": ((value, chance), ..)}."""
    if isinstance(raw, str):
        if raw.strip() in SHAPES:
            return raw.strip()
        raise misread(f"{shown(raw)} is not a shape", did_you_mean(raw, [*SHAPES, "beta", "discrete", "empirical"]))
    if not isinstance(raw, dict) or len(raw) != 1 or (name := next(iter(raw))) not in ("beta", "empirical", "discrete"):
        raise misread(
            f"{shown(raw)} is not a shape", "Give a name, or {beta: [a, b]}, {empirical: [..]}, {discrete: {..}}."
        )
    given = raw[name]
    if name == "discrete":
        pairs = _pairs(given)
        chances = sum(chance for _, chance in pairs)
        if abs(chances - 1.0) > 1e-9 or any(chance < 0 for _, chance in pairs):
            raise misread(
                f"the chances of the discrete values add up to {chances:.6g}", "Let them add up to 1, none below 0."
            )
        return {name: tuple((read_number(value, kind), chance) for value, chance in pairs)}
    if not isinstance(given, list | tuple) or len(given) < 2:
        raise misread(f"{shown(given)} stands after {name}", f"Give a list of numbers: {{{name}: [2, 5]}}.")
    if name == "empirical":
        return {name: tuple(read_number(value, kind) for value in given)}
    numbers = tuple(read_number(value) for value in given)
    if len(numbers) != 2 or min(numbers) <= 0:
        raise misread("a beta shape needs two numbers above 0", "Write {beta: [2, 5]}, with low and high beside it.")
    return {name: numbers}


def _pairs(given: object) -> list[tuple[Any, float]]:
    """Return (value, chance) pairs from {10: 0.5, 20: 0.5}, [[10, 0.5], ..] or [{value: 10, chance: 0.5}, ..]."""
    entries = list(given.items()) if isinstance(given, dict) else given
    if isinstance(entries, list | tuple) and entries:
        listed = [(e.get("value"), e.get("chance")) if isinstance(e, dict) else e for e in entries]
        if all(isinstance(pair, list | tuple) and len(pair) == 2 for pair in listed):
            return [(value, read_number(chance, reading.SHARE)) for value, chance in listed]
    raise misread(
        f"{shown(given)} stands after discrete", "Write {discrete: {10: 50%, 20: 50%}}: each value and its chance."
    )


def _refuse_two_meanings(estimate: Estimate) -> None:
    """Refuse a number given in two ways, in no way, or by year within a year."""
    ways = [name for name in ("value", "survey", "experts", "by_year") if getattr(estimate, name) is not None]
    if not ways:
        raise misread("no number is given", "Give `value`, which is the base case.")
    if "by_year" in ways and (len(ways) > 1 or estimate.low is not None or estimate.high is not None):
        raise misread(
            "a number by year stands beside another", "Give each year its own value and range inside by_year."
        )
    if len(ways) > 1 and not ("value" in ways and abs((estimate.value or 0.0) - _implied(estimate)) <= 1e-9):
        raise misread(f"{' and '.join(ways)} are both given, and they differ", "Keep one of them.")
    if any(entry.by_year for entry in estimate.by_year or ()):
        raise misread("a number by year holds another by year", "Give one number for each year.")


def _refuse_impossible_range(estimate: Estimate) -> None:
    low, high, shape = estimate.low, estimate.high, estimate.shape or "pert"
    name = shape if isinstance(shape, str) else next(iter(shape))
    if low is None and high is None:
        if name == "beta" or (estimate.shape in SHAPES and estimate.value is not None):
            raise misread(f"the shape {name} has no range", "Give low and high.")
        for expert in estimate.experts or ():
            views = [number for number in (expert.low, expert.value, expert.high) if number is not None]
            if len(views) < 3 or views != sorted(views):
                raise misread(
                    f"an expert says {', '.join(f'{view:g}' for view in views)}", "Give low, value, high in order."
                )
            if name == "lognormal" and views[0] <= 0:
                raise misread(
                    f"an expert's lognormal range begins at {views[0]:g}", "Give a low above 0, or another shape."
                )
        return
    if low is None or high is None:
        raise misread(f"only {'high' if low is None else 'low'} is given", "Give both low and high, or neither.")
    if low > high:
        raise misread(f"low {low:g} is above high {high:g}", "Give the smaller one as low.")
    if name in ("normal", "lognormal") and low == high:
        raise misread(
            f"a {name} range from {low:g} to {high:g} has no width", "Give a low below the high, or no range."
        )
    if name == "lognormal" and low <= 0:
        raise misread(f"a lognormal range begins at {low:g}", "Give a low above 0, or another shape.")
    if name in _BOUNDED and estimate.value is not None and not low <= estimate.value <= high:
        raise misread(
            f"the value {estimate.value:g} lies outside its range, {low:g} to {high:g}", "Let low <= value <= high."
        )
    if estimate.value is None and not low <= _implied(estimate) <= high:
        counted = "its survey counts" if estimate.survey is not None else "its experts"
        raise misread(
            f"{counted} give {_implied(estimate):g}, outside its range, {low:g} to {high:g}",
            "Leave the range out: the counts or views give one, or correct it.",
        )
