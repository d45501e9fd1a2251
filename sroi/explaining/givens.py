"""What a map gives: each number with its words, what it was counted from, its reason, source and place in the file."""

from __future__ import annotations

from collections.abc import Sequence

from sroi import wording
from sroi.errors import Path
from sroi.estimate import Estimate, in_the_quantity
from sroi.evidence.schedules import rate_words, schedule
from sroi.explaining.explanation import Given
from sroi.explaining.paper import Paper
from sroi.explaining.pencil import MONEY, NUMBER, SHARE, Figure, Working
from sroi.impact_map import ImpactMap
from sroi.names import LEFT_OUT_COUNTS_AS
from sroi.nouns import Outcome

_SHARES = ("share", "deadweight", "displacement", "attribution", "drop_off", "discount_rate")
# How many years of a number by year are said one by one.
_MOST_YEARS = 12

LABELS = {
    "quantity": "Quantity",
    "size": "Size",
    "share": "Share",
    "times": "Times",
    "proxy": "Proxy",
    "deadweight": "Deadweight",
    "displacement": "Displacement",
    "attribution": "Attribution (owed to others)",
    "drop_off": "Drop-off",
    "duration": "Duration",
    "value": "Value",
    "hours": "Hours",
    "rate": "Rate an hour",
    "discount_rate": "Discount rate",
}


def unit_of(field: str) -> str:
    """Return the unit in which a number of this field is printed."""
    return SHARE if field in _SHARES else MONEY if field in ("proxy", "value", "rate") else NUMBER


def taken(paper: Paper, number: Estimate | None, field: str, label: str) -> list[Figure]:
    """Return a number as figures, one or one for each year; what it is counted from is worked out on the paper."""
    if number is None:
        return [paper.take(LEFT_OUT_COUNTS_AS.get(field, 0.0), unit_of(field))]
    several = number.by_year is not None
    return [
        _part_taken(paper, part, field, f"{label}, year {year}" if several else label)
        for year, part in enumerate(number.parts(), start=1)
    ]


def _part_taken(paper: Paper, number: Estimate, field: str, label: str) -> Figure:
    unit = unit_of(field)
    if number.value is None and number.survey is not None:
        counts = [paper.take(float(count or 0), NUMBER) for count in (number.survey.yes, number.survey.asked)]
        working = Working("{} / {}", tuple(counts), lambda yes, asked: yes / asked)
        return paper.work(label, "yes / asked", working, unit)
    if number.value is None and number.experts:
        views = tuple(paper.take(float(expert.value or 0), unit) for expert in number.experts)
        if len(views) == 1:
            return views[0]
        count = len(views)
        inner = " + ".join(["{}"] * count)
        working = Working(f"({inner}) / {count}", views, lambda *each: sum(each) / len(each))
        return paper.work(label, f"mean of {count} experts' views", working, unit)
    return paper.take(number.base, unit)


def given(
    impact_map: ImpactMap,
    number: Estimate | None,
    name: str,
    path: Path,
    also: Sequence[str | None] = (),
    source: str | None = None,
    label: str = "",
) -> Given:
    """Return a number as given: `also` are further facts, `source` the one that its noun gives beside the number's own.

    A number that the map leaves out counts as it is said in `sroi.names.LEFT_OUT_COUNTS_AS`.
    """
    field = name.rpartition(".")[2]
    label, paper = label or LABELS[field], Paper(impact_map.currency)
    facts = [each for each in also if each]
    place = place_of(impact_map, path)
    if number is None:
        counts_as = LEFT_OUT_COUNTS_AS.get(field, 0.0)
        said = wording.number_words(counts_as, field, impact_map.currency)
        return Given(
            name, label, (counts_as,), f"not given, counts as {said}", tuple(facts), source or "", place=place,
            asked=False, is_missing=True,
        )  # fmt: skip
    parts = list(number.parts())
    words = [_words(paper, part.base, field) for part in parts]
    if number.by_year is None:
        shown, facts = words[0], [*facts, *_facts(paper, number, field)]
    else:
        shown = "; ".join(f"year {year}: {each}" for year, each in enumerate(words[:_MOST_YEARS], start=1))
        shown += f"; .. (years {_MOST_YEARS + 1} to {len(words)} in the file)" if len(words) > _MOST_YEARS else ""
        facts = [*facts, *_facts_by_year(paper, parts, field)]
    if in_the_quantity(number) and not any(number.years):
        facts = [*facts, "in the quantity already, not deducted again"]
    sources = dict.fromkeys(each for each in (number.source, source) if each)
    return Given(
        name, label, number.years, shown, tuple(facts), "; ".join(sources), number.note or "", place,
        asked=not any(part.source for part in parts),
    )  # fmt: skip


def _words(paper: Paper, value: float, field: str) -> str:
    figure = paper.take(value, unit_of(field))
    return f"{figure} year{'' if value == 1 else 's'}" if field == "duration" else str(figure)


def _facts(paper: Paper, number: Estimate, field: str) -> list[str]:
    """Return what else the map says of one number, in short words."""
    said = []
    if number.survey is not None:
        counts = number.survey
        said.append(f"counted in a survey: {counts.yes:,} yes of {counts.asked:,} asked")
        said[-1] += f", of {counts.invited:,} invited" if counts.invited is not None else ""
        said[-1] += f", for {counts.population:,} people" if counts.population is not None else ""
    if number.experts:
        views = (tuple(float(view or 0) for view in (each.low, each.value, each.high)) for each in number.experts)
        each_view = ", ".join(
            f"{_words(paper, value, field)} ({_words(paper, low, field)} to {_words(paper, high, field)})"
            for low, value, high in views
        )
        said.append(f"the view of {len(number.experts)} expert{'' if len(number.experts) == 1 else 's'}: {each_view}")
    if number.low is not None and number.high is not None:
        said.append(f"range {_words(paper, number.low, field)} to {_words(paper, number.high, field)}")
    if number.sample_size is not None:
        said.append(f"rests on {number.sample_size:,} people or cases")
    if number.observed is not None:
        said.append("observed" if number.observed else "projected, not observed")
    if number.confidence is not None:
        said.append(f"confidence {number.confidence}")
    return said


def _facts_by_year(paper: Paper, parts: Sequence[Estimate], field: str) -> list[str]:
    """Return what the map says of single years of a number."""
    said = []
    for year, part in enumerate(parts[:_MOST_YEARS], start=1):
        own = _facts(paper, part, field)
        own += [f"reason: {part.note}"] if part.note else []
        own += [f"source: {part.source}"] if part.source else []
        said += [f"year {year}: {', '.join(own)}"] if own else []
    return said


def place_of(impact_map: ImpactMap, path: Path) -> str:
    """Return where a number stands in the file that the map was read from, in words; "" if it was not read."""
    place = impact_map.origin.place(path) if impact_map.origin is not None else None
    return f"line {place}" if isinstance(place, int) else place or ""


def rate_given(impact_map: ImpactMap) -> Given:
    """Return the discount rate as given: a number, numbers by year, or a published schedule with its bands."""
    rate = impact_map.conventions.discount_rate
    path: Path = ("conventions", "discount_rate")
    if isinstance(rate, Estimate):
        return given(impact_map, rate, "discount_rate", path)
    return _published("discount_rate", LABELS["discount_rate"], rate, place_of(impact_map, path))


def own_rate_given(impact_map: ImpactMap, outcome: Outcome) -> Given:
    """Return an outcome's own discount rate as given: a number, or a published schedule with its bands."""
    place = next(place for place, each in enumerate(impact_map.outcomes) if each.id == outcome.id)
    where = place_of(impact_map, ("outcomes", place, "discount_rate"))
    name, rate = f"{outcome.id}.discount_rate", outcome.discount_rate
    if isinstance(rate, str):
        return _published(name, "Own discount rate", rate, where)
    return Given(name, "Own discount rate", (rate or 0.0,), rate_words(rate or 0.0), place=where, asked=False)


def _published(name: str, label: str, rate: str, place: str) -> Given:
    published = schedule(rate)
    bands = ", ".join(
        f"years {max(first, 1)} {'on' if last is None else f'to {last}'}: {wording.per_cent(own, 2)}"
        for first, last, own in published.bands
    )
    source = f"{published.source}, {published.publisher}, {published.address}"
    return Given(
        name, label, tuple(own for _, _, own in published.bands), rate_words(rate), (bands,), source, place=place,
    )  # fmt: skip
