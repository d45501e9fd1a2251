"""The ratio of every mixture of two versions of a map: some aspects as they were, the others as they are.

One outcome's present value depends on its own aspects and on the conventions alone, and so does an input's. So there is
no need for a map of each of the 2 to the n mixtures: every version of every outcome stands once, as an outcome of its
own, in a map that goes through the door under each mixture of conventions. The ratio is the sum of the outcomes over
the sum of the inputs, and Shapley values of a sum are the sums of Shapley values.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from itertools import product
from typing import Any

import numpy as np

from sroi.comparison.aspects import RULES, Key, Lasting, Pair, deductions, lasting, number, ordered
from sroi.comparison.groups import Groups
from sroi.comparison.shapley import shapley
from sroi.estimate import Estimate
from sroi.evaluation import evaluate
from sroi.formulas import Array
from sroi.framing import Activity, Conventions
from sroi.impact_map import ImpactMap
from sroi.names import DEDUCTIONS
from sroi.nouns import Input, Outcome, PartOfStakeholder, Proxy, Stakeholder

# Beyond so many groups on one outcome there are too many mixtures of it, and inputs and conventions are put together.
MOST = 14

# Where a mixture's inputs are less than this share of the smaller of the two versions', one input took another's place.
_REPLACED = 0.5

Side = Callable[[Key], int]
Players = tuple[Key, ...]


def contributions(pair: Pair) -> tuple[Groups, dict[Key, float]]:
    """Return the groups of aspects that differ, and by how much each changes the ratio, in the order of the maps.

    Exact and without regard to order: Shapley values over the groups; they add up to the ratio's change. Groups that
    bear on nothing that counts are left out. Inputs are one group where one takes another's place: else there would be
    mixtures with next to no inputs, and the ratio of such a one says nothing.
    """
    groups = Groups(pair)
    inputs = [key for key in groups.keys if key.section == "inputs"]
    rules = [key for key in groups.keys if key.section == "conventions"]
    proxies = [key for key in groups.keys if key.aspect == "proxy"]
    for together in ([], inputs, rules, proxies):
        groups.join(together)
        mixtures = Mixtures(pair, groups)
        if mixtures.most_players() <= MOST:
            break
    if mixtures.inputs_fail():
        groups.join(inputs)
        mixtures = Mixtures(pair, groups)
    return groups, mixtures.shares()


class Mixtures:
    """Every version of every outcome and input of two maps, and who decides which version a mixture has."""

    def __init__(self, pair: Pair, groups: Groups) -> None:
        self.pair, self.groups = pair, groups
        self.rules = self._grouped(key for key in groups.keys if key.section == "conventions")
        self.input_groups = self._grouped(key for key in groups.keys if key.section == "inputs")
        self.of_outcome = {name: self._players(name) for name in ordered(*pair.outcomes)}
        self.of_outcome = {name: players for name, players in self.of_outcome.items() if players is not None}
        self._worth: tuple[dict[Players, Array], Array] | None = None

    def most_players(self) -> int:
        """Return on how many groups the value of one outcome over the inputs depends, at most."""
        longest = max((len(players or ()) for players in self.of_outcome.values()), default=0)
        return longest + len(self.rules) + len(self.input_groups)

    def inputs_fail(self) -> bool:
        """Say whether a mixture has next to no inputs though neither version has."""
        total = self.worth()[1]
        whole = total.reshape((*total.shape[: len(self.rules)], -1))
        ends = np.minimum(whole[..., 0], whole[..., -1])
        return bool((whole.min(axis=-1) < _REPLACED * ends).any())

    def shares(self) -> dict[Key, float]:
        """Return by how much each group changes the ratio."""
        values, total_inputs = self.worth()
        common = (*self.rules, *self.input_groups)
        shares: dict[Key, list[float]] = defaultdict(list)
        for own, value in values.items():
            # Axes: conventions, the outcome's own groups, inputs.
            below = np.expand_dims(total_inputs, tuple(range(len(self.rules), len(self.rules) + len(own))))
            above = value.reshape((*value.shape, *(1,) * len(self.input_groups)))
            players = (*self.rules, *own, *self.input_groups)
            for player, share in zip(players, shapley(np.asarray(above / below)), strict=True):
                shares[player].append(float(share))
        met = dict.fromkeys(self._grouped(iter(self.groups.keys)))
        known = {*common, *shares}
        return {player: float(np.sum(shares[player])) for player in met if player in known}

    def worth(self) -> tuple[dict[Players, Array], Array]:
        """Return present values by who decides on them, axes (conventions, own groups), and the total inputs."""
        if self._worth is None:
            self._worth = self._reckoned()
        return self._worth

    # ---- who decides ----

    def _grouped(self, keys: Iterator[Key]) -> Players:
        return tuple(dict.fromkeys(self.groups.of(key) for key in keys if self.groups.differs(key)))

    def _players(self, name: str) -> Players | None:
        """Return the groups on which an outcome's value depends; None if it counts in neither version."""
        there = self.pair.there(name)
        if there is not None:
            return self._grouped(iter((there,)))
        if name not in self.pair.counted[0]:
            return None
        keys = [Key("outcomes", name, aspect) for aspect in ("quantity", "deductions", "lasting")]
        for own in self.pair.outcomes:
            part = own[name].quantity
            keys += [Key("stakeholders", part.of, "size")] if isinstance(part, PartOfStakeholder) else []
        # An anchor that is in both maps may be priced as in the one or as in the other.
        met = [name]
        for each in met:
            keys.append(Key("outcomes", each, "proxy"))
            for own in self.pair.outcomes:
                priced = own[each].proxy if each in own else None
                if priced is not None and priced.anchored_to is not None and priced.anchored_to not in met:
                    met.append(priced.anchored_to)
        return self._grouped(iter(keys))

    # ---- versions ----

    def _reckoned(self) -> tuple[dict[Players, Array], Array]:
        outcomes, inputs = self._outcome_versions(), self._input_versions()
        mixes = list(product((0, 1), repeat=len(self.rules)))
        values = np.zeros((len(mixes), len(outcomes)))
        worth = np.zeros((len(mixes), len(inputs)))
        for place, mix in enumerate(mixes):
            rules = self._conventions(dict(zip(self.rules, mix, strict=True)))
            values[place], worth[place] = _through_the_door(self.pair.maps[0], rules, outcomes, inputs)
        lead = (2,) * len(self.rules)
        by_players: dict[Players, Array] = {}
        at = 0
        for players in self.of_outcome.values():
            own = players or ()
            count = 2 ** len(own)
            block = values[:, at : at + count].reshape((*lead, *(2,) * len(own)))
            by_players[own] = by_players[own] + block if own in by_players else block
            at += count
        return by_players, self._total(worth).reshape((*lead, *(2,) * len(self.input_groups)))

    def _conventions(self, mix: Mapping[Key, int]) -> Conventions:
        fields: dict[str, Any] = {}
        for field in RULES:
            key = Key("conventions", field, "")
            side = mix[self.groups.of(key)] if self.groups.differs(key) else 0
            fields[field] = getattr(self.pair.maps[side].conventions, field)
        return Conventions.model_construct(**fields)

    def _outcome_versions(self) -> list[tuple[int, Outcome]]:
        """Return every version of each outcome that counts, with the years of activity that it asks for."""
        versions = []
        for name, players in self.of_outcome.items():
            for mix in product((0, 1), repeat=len(players or ())):
                sides = dict(zip(players or (), mix, strict=True))
                versions.append(self._version(name, sides))
        return [
            (years, outcome.model_copy(update={"id": f"version_{place}"}))
            for place, (years, outcome) in enumerate(versions)
        ]

    def _version(self, name: str, sides: Mapping[Key, int]) -> tuple[int, Outcome]:
        pair = self.pair
        there = pair.there(name)
        if there is not None:
            # Whole as in the map in which it counts, or worth nothing.
            home = 0 if name in pair.counted[0] else 1
            if sides[self.groups.of(there)] != home:
                return 1, _outcome((0.0,), (0.0,), (((0.0,),) * 3), (0.0, 0.0, "during", None))
            return self._read(name, lambda key: home)

        def side(key: Key) -> int:
            if self.groups.differs(key):
                return sides[self.groups.of(key)]
            first = pair.outcomes[0] if key.section == "outcomes" else pair.people[0]
            return 0 if key.owner in first else 1

        return self._read(name, side)

    def _read(self, name: str, side: Side) -> tuple[int, Outcome]:
        """Return an outcome with each aspect as in the map that `side` names, and the years of activity it asks for."""
        pair = self.pair

        def as_in(each: str, aspect: str) -> Outcome:
            return pair.outcomes[side(Key("outcomes", each, aspect))][each]

        quantity = self._quantity(as_in(name, "quantity"), side)
        price, factor, each = as_in(name, "proxy"), 1.0, name
        while price.proxy is not None and price.proxy.anchored_to is not None:
            each = price.proxy.anchored_to
            other = as_in(each, "proxy")
            factor *= (price.weight or 0.0) / (other.weight or np.nan)
            price = other
        money = number(price.proxy.value if price.proxy is not None else None).values
        shares = tuple(part.values for part in deductions(as_in(name, "deductions")))
        outcome = _outcome(quantity, tuple(value * factor for value in money), shares, lasting(as_in(name, "lasting")))
        return max(len(values) for values in (quantity, money, *shares)), outcome

    def _quantity(self, outcome: Outcome, side: Side) -> tuple[float, ...]:
        part = outcome.quantity
        if not isinstance(part, PartOfStakeholder):
            return number(part).values
        whole = self.pair.people[side(Key("stakeholders", part.of, "size"))].get(part.of)
        sizes = [whole, *(own.get(part.of) for own in self.pair.people)]
        size = next(each.size for each in sizes if each is not None and each.size is not None)
        return (size.base * part.share.base * part.times.base,)

    def _input_versions(self) -> list[tuple[int, Input]]:
        """Return each input as it was and as it is; one that is not there is worth nothing."""
        versions: list[tuple[int, Input]] = []
        for name in ordered(*self.pair.inputs):
            for own in self.pair.inputs:
                given = own.get(name)
                values = (0.0,) if given is None else number(given.value).values
                if given is not None and given.hours is not None:
                    values = (given.hours.base * number(given.rate).values[0],)
                version = Input.model_construct(
                    id=f"input_{len(versions)}", stakeholder="all", kind="money", value=_estimate(values)
                )
                versions.append((len(values), version))
        return versions

    def _total(self, worth: Array) -> Array:
        """Return the total inputs of every mixture, shape (mix of conventions, mix of inputs)."""
        columns = []
        for mix in product((0, 1), repeat=len(self.input_groups)):
            sides = dict(zip(self.input_groups, mix, strict=True))
            total = np.zeros(len(worth))
            for place, name in enumerate(ordered(*self.pair.inputs)):
                there = all(name in own for own in self.pair.inputs)
                key = Key("inputs", name, "value" if there else "there")
                side = sides[self.groups.of(key)] if self.groups.differs(key) else 0
                total = total + worth[:, 2 * place + side]
            columns.append(total)
        return np.stack(columns, axis=-1)


# ---- versions through the door ----


def _estimate(values: tuple[float, ...]) -> Estimate:
    if len(values) == 1:
        return Estimate.model_construct(value=values[0])
    return Estimate.model_construct(by_year=tuple(Estimate.model_construct(value=value) for value in values))


def _outcome(
    quantity: tuple[float, ...],
    proxy: tuple[float, ...],
    shares: tuple[tuple[float, ...], ...],
    lasts: Lasting,
) -> Outcome:
    duration, drop_off, starts, own_rate = lasts
    deducted: dict[str, Any] = {field: _estimate(values) for field, values in zip(DEDUCTIONS, shares, strict=True)}
    return Outcome.model_construct(
        id="version", stakeholder="all", quantity=_estimate(quantity),
        proxy=Proxy.model_construct(value=_estimate(proxy)),
        duration=_estimate((duration,)), drop_off=_estimate((drop_off,)), starts=starts, discount_rate=own_rate,
        **deducted,
    )  # fmt: skip


def _through_the_door(
    model: ImpactMap, rules: Conventions, outcomes: list[tuple[int, Outcome]], inputs: list[tuple[int, Input]]
) -> tuple[Array, Array]:
    """Return the present value of each version of an outcome and of an input.

    The maps are put together unchecked: they hold versions, and are no value maps. All that ask for the same number of
    years of activity go in one.
    """
    values, worth = np.zeros(len(outcomes)), np.zeros(len(inputs))
    for years in {years for years, _ in (*outcomes, *inputs)}:
        chosen = [place for place, (asked, _) in enumerate(outcomes) if asked == years]
        given = [place for place, (asked, _) in enumerate(inputs) if asked == years]
        nothing = Input.model_construct(id="nothing", stakeholder="all", kind="money", value=_estimate((0.0,)))
        result = evaluate(
            ImpactMap.model_construct(
                sroi=1, title="Versions", analysis=model.analysis, currency=model.currency, price_year=model.price_year,
                activity=Activity.model_construct(years=years), conventions=rules,
                stakeholders=(Stakeholder.model_construct(id="all"),),
                inputs=(*(inputs[place][1] for place in given), nothing),
                outcomes=tuple(outcomes[place][1] for place in chosen),
            )
        )  # fmt: skip
        values[chosen] = result.present_value
        worth[given] = result.inputs[:-1]
    return values, worth
