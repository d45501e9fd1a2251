"""A map in the prices of another year: every sum of money moved, each with its step, and what was left and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sroi.errors import MethodRefused, NameRefused, Problem
from sroi.estimate import Estimate
from sroi.evidence.prices import WELLBY, Uprating, Year, is_wellby, price_year, uprating
from sroi.evidence.register import register
from sroi.evidence.register_prices import WHY_NOT
from sroi.evidence.series import disputed
from sroi.impact_map import ImpactMap
from sroi.names import is_year
from sroi.nouns import Input, Outcome, Proxy
from sroi.reading import LONGEST_TEXT, NOT_STATED

_MONEY = ("proxy", "value", "rate")


@dataclass(frozen=True)
class Change:
    """One sum that was moved: its name in the map (or the scenario's), what it was and is, and by which steps.

    `assumed` says that it names no price year of its own and was taken to be in the map's, as the map's field has it.
    """

    name: str
    label: str
    before: float
    after: float
    by: Uprating
    assumed: bool = False
    scenario: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return it in plain Python."""
        return {
            "name": self.name,
            "scenario": self.scenario or None,
            "label": self.label,
            "before": self.before,
            "after": self.after,
            "price_year_taken_from_the_map": self.assumed,
            **self.by.to_dict(),
        }


@dataclass(frozen=True)
class Left:
    """A sum that was not moved, and why; `problem` where it should have been and could not."""

    name: str
    label: str
    why: str
    problem: Problem | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return it in plain Python."""
        return {"name": self.name, "label": self.label, "why": self.why, "refused": self.problem is not None}


@dataclass(frozen=True)
class Changes:
    """All that uprating did to a map: what was moved, what was left, and what else was taken out or noted."""

    from_year: str
    to_year: str
    changes: tuple[Change, ...]
    left: tuple[Left, ...]
    notes: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Change]:
        return iter(self.changes)

    def __len__(self) -> int:
        return len(self.changes)

    def to_dict(self) -> dict[str, Any]:
        """Return it in plain Python."""
        return {
            "from_price_year": self.from_year,
            "to_price_year": self.to_year,
            "changes": [each.to_dict() for each in self.changes],
            "left": [each.to_dict() for each in self.left],
            "notes": list(self.notes),
        }


def uprate(
    impact_map: ImpactMap,
    to_year: int | str,
    *,
    series: str | None = None,
    other_country: bool = False,
    wellby_rule: bool = True,
) -> tuple[ImpactMap, Changes]:
    """Return a map in another year's prices, and each change.

    Parameters: `to_year`, a calendar year or a UK financial year ("2023/24"); `series`, the index (the GDP deflator of
    the map's currency if left out, see `sroi.evidence.prices.uprating`); `other_country`, whether a series of another
    country's prices will do; `wellby_rule`, whether WELLBYs follow their own rule or the index like all else.

    Each proxy moves from its own price year. Where the map's price year moves, so does every sum that stands in it:
    proxies that name no year, and what was put in, for both sides of a ratio have to be in the same prices. Ranges,
    years, experts and scenarios move with their number, anchored values follow the value that they are anchored to.
    Sources tell the step. A printed figure (`published`) is in the old prices and is taken out. A value whose year is
    not stated, is disputed or lies beyond the series is left, and said to be.

    Raises NameRefused and MethodRefused where the map's own price year cannot be moved, or nothing that should can.

    >>> import sroi
    >>> new, changes = uprate(sroi.example("wheels_to_meals"), 2024)
    >>> new.price_year, changes.changes[-1].name, round(changes.changes[-1].by.factor, 5)
    (2024, 'volunteer_time.value', 1.46591)
    """
    mover = _Mover(impact_map, price_year(to_year), series, other_country, wellby_rule)
    outcomes = mover.followed(tuple(mover.outcome(outcome) for outcome in impact_map.outcomes))
    inputs = tuple(mover.put_in(given) for given in impact_map.inputs)
    scenarios = {name: mover.scenario(name, numbers) for name, numbers in impact_map.scenarios.items()}
    refused = [left.problem for left in mover.left if left.problem is not None]
    if not mover.changes and refused:
        raise MethodRefused(dict.fromkeys(refused))
    update: dict[str, Any] = {"outcomes": outcomes, "inputs": inputs, "scenarios": scenarios}
    if mover.moves:
        update["price_year"] = mover.written_target
    notes = []
    if mover.home is None:
        notes.append(
            "The map does not say in which year's prices it stands: what names no price year was left. Write its "
            "price_year, and uprate it again."
        )
    if mover.changes and impact_map.published is not None:
        update["published"] = None
        notes.append("The printed figures (published) are in the old prices and were taken out.")
    changes = Changes(
        str(impact_map.price_year), str(mover.target), tuple(mover.changes), tuple(mover.left), tuple(notes)
    )
    if not mover.changes and not mover.moves:
        return impact_map, changes
    return _checked(impact_map.model_copy(update=update)), changes


def _checked(impact_map: ImpactMap) -> ImpactMap:
    """Return the map read anew from its own words: what a file of it would refuse is refused here."""
    return ImpactMap.model_validate(impact_map.model_dump(by_alias=True, exclude_none=True))


class _Mover:
    """What moves the sums of one map, and notes each."""

    def __init__(
        self, impact_map: ImpactMap, target: Year, series: str | None, other_country: bool, wellby_rule: bool
    ) -> None:
        self.currency = impact_map.currency
        self.target = target
        self.asked_for = series
        self.series = series or "gdp_deflator"
        self.other_country = other_country
        self.wellby_rule = wellby_rule
        self.home = None if impact_map.price_year == NOT_STATED else price_year(impact_map.price_year)
        self.changes: list[Change] = []
        self.left: list[Left] = []
        self.by_name: dict[str, Uprating] = {}
        # The map's own move comes first: where it is refused there is nothing to go on with.
        self.common = None if self.home in (None, target) else self._by(str(self.home), self.series)

    @property
    def moves(self) -> bool:
        """Whether the map's own price year moves."""
        return self.common is not None

    @property
    def written_target(self) -> int | str:
        """The target as a value map writes it."""
        return _written(self.target)

    def _by(self, year: str, series: str) -> Uprating:
        return uprating(year, str(self.target), series=series, currency=self.currency, other_country=self.other_country)

    # ---- proxies ----

    def outcome(self, outcome: Outcome) -> Outcome:
        """Return an outcome with its own proxy moved, if that is to move."""
        proxy = outcome.proxy
        if proxy is None:
            return outcome
        name, label = f"{outcome.id}.proxy", f"{outcome.label}: proxy"
        if proxy.value is None:
            self.left.append(Left(name, label, f"it is anchored to {proxy.anchored_to} and follows it"))
            return outcome
        assumed = proxy.price_year is None
        year = self._year_of(proxy)
        if year is None:
            self.left.append(Left(name, label, "nothing says in which year's prices it is"))
            return outcome
        if year == self.target:
            if assumed:
                why = f"it names no price year of its own, and is taken to be in the map's, {self.target}"
                self.left.append(Left(name, label, why))
            return outcome
        by = self._by_rule_of(proxy, proxy.value, year)
        if isinstance(by, Problem):
            self.left.append(Left(name, label, f"{by.found}. {by.remedy}", by))
            # The map's price year moves on: the value says from now on in which year's prices it was left.
            stays = proxy.model_copy(update={"price_year": _written(year)})
            return outcome.model_copy(update={"proxy": stays}) if assumed else outcome
        value, source = self._move(name, label, proxy.value, proxy.source, by, assumed)
        update = {"value": value, "source": source, **self._year_fields(proxy)}
        return outcome.model_copy(update={"proxy": proxy.model_copy(update=update)})

    def _year_of(self, proxy: Proxy) -> Year | None:
        if proxy.price_year is None:
            return self.home
        if proxy.price_year == NOT_STATED:
            return None
        return price_year(proxy.price_year, proxy.price_year_basis or "calendar")

    def _year_fields(self, proxy: Proxy) -> dict[str, Any]:
        """Return the target as a proxy writes it; the basis only where it wrote one."""
        basis = "financial" if self.target.financial else "calendar"
        return {"price_year": self.written_target, "price_year_basis": basis if proxy.price_year_basis else None}

    def _by_rule_of(self, proxy: Proxy, value: Estimate, year: Year) -> Uprating | Problem:
        """Return what moves a proxy, or why nothing may."""
        words = " ".join(text for text in (proxy.description, proxy.unit, proxy.valuation_method) if text)
        doubt = disputed(value.base, self.currency, words, proxy.register_id)
        if doubt is not None:
            return doubt.problem
        method = _method_of(proxy.register_id)
        if method in WHY_NOT and self.asked_for is None:
            found = f"the register's entry {proxy.register_id} does not move by prices alone: {WHY_NOT[method]}"
            return Problem(found, "To move it by prices all the same, name the series (--series).")
        wellby = self.wellby_rule and self.currency == "GBP" and is_wellby(words, proxy.register_id)
        try:
            own = "cpi" if method == "cpi" and self.asked_for is None else self.series
            return self._by(str(year), WELLBY if wellby else own)
        except MethodRefused as refusal:
            return Problem("; ".join(each.found for each in refusal.problems), refusal.problems[0].remedy)

    def followed(self, outcomes: tuple[Outcome, ...]) -> tuple[Outcome, ...]:
        """Return the outcomes; an anchored one that names a price year takes that of the value that it follows."""
        by_id = {outcome.id: outcome for outcome in outcomes}
        return tuple(self._following(outcome, by_id) for outcome in outcomes)

    def _following(self, outcome: Outcome, by_id: dict[str, Outcome]) -> Outcome:
        root = outcome
        while root.proxy is not None and root.proxy.anchored_to is not None:
            root = by_id[root.proxy.anchored_to]
        proxy = outcome.proxy
        if proxy is None or root is outcome or proxy.price_year is None or f"{root.id}.proxy" not in self.by_name:
            return outcome
        return outcome.model_copy(update={"proxy": proxy.model_copy(update=self._year_fields(proxy))})

    # ---- inputs and scenarios ----

    def put_in(self, given: Input) -> Input:
        """Return an input in the map's new prices; as it is where the map's price year does not move."""
        field = "rate" if given.rate is not None else "value"
        sum_of_money: Estimate | None = getattr(given, field)
        name, label = f"{given.id}.{field}", f"{given.label}: {'rate an hour' if field == 'rate' else 'value'}"
        if sum_of_money is None:
            return given
        if self.home is None:
            self.left.append(Left(name, label, "nothing says in which year's prices it is"))
        if self.common is None:
            return given
        # The rate of an hour often has a source of its own, which is the one that the step belongs to.
        beside = None if field == "rate" and sum_of_money.source else given.source
        moved, source = self._move(name, label, sum_of_money, beside, self.common, True)
        return given.model_copy(update={field: moved, "source": given.source if beside is None else source})

    def scenario(self, name: str, numbers: dict[str, float]) -> dict[str, float]:
        """Return a scenario with its sums of money moved as the numbers that they take the place of."""
        moved = {}
        for number, value in numbers.items():
            base = number.rpartition(".")[0] if is_year(number.rpartition(".")[2]) else number
            by = self.by_name.get(base)
            moved[number] = value if by is None else value * by.factor
            if by is not None:
                self.changes.append(Change(number, f"scenario {name}: {number}", value, moved[number], by, False, name))
        return moved

    def _move(
        self, name: str, label: str, value: Estimate, source: str | None, by: Uprating, assumed: bool
    ) -> tuple[Estimate, str | None]:
        """Return a sum moved and its source with the step; note the change."""
        self.by_name[name] = by
        moved = scaled(value, by.factor)
        if moved == value:
            return value, source
        self.changes.append(Change(name, label, value.base, moved.base, by, assumed))
        return told(moved, source, by.sentence)


def _method_of(register_id: str | None) -> str:
    """Return how the shipped register says that an entry moves to other years; empty where it does not know it."""
    if register_id is None:
        return ""
    try:
        return register().find(register_id)["uprating_method"]
    except NameRefused:  # an entry of somebody's own register
        return ""


def _written(year: Year) -> int | str:
    return str(year) if year.financial else year.begins


def scaled(estimate: Estimate, factor: float) -> Estimate:
    """Return a sum of money times a factor above 0: its value, range, experts, years, and the values of its shape.

    >>> scaled(Estimate(value=10, low=5, high=20), 2).high
    40.0
    """
    update: dict[str, Any] = {}
    for field in ("value", "low", "high"):
        number = getattr(estimate, field)
        update[field] = None if number is None else number * factor
    if isinstance(estimate.shape, dict):
        update["shape"] = _scaled_shape(estimate.shape, factor)
    if estimate.by_year is not None:
        update["by_year"] = tuple(scaled(entry, factor) for entry in estimate.by_year)
    if estimate.experts is not None:
        update["experts"] = tuple(
            expert.model_copy(update={field: getattr(expert, field) * factor for field in ("low", "value", "high")})
            for expert in estimate.experts
        )
        if estimate.value is not None:
            # A value beside experts has to be their mean to the last digits, which scaling each alone may miss.
            update["value"] = estimate.model_copy(update={**update, "value": None}).base
    return estimate.model_copy(update=update)


def _scaled_shape(shape: dict[str, Any], factor: float) -> dict[str, Any]:
    """Return a shape with its sums scaled; the numbers of a beta are no sums, and the chances of a discrete neither."""
    if "discrete" in shape:
        return {"discrete": tuple((value * factor, chance) for value, chance in shape["discrete"])}
    if "empirical" in shape:
        return {"empirical": tuple(value * factor for value in shape["empirical"])}
    return shape


def told(estimate: Estimate, source: str | None, step: str) -> tuple[Estimate, str | None]:
    """Return an estimate and the source beside it, one of which tells a step.

    The step joins the source that there is. Where there is none it goes into the reason: a step is no source, and a
    reader is to see that the source is missing.
    """
    if source is not None:
        return estimate, _joined(source, step)
    if estimate.source is not None:
        return estimate.model_copy(update={"source": _joined(estimate.source, step)}), None
    return estimate.model_copy(update={"note": _joined(estimate.note, step)}), None


def _joined(text: str | None, step: str) -> str:
    """Return a text with a sentence behind it; the text is cut where both are longer than a value map may hold."""
    if text is None:
        return step
    room = LONGEST_TEXT - len(step) - 4
    kept = text if len(text) <= room else f"{text[:room].rstrip()}.."
    return f"{kept} {step}" if kept.endswith((".", "!", "?")) else f"{kept}. {step}"
