"""What changed between two versions of a map, and why its ratio did."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from sroi import wording
from sroi.comparison.aspects import Pair
from sroi.comparison.causes import Cause, causes_of, quoted
from sroi.comparison.differences import Difference, differences
from sroi.comparison.mixtures import contributions
from sroi.errors import NameRefused
from sroi.evaluation import evaluate
from sroi.impact_map import ImpactMap
from sroi.reading import NOT_STATED
from sroi.result import Result

# In sentences: causes told one by one, and what rounds to nothing.
_TOLD, _NOTHING = 6, 0.005


@dataclass(frozen=True, eq=False)
class WhatChanged:
    """Two versions of a map, all in which they differ, and by what their ratios do.

    `causes` add up to the change of the ratio; those that change it most come first. There are none where nothing
    changed that bears on the ratio, or where `why_not` says why the change cannot be shared out.
    """

    before: Result
    after: Result
    differences: tuple[Difference, ...]
    causes: tuple[Cause, ...]
    notes: tuple[str, ...]
    why_not: str | None = None

    @property
    def change(self) -> float:
        """The ratio after less that before."""
        return float(self.after.sroi_ratio) - float(self.before.sroi_ratio)

    def sentences(self) -> tuple[str, ...]:
        """Return what a reader should know, in sentences: the change and its causes, then what to bear in mind."""
        return (_sentence(self), *self.notes)

    def to_dict(self) -> dict[str, Any]:
        """Return it in plain Python; None where there is no figure, never NaN or infinite."""
        return {
            "before": told(self.before),
            "after": told(self.after),
            "change": self.change if math.isfinite(self.change) else None,
            "sentences": list(self.sentences()),
            "why_not": self.why_not,
            "causes": [cause.to_dict() for cause in self.causes],
            "differences": [difference.to_dict() for difference in self.differences],
        }


def what_changed(before: ImpactMap, after: ImpactMap) -> WhatChanged:
    """Return in what two versions of a map differ, and how much each cause changes the ratio.

    Stakeholders, inputs and outcomes are matched by id. The causes are Shapley values over what changed (each outcome's
    quantity, proxy, deductions, how long it lasts; outcomes and inputs added and removed; each convention): exact,
    without regard to order, and adding up to the change of the ratio.

    >>> import sroi
    >>> guide = sroi.example("wheels_to_meals")
    >>> rules = guide.conventions.model_copy(update={"discount_timing": "start_of_year"})
    >>> found = what_changed(guide, guide.model_copy(update={"conventions": rules}))
    >>> [(cause.label, round(cause.contribution, 2)) for cause in found.causes]
    [('new convention on discount timing', 0.07)]
    """
    was, now = evaluate(before), evaluate(after)
    causes: tuple[Cause, ...] = ()
    why_not = _why_not(was, now)
    if why_not is None:
        pair = Pair(before, after)
        try:
            causes = causes_of(pair, *contributions(pair))
        except NameRefused:
            why_not = "numbers of the one version with those of the other multiply to more than can be reckoned"
    return WhatChanged(was, now, differences(before, after), causes, _notes(was, now), why_not)


def told(result: Result) -> dict[str, Any]:
    """Return the headline of a result with what must stand beside it, in plain Python."""
    figures = result.to_dict()
    names = (
        "title", "analysis", "currency", "price_year", "conventions", "total_inputs", "total_present_value",
        "net_present_value", "sroi_ratio", "net_sroi_ratio",
    )  # fmt: skip
    return {**{name: figures[name] for name in names}, "rules": result.rules()}


def _why_not(was: Result, now: Result) -> str | None:
    currencies = [result.impact_map.currency for result in (was, now)]
    if currencies[0] != currencies[1]:
        return f"the one is in {currencies[0]} and the other in {currencies[1]}, and sums of the two cannot be mixed"
    if not all(math.isfinite(result.sroi_ratio) for result in (was, now)):
        return "one of them has no ratio"
    return None


def _notes(was: Result, now: Result) -> tuple[str, ...]:
    old, new = was.impact_map, now.impact_map
    notes = []
    if old.price_year != new.price_year and old.currency == new.currency:
        years = ["an unstated year" if each == NOT_STATED else str(each) for each in (old.price_year, new.price_year)]
        prices = f"Prices were those of {years[0]} and are those of {years[1]}"
        notes.append(f"{prices}: some of the change may be prices alone.")
    if old.analysis != new.analysis:
        kinds = ["a forecast" if chart.analysis == "forecast" else "an evaluation" for chart in (old, new)]
        notes.append(f"The first is {kinds[0]}, the second {kinds[1]}.")
    known = [{outcome.id for outcome in chart.outcomes} for chart in (old, new)]
    gone = {_plain(outcome.label): outcome.id for outcome in old.outcomes if outcome.id not in known[1]}
    for outcome in new.outcomes:
        other = gone.get(_plain(outcome.label))
        if other is not None and outcome.id not in known[0]:
            found = f"'{other}' was removed and '{outcome.id}' added, and both are called {quoted(outcome.label)}"
            notes.append(f"{found}: if they are one outcome, give it the same id in both.")
    if _plain(old.title) != _plain(new.title):
        notes.append(f"Their titles differ: {quoted(old.title)} and {quoted(new.title)}. Are they versions of one map?")
    return tuple(notes)


def _plain(label: str) -> str:
    return " ".join(label.lower().split())


# ---- the sentence ----


def _sentence(found: WhatChanged) -> str:
    ratios = [wording.ratio(float(result.sroi_ratio)) for result in (found.before, found.after)]
    words = [ratio if ratio == "no ratio" else f"{ratio} : 1" for ratio in ratios]
    if not math.isfinite(found.change):
        return f"The ratio was {words[0]} and is {words[1]}."
    up = found.change > 0
    moved = f"from {words[0]} to {words[1]}"
    if abs(found.change) >= _NOTHING:
        head = f"The ratio {'rose' if up else 'fell'} by {abs(found.change):.2f}, {moved}"
    elif words[0] == words[1]:
        head = f"The ratio stays at {words[1]}"
    else:
        head = f"The ratio {'rose' if up else 'fell'} by less than 0.01, {moved}"
    if found.why_not is not None:
        return f"{head}; by cause this cannot be told: {found.why_not}."
    told = [cause for cause in found.causes if abs(cause.contribution) >= _NOTHING]
    if not told:
        if found.causes:
            return f"{head}; no cause changes it by as much as 0.01."
        said = "nothing that bears on it changed" if found.differences else "the two say the same"
        return f"{head}: {said}."
    if abs(found.change) < _NOTHING:
        up = told[0].contribution > 0
    along = [cause for cause in told if (cause.contribution > 0) == up]
    against = [cause for cause in told if (cause.contribution > 0) != up]
    if not along:
        along, against, up = against, [], not up
    if abs(found.change) < _NOTHING and against:
        head = f"{head}, for causes cancel out: {'up' if up else 'down'} by"
        return f"{head} {_listed(along)}; {'down' if up else 'up'} by {_listed(against)}."
    sentence = f"{head}: {_listed(along)}"
    return f"{sentence}; the other way, {_listed(against)}." if against else f"{sentence}."


def _listed(causes: list[Cause]) -> str:
    parts = [f"{abs(cause.contribution):.2f} from the {cause.label}{_was(cause)}" for cause in causes[:_TOLD]]
    rest = causes[_TOLD:]
    if rest:
        total = abs(math.fsum(cause.contribution for cause in rest))
        parts.append(f"{total:.2f} from {len(rest)} smaller cause{'' if len(rest) == 1 else 's'}")
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _was(cause: Cause) -> str:
    there = cause.name.endswith(".there")
    plain = cause.was and cause.now and not there and ";" not in cause.was and len(cause.was) + len(cause.now) < 100
    return f" ({cause.now}, was {cause.was})" if plain else ""
