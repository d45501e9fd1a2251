"""What cannot be between the nouns of a map: references to nobody, parts above the whole, no inputs, wrong years.

These checks also run on what is sound of a faulty file, so that one message can name all its faults.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sroi.errors import Path, Problem, did_you_mean
from sroi.estimate import Estimate
from sroi.framing import Conventions
from sroi.names import is_year, numbers_of, why_unknown
from sroi.nouns import Correlation, Input, Outcome, Output, PartOfStakeholder, Stakeholder

SECTIONS = ("stakeholders", "inputs", "outputs", "outcomes")
TRANSFER = "a transfer payment: what one pocket gains another pays, and no value is added"


@dataclass
class Parts:
    """What is sound of a map.

    `declared` holds every (section, position, id), sound or not; `lost` the paths of what was set aside.
    """

    declared: list[tuple[str, int, str]] = field(default_factory=list)
    placed: dict[str, dict[int, Stakeholder | Input | Output | Outcome]] = field(default_factory=dict)
    lost: set[Path] = field(default_factory=set)
    conventions: Conventions = field(default_factory=Conventions.model_construct)
    years: int | None = 1
    currency: str | None = None
    scenarios: dict[str, dict[str, float]] = field(default_factory=dict)
    correlations: tuple[Correlation, ...] = ()

    @property
    def stakeholders(self) -> list[Stakeholder]:
        """The sound stakeholders."""
        return [noun for noun in self.placed.get("stakeholders", {}).values() if isinstance(noun, Stakeholder)]

    @property
    def inputs(self) -> list[Input]:
        """The sound inputs."""
        return [noun for noun in self.placed.get("inputs", {}).values() if isinstance(noun, Input)]

    @property
    def outcomes(self) -> list[Outcome]:
        """The sound outcomes."""
        return [noun for noun in self.placed.get("outcomes", {}).values() if isinstance(noun, Outcome)]

    def lost_keys(self) -> set[tuple[str, str | int]]:
        """Return (id, key) of what was set aside: what it would have said is not known."""
        places = {(section, position): name for section, position, name in self.declared}
        return {(places[path[:2]], path[2]) for path in self.lost if len(path) > 2 and path[:2] in places}  # type: ignore[index]

    def ids(self, section: str) -> list[str]:
        """Return the ids declared in a section, faulty entries included."""
        return [name for where, _, name in self.declared if where == section]

    def each(self, section: str) -> Iterator[tuple[Path, Stakeholder | Input | Output | Outcome]]:
        """Yield each sound entry of a section with its path."""
        for position, noun in self.placed.get(section, {}).items():
            yield (section, position), noun

    def outcomes_placed(self) -> Iterator[tuple[Path, Outcome]]:
        """Yield each sound outcome with its path."""
        for path, noun in self.each("outcomes"):
            if isinstance(noun, Outcome):
                yield path, noun


def counts(outcome: Outcome, stakeholders: dict[str, Stakeholder]) -> bool:
    """Say whether an outcome enters the total (see docs/glossary.md, "not counted")."""
    return why_not_counted(outcome, stakeholders) is None


def why_not_counted(outcome: Outcome, stakeholders: dict[str, Stakeholder]) -> str | None:
    """Return the reason for which an outcome does not enter the total, or None if it does."""
    stakeholder = stakeholders.get(outcome.stakeholder)
    if stakeholder is not None and not stakeholder.included:
        reason = f"its stakeholder, {stakeholder.label}, is not included"
        return f"{reason}: {stakeholder.reason}" if stakeholder.reason else reason
    given = outcome.material.reason if outcome.material is not None else None
    if outcome.material is not None and outcome.material.decision is False:
        return f"judged not material: {given}" if given else "judged not material"
    if not outcome.included:
        return f"left out: {given}" if given else "left out (included: no)"
    if not outcome.valued:
        return f"told without a price: {given}" if given else "told without a price (valued: no)"
    if outcome.proxy is not None and outcome.proxy.transfer:
        return TRANSFER
    return None


def incoherences(parts: Parts) -> list[Problem]:
    """Return everything that cannot be between the parts of a map."""
    checks: tuple[Callable[[Parts], Iterator[Problem]], ...] = (
        _ids_are_unique, _references_are_known, _head_counts_have_sizes, _parts_fit_their_whole, _anchors_hold,
        _by_year_fits, _currency_is_one, _what_counts_is_priced, _something_is_put_in, _names_are_known,
    )  # fmt: skip
    return [problem for check in checks for problem in check(parts)]


def _ids_are_unique(parts: Parts) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for section, position, name in parts.declared:
        if name in first:
            found = f"the id '{name}' is used twice, first under {first[name]}"
            yield Problem(found, "Give each its own id.", path=(section, position, "id"))
        first.setdefault(name, section)


def _unknown(what: str, name: str, known: list[str], path: Path, named: dict[str, str] | None = None) -> Problem:
    remedy = did_you_mean(name, known) if known else f"Declare it under {what}s."
    if named and name.strip().lower() in named:
        remedy = f"That is the name of {named[name.strip().lower()]}: write the id, '{named[name.strip().lower()]}'."
    return Problem(f"there is no {what} '{name}'", remedy, path=path)


def _references_are_known(parts: Parts) -> Iterator[Problem]:
    people, outcomes = parts.ids("stakeholders"), parts.ids("outcomes")
    named = {who.label.lower(): who.id for who in parts.stakeholders if who.label != who.id}
    for section in ("inputs", "outputs", "outcomes"):
        for path, noun in parts.each(section):
            owner = getattr(noun, "stakeholder", None)
            if owner is not None and owner not in people and (*path, "stakeholder") not in parts.lost:
                yield _unknown("stakeholder", owner, people, (*path, "stakeholder"), named)
    for path, noun in parts.each("stakeholders"):
        whole = getattr(noun, "part_of", None)
        if whole is not None and whole not in people:
            yield _unknown("stakeholder", whole, people, (*path, "part_of"), named)
    for path, outcome in parts.outcomes_placed():
        if isinstance(outcome.quantity, PartOfStakeholder) and outcome.quantity.of not in people:
            yield _unknown("stakeholder", outcome.quantity.of, people, (*path, "quantity", "of"), named)
        for position, other in enumerate(outcome.leads_to):
            place = (*path, "leads_to", position)
            if other == outcome.id:
                yield Problem(f"'{other}' leads to itself", "Name the outcomes that follow from it.", path=place)
            elif other not in outcomes:
                yield _unknown("outcome", other, outcomes, place)


def _head_counts_have_sizes(parts: Parts) -> Iterator[Problem]:
    sizes = {stakeholder.id: stakeholder.size for stakeholder in parts.stakeholders}
    for path, outcome in parts.outcomes_placed():
        whole = outcome.quantity.of if isinstance(outcome.quantity, PartOfStakeholder) else ""
        if isinstance(outcome.quantity, PartOfStakeholder) and sizes.get(whole, 0) is None:
            if (whole, "size") in parts.lost_keys():
                continue
            found = f"the quantity is a share of '{outcome.quantity.of}', which has no size"
            yield Problem(found, f"Give {outcome.quantity.of} a size.", path=(*path, "quantity", "of"))


def _parts_fit_their_whole(parts: Parts) -> Iterator[Problem]:
    people = {stakeholder.id: stakeholder for stakeholder in parts.stakeholders}
    for path, noun in parts.each("stakeholders"):
        if not isinstance(noun, Stakeholder):
            continue
        seen, above = {noun.id}, noun.part_of
        while above in people and above not in seen:
            seen.add(above)
            above = people[above].part_of
        if above == noun.id:
            found = f"'{noun.id}' is a part of itself"
            yield Problem(found, "Let part_of name a larger stakeholder.", path=(*path, "part_of"))
            continue
        members = [each for each in people.values() if each.part_of == noun.id and each.size is not None]
        total = sum(each.size.base for each in members if each.size is not None)
        if noun.size is not None and total > noun.size.base * (1 + 1e-12):
            names = " + ".join(each.id for each in members)
            found = f"the parts of '{noun.id}' ({names}) count {total:g}, but the whole counts {noun.size.base:g}"
            yield Problem(found, "Parts may not exceed the whole: correct the sizes.", path=(*path, "size"))


def _anchors_hold(parts: Parts) -> Iterator[Problem]:
    by_id = {outcome.id: outcome for outcome in parts.outcomes}
    lost = parts.lost_keys()
    for path, outcome in parts.outcomes_placed():
        anchor = outcome.proxy.anchored_to if outcome.proxy is not None else None
        if anchor is None:
            continue
        place = (*path, "proxy", "anchored_to")
        if anchor not in parts.ids("outcomes"):
            yield _unknown("outcome", anchor, parts.ids("outcomes"), place)
            continue
        if not outcome.weight and (outcome.id, "weight") not in lost:
            yield Problem(f"'{outcome.id}' is anchored, but has no weight above 0", "Give its weight.", path=place)
        if anchor in by_id and not by_id[anchor].weight and (anchor, "weight") not in lost:
            found = f"'{outcome.id}' is anchored to '{anchor}', which has no weight above 0"
            yield Problem(found, f"Give {anchor} a weight.", path=place)
        seen, here = {outcome.id}, anchor
        while here in by_id and here not in seen:
            seen.add(here)
            proxy = by_id[here].proxy
            if proxy is None and (here, "proxy") in lost:
                break
            if proxy is None:
                found = f"'{outcome.id}' is anchored to '{here}', which has no proxy"
                yield Problem(found, f"Give {here} a proxy with a value.", path=place)
                break
            here = proxy.anchored_to or ""
        if here == outcome.id:
            yield Problem(f"'{outcome.id}' is anchored to itself, in a circle", "Give one of them a value.", path=place)


_BY_YEAR_FIELDS = ("quantity", "deadweight", "displacement", "attribution")


def _estimates(parts: Parts) -> Iterator[tuple[Path, Estimate, bool]]:
    """Yield each number with its path and whether it may be given by year."""
    for section in SECTIONS:
        for path, noun in parts.each(section):
            for name in type(noun).model_fields:
                number = getattr(noun, name)
                if isinstance(number, Estimate):
                    yield (*path, name), number, name in _BY_YEAR_FIELDS or (section, name) == ("inputs", "value")
    for path, outcome in parts.outcomes_placed():
        if isinstance(outcome.quantity, PartOfStakeholder):
            yield (*path, "quantity", "share"), outcome.quantity.share, False
            yield (*path, "quantity", "times"), outcome.quantity.times, False
        if outcome.proxy is not None and outcome.proxy.value is not None:
            yield (*path, "proxy", "value"), outcome.proxy.value, True


def _by_year_fits(parts: Parts) -> Iterator[Problem]:
    for path, number, allowed in _estimates(parts):
        if number.by_year is None:
            continue
        if not allowed:
            what = "quantity, proxy, deadweight, displacement, attribution and an input's value"
            yield Problem(f"{path[-1]} is given by year", f"Only {what} may be.", path=(*path, "by_year"))
        elif parts.years is not None and len(number.by_year) != parts.years:
            years = f"{parts.years} year{'' if parts.years == 1 else 's'}"
            found = f"by_year has {len(number.by_year)} entries, but the activity runs for {years}"
            remedy = "Give one entry for each year of activity, or correct activity: years."
            yield Problem(found, remedy, path=(*path, "by_year"))


def _currency_is_one(parts: Parts) -> Iterator[Problem]:
    for path, outcome in parts.outcomes_placed():
        currency = outcome.proxy.currency if outcome.proxy is not None else None
        if currency is not None and parts.currency is not None and currency != parts.currency:
            found = f"the proxy is in {currency}, but the map is in {parts.currency}"
            yield Problem(
                found, f"Convert it to {parts.currency} and say how in its source.", path=(*path, "proxy", "currency")
            )


def _what_counts_is_priced(parts: Parts) -> Iterator[Problem]:
    people = {stakeholder.id: stakeholder for stakeholder in parts.stakeholders}
    for path, outcome in parts.outcomes_placed():
        if not counts(outcome, people):
            continue
        missing = [key for key in ("quantity", "proxy") if getattr(outcome, key) is None]
        missing = [key for key in missing if (*path, key) not in parts.lost]
        if missing:
            found = f"the outcome '{outcome.id}' counts, but has no {' and no '.join(missing)}"
            yield Problem(found, "Give it, or say valued: no to tell the outcome without a price.", path=path)


def _something_is_put_in(parts: Parts) -> Iterator[Problem]:
    inputs = parts.inputs
    if not inputs or any(path[:1] == ("inputs",) for path in parts.lost):
        return
    total = 0.0
    for given in inputs:
        by_hours = given.hours is not None and given.rate is not None
        total += sum(given.value.years) if given.value is not None else 0.0
        total += given.hours.base * given.rate.base if by_hours and given.hours and given.rate else 0.0
    if total == 0:
        yield Problem(
            "the inputs add up to 0, so there is no ratio", "Give at least one input a value.", path=("inputs",)
        )


def _names_are_known(parts: Parts) -> Iterator[Problem]:
    known = numbers_of(parts)
    unsound = {path[:2] for path in parts.lost}
    lost_ids = {name for section, position, name in parts.declared if (section, position) in unsound}

    def check(name: str, path: Path) -> Iterator[Problem]:
        head, _, year = name.rpartition(".")
        fits = name in known or (
            head in known and is_year(year) and 1 <= int(year) <= len(known[head].values) and known[head].by_year
        )
        if not fits and name.partition(".")[0] not in lost_ids:
            yield Problem(*why_unknown(name, parts, known), path=path)

    for scenario, numbers in parts.scenarios.items():
        for name in numbers:
            yield from check(name, ("scenarios", scenario, name))
    for position, correlation in enumerate(parts.correlations):
        for place, name in enumerate(correlation.numbers):
            yield from check(name, ("correlations", position, "numbers", place))
        if len(set(correlation.numbers)) < 2:
            remedy = "Name two different numbers or more."
            yield Problem("a correlation of fewer than two numbers", remedy, path=("correlations", position, "numbers"))
