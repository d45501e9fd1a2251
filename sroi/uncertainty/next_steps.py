"""What should we find out next? The uncertain numbers, by how much knowing them would narrow the range or decide."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sroi import wording
from sroi.uncertainty.statement import Driver, Uncertainty

# A number that bears less of the uncertainty than this is not worth a sentence.
_WORTH_SAYING = 0.02
# Knowing that is worth less than this part of the inputs changes no decision that anybody would notice.
_WORTH_PAYING = 0.002
_HOW = {
    "deadweight": "ask a comparison group, or what happened before, and to people who did not take part",
    "displacement": "ask the neighbouring services and places whether their figures changed",
    "attribution": "ask those affected who else helped, and how much",
    "drop_off": "ask the same people again a year later",
    "duration": "ask the same people again until the change has gone",
    "quantity": "count, or ask a larger sample",
    "share": "ask a larger sample, and follow up those who did not answer",
    "times": "count how often it happens",
    "size": "count the people",
    "proxy": "look for a better source of the value, or ask those affected what it is worth to them",
    "value": "look into the accounts",
    "hours": "keep a record of the hours",
    "rate": "look up what such work is paid",
    "discount_rate": "agree on the rate with those who will decide",
}


@dataclass(frozen=True)
class NextStep:
    """One number that is worth finding out: why, how, and what it would change.

    `share`: its part of the uncertainty, 0-1; `interval`: about what the 90 % range would narrow to if it were known;
    `worth`: the value of knowing it before the decision, in the map's currency (0 if it cannot change it).
    """

    name: str
    label: str
    share: float
    interval: tuple[float, float]
    worth: float
    how: str
    sentence: str


def next_steps(found: Uncertainty, most: int = 5) -> list[NextStep]:
    """Return the numbers to find out first: those that could change the decision, then those that widen the range.

    The range that is left if a number is known is its present one narrowed by the root of 1 less its first-order share
    (the variance expected to be left), about the median.
    """
    if found.is_point or not found.drivers:
        return []
    single = [driver for driver in found.drivers if driver.field]

    def weight(driver: Driver) -> tuple[float, float]:
        share = driver.shapley if driver.shapley is not None else driver.first or 0.0
        return (-worth(found, driver), -share)

    steps: list[NextStep] = []
    for driver in sorted(single, key=weight)[:most]:
        share = driver.shapley if driver.shapley is not None else driver.first
        if (share or 0.0) >= _WORTH_SAYING or worth(found, driver) > 0.0:
            steps.append(_step(found, driver, share or 0.0, first=not steps))
    return steps


def worth(found: Uncertainty, driver: Driver) -> float:
    """Return what knowing a number first is worth; 0 where that is next to nothing beside the inputs."""
    paid = abs(float(found.result.total_inputs)) * _WORTH_PAYING
    return driver.evppi if driver.evppi is not None and driver.evppi >= paid else 0.0


def _step(found: Uncertainty, driver: Driver, share: float, first: bool) -> NextStep:
    low, high = found.interval
    middle = found.quantile(0.5)
    left = math.sqrt(max(1.0 - (driver.first or 0.0), 0.0))
    interval = (middle - (middle - low) * left, middle + (high - middle) * left)
    gain = worth(found, driver)
    how = _HOW.get(driver.field, "look into it")
    named = f"“{driver.label}”"
    begin = f"Find out first: {named}." if first else f"Then: {named}."
    bears = f"It bears {wording.per_cent(share, 0)} of the uncertainty"
    now, then = (f"{wording.ratio(a)} to {wording.ratio(b)}" for a, b in (found.interval, interval))
    narrows = f": if it were known, the range {now} would narrow to about {then}." if now != then else "."
    if gain > 0:
        sum_ = wording.money(gain, found.impact_map.currency)
        decides = f" It could change the decision: knowing it first is worth up to {sum_}."
    elif matters(found):
        decides = " By itself it would not change the decision."
    else:
        decides = ""
    return NextStep(
        driver.name, driver.label, share, interval, gain, how,
        f"{begin} {bears}{narrows}{decides} How: {how}.",
    )  # fmt: skip


def decision_words(found: Uncertainty) -> str:
    """Return the decision for which values of information hold, and what it would be today.

    Fund if the expected net benefit, total present value less R times the total inputs, is above nothing.
    """
    one = wording.money(1, found.impact_map.currency)
    rule = f"Fund if the value is expected to be above {found.decision_ratio:g} for each {one} put in"
    today = "yes" if found.net_benefit > 0 else "no"
    chance = wording.chance_words(found.chance_above(found.decision_ratio))
    return f"{rule}: today {today}, with a chance of {chance} that it is."


def matters(found: Uncertainty) -> bool:
    """Say whether any knowledge could be worth something to the decision, beside the inputs."""
    return (found.evpi or 0.0) >= _WORTH_PAYING * abs(float(found.result.total_inputs)) > 0.0


def in_brief(found: Uncertainty) -> str:
    """Return in one sentence what knowing everything would be worth; nothing of a single point."""
    if found.evpi is None or found.is_point:
        return ""
    currency = found.impact_map.currency
    if not matters(found):
        return "No finding within the stated ranges is likely to change that decision."
    return (
        f"Knowing everything before deciding would be worth up to {wording.money(found.evpi, currency)}: more than "
        "that should not be spent on finding out."
    )
