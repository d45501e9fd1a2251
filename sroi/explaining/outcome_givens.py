"""What a map gives of an outcome: every number of its formula, and by which outcome its proxy is anchored."""

from __future__ import annotations

from sroi.estimate import Estimate
from sroi.explaining.explanation import Given, in_one_line
from sroi.explaining.givens import given, place_of
from sroi.explaining.paper import Paper
from sroi.explaining.pencil import NUMBER
from sroi.impact_map import ImpactMap
from sroi.names import DEDUCTIONS
from sroi.nouns import Outcome, PartOfStakeholder


def anchor_chain(impact_map: ImpactMap, outcome: Outcome) -> list[Outcome]:
    """Return the outcome, the one its proxy is anchored to, and so on to the one whose proxy is a sum of money."""
    by_id = {each.id: each for each in impact_map.outcomes}
    chain = [outcome]
    while (proxy := chain[-1].proxy) is not None and proxy.anchored_to is not None:
        chain.append(by_id[proxy.anchored_to])
    return chain


def outcome_is_by_year(impact_map: ImpactMap, outcome: Outcome) -> bool:
    """Say whether quantity, proxy or a deduction is given by year, so that each year of activity is a cohort."""
    money = anchor_chain(impact_map, outcome)[-1].proxy
    numbers = [outcome.quantity, money.value if money is not None else None]
    numbers += [getattr(outcome, name) for name in DEDUCTIONS]
    return any(isinstance(each, Estimate) and each.by_year is not None for each in numbers)


def outcome_givens(impact_map: ImpactMap, outcome: Outcome) -> list[Given]:
    """Return every number of an outcome as given, in the order of the formula."""
    places = {each.id: ("outcomes", place) for place, each in enumerate(impact_map.outcomes)}
    path = places[outcome.id]
    said: list[Given] = []
    quantity = outcome.quantity
    indicator = outcome.indicator
    measured = f"indicator: {indicator.text}" if indicator is not None and indicator.text else None
    seen = indicator.source if indicator is not None else None
    if isinstance(quantity, PartOfStakeholder):
        who = impact_map.stakeholder_by_id[quantity.of]
        place = impact_map.stakeholders.index(who)
        path_of_size = ("stakeholders", place, "size")
        size = given(impact_map, who.size, f"{who.id}.size", path_of_size, label=in_one_line(f"Size of {who.label}"))
        path_of_share = (*path, "quantity", "share")
        share = given(impact_map, quantity.share, f"{outcome.id}.share", path_of_share, [measured], seen)
        said += [size, share]
        if "times" in quantity.model_fields_set:
            said.append(given(impact_map, quantity.times, f"{outcome.id}.times", (*path, "quantity", "times")))
    elif quantity is not None:
        said.append(given(impact_map, quantity, f"{outcome.id}.quantity", (*path, "quantity"), [measured], seen))
    if outcome.proxy is not None:
        said += _proxy_givens(impact_map, outcome, places)
    for name in (*DEDUCTIONS, "drop_off", "duration"):
        said.append(given(impact_map, getattr(outcome, name), f"{outcome.id}.{name}", (*path, name)))
    return said


def _proxy_givens(impact_map: ImpactMap, outcome: Outcome, places: dict[str, tuple[str, int]]) -> list[Given]:
    chain = anchor_chain(impact_map, outcome)
    priced, said = chain[-1], []
    if priced.proxy is not None:
        proxy, own = priced.proxy, "Proxy" if priced is outcome else f"Proxy of {priced.id}"
        also = [
            proxy.description,
            f"for one {proxy.unit}" if proxy.unit else None,
            f"in prices of {proxy.price_year}" if proxy.price_year is not None else None,
            f"register entry {proxy.register_id}" if proxy.register_id else None,
        ]
        path = (*places[priced.id], "proxy", "value")
        said.append(given(impact_map, proxy.value, f"{priced.id}.proxy", path, also, proxy.source, own))
    if len(chain) > 1:
        paper = Paper(impact_map.currency)
        for each in chain:
            weight = each.weight or 0.0
            place = place_of(impact_map, (*places[each.id], "weight"))
            said.append(
                Given("", f"Weight of {each.id}", (weight,), str(paper.take(weight, NUMBER)), place=place, asked=False)
            )
    return said
