"""What a theory of change is drawn from: who puts in, which outcomes, for whom, and what leads to what.

Where there are many outcomes, those of a stakeholder are folded together: first by kind, then all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from sroi import wording
from sroi.nouns import Outcome
from sroi.outcome_words import quantity_words
from sroi.result import Result

MOST_PEOPLE = 13

# Told in this order where several are folded together.
KIND_WORDS = {
    "gain": ("gain", "gains"), "loss": ("loss", "losses"), "told": ("without a price", "without a price"),
    "uncounted": ("not counted", "not counted"),
}  # fmt: skip


@dataclass(frozen=True)
class Change:
    """An outcome, or several of one stakeholder folded together: what it is, its kind, and its present value [money].

    `gain` is what it adds, `loss` (0 or less) what it takes away; `said` stands for them where it has no price; `most`
    names the largest of several.
    """

    outcomes: tuple[str, ...]
    label: str
    kind: str
    gain: float
    loss: float
    said: str
    most: str = ""


@dataclass(frozen=True)
class Whom:
    """Those whose lives change, with their changes from top to bottom."""

    label: str
    changes: tuple[Change, ...]

    @property
    def counted(self) -> bool:
        """Whether anything of theirs enters the total."""
        return any(change.kind in ("gain", "loss") for change in self.changes)

    @property
    def value(self) -> float:
        """The present value of what counts."""
        return sum(change.gain + change.loss for change in self.changes)


@dataclass(frozen=True)
class Lead:
    """What leads to a change, by the changes' places in the drawing (None: the activity), and how much of its value."""

    source: int | None
    target: int
    gain: float
    loss: float


@dataclass(frozen=True)
class Giver:
    """Who puts in, what, and its present value [money]."""

    label: str
    items: tuple[tuple[str, float], ...]
    amount: float


@dataclass(frozen=True)
class Parts:
    """All that a theory of change shows; `folded` says how many outcomes do not stand alone."""

    givers: tuple[Giver, ...]
    people: tuple[Whom, ...]
    leads: tuple[Lead, ...]
    folded: int

    @property
    def changes(self) -> list[Change]:
        """All changes from top to bottom."""
        return [change for whom in self.people for change in whom.changes]


def parts_of(result: Result, fold: int) -> Parts:
    """Return what the theory of change of a result is drawn from, in an order with few crossings.

    `fold`: 0, every outcome stands alone; 1, those of one kind of a stakeholder go together; 2, all of a stakeholder
    do, and of more than 13 stakeholders those with the least value.
    """
    chart = result.impact_map
    alone = {outcome.id: _alone(outcome, result) for outcome in chart.outcomes}
    whose = {outcome.id: outcome.stakeholder for outcome in chart.outcomes}
    people = {who.id: who.label for who in chart.stakeholders if who.id in whose.values()}
    others = _least(people, alone, whose) if fold == 2 else set[str]()
    groups: dict[str, dict[tuple[str, str], list[Change]]] = {who: {} for who in people if who not in others}
    for name, change in alone.items():
        who = "" if whose[name] in others else whose[name]
        group = (name, "") if fold == 0 else ("", change.kind if fold == 1 else "")
        groups.setdefault(who, {}).setdefault(group, []).append(change)
    people[""] = f"{len(others)} others"
    blocks = [Whom(people[who], tuple(map(_together, sets.values()))) for who, sets in groups.items()]
    ordered = few_crossings(blocks, _leads(chart.outcomes, alone, blocks))
    folded = sum(len(change.outcomes) for whom in blocks for change in whom.changes if len(change.outcomes) > 1)
    return Parts(tuple(_givers(result)), tuple(ordered), tuple(_leads(chart.outcomes, alone, ordered)), folded)


def _least(people: Iterable[str], alone: Mapping[str, Change], whose: Mapping[str, str]) -> set[str]:
    """Return the stakeholders beyond those with the most value gained and lost."""
    size = dict.fromkeys(people, 0.0)
    for name, change in alone.items():
        size[whose[name]] += change.gain - change.loss
    ranked = sorted(size, key=lambda who: -size[who])
    return set(ranked[MOST_PEOPLE - 1 :]) if len(ranked) > MOST_PEOPLE else set()


def _alone(outcome: Outcome, result: Result) -> Change:
    chart = result.impact_map
    reason = chart.not_counted().get(outcome.id)
    if reason is None:
        value = float(result.present_value[..., result.priced.index(outcome.id)])
        kind = "loss" if value < 0 else "gain"
        said = wording.money(value, chart.currency)
        return Change((outcome.id,), outcome.label, kind, max(value, 0.0), min(value, 0.0), said)
    if not reason.startswith("told without a price"):
        return Change((outcome.id,), outcome.label, "uncounted", 0.0, 0.0, "not counted")
    counted = f", quantity {quantity_words(outcome, chart.stakeholder_by_id)}" if outcome.quantity is not None else ""
    return Change((outcome.id,), outcome.label, "told", 0.0, 0.0, f"no price{counted}")


def _together(changes: Sequence[Change]) -> Change:
    """Return several changes as one, named by the largest."""
    if len(changes) == 1:
        return changes[0]
    largest = max(changes, key=lambda change: change.gain - change.loss)
    kinds = {kind: sum(change.kind == kind for change in changes) for kind in KIND_WORDS}
    counts = ", ".join(f"{n} {KIND_WORDS[kind][n > 1]}" for kind, n in kinds.items() if n)
    kind = next(kind for kind, n in kinds.items() if n)
    gain, loss = sum(change.gain for change in changes), sum(change.loss for change in changes)
    names = tuple(name for change in changes for name in change.outcomes)
    return Change(names, counts, kind, gain, loss, "", largest.label)


def _givers(result: Result) -> Iterable[Giver]:
    chart = result.impact_map
    for who in chart.stakeholders:
        own = [(given.label, float(result.inputs[..., place])) for place, given in enumerate(chart.inputs)
               if given.stakeholder == who.id]  # fmt: skip
        if own:
            yield Giver(who.label, tuple(own), sum(amount for _, amount in own))


def _leads(outcomes: Sequence[Outcome], alone: Mapping[str, Change], people: Sequence[Whom]) -> list[Lead]:
    """Return what leads to each change; its value is shared evenly, for a map does not say what is owed to which."""
    before: dict[str, list[str]] = {outcome.id: [] for outcome in outcomes}
    for outcome in outcomes:
        for other in dict.fromkeys(outcome.leads_to):
            before[other].append(outcome.id)
    after = {outcome.id: outcome.leads_to for outcome in outcomes}
    # In a circle nothing comes first: the activity then leads to the one that the map names first.
    roots, reached = [], set[str]()
    for name in sorted(before, key=lambda name: bool(before[name])):
        if name in reached:
            continue
        roots.append(name)
        waiting = [name]
        while waiting:
            here = waiting.pop()
            if here not in reached:
                reached.add(here)
                waiting += after[here]
    changes = [change for whom in people for change in whom.changes]
    place = {name: number for number, change in enumerate(changes) for name in change.outcomes}
    sums: dict[tuple[int | None, int], tuple[float, float]] = {}
    for name, sources in before.items():
        into: list[int | None] = [place[source] for source in sources]
        into += [None] if name in roots else []
        for source in into:
            gain, loss = sums.get((source, place[name]), (0.0, 0.0))
            share = alone[name].gain / len(into), alone[name].loss / len(into)
            sums[source, place[name]] = gain + share[0], loss + share[1]
    return [Lead(source, target, *sums[source, target]) for source, target in sums if source != target]


def few_crossings(people: Sequence[Whom], leads: Sequence[Lead]) -> list[Whom]:
    """Return people and their changes in an order in which few links between changes cross, else as in the map.

    Each moves to the middle of what it is linked to, people as blocks and changes within their block, a few times over
    (the barycentre rule); the best order seen is kept.
    """
    names = [change.outcomes for whom in people for change in whom.changes]
    links = [(names[lead.source], names[lead.target]) for lead in leads if lead.source is not None]
    best, order = list(people), list(people)
    for _ in range(8):
        order = _by_barycentre(order, links)
        if _cost(order, links) < _cost(best, links):
            best = order
    return best


_Links = Sequence[tuple[tuple[str, ...], tuple[str, ...]]]


def _places(people: Iterable[Whom]) -> dict[tuple[str, ...], int]:
    changes = [change.outcomes for whom in people for change in whom.changes]
    return {name: place for place, name in enumerate(changes)}


def _cost(people: Iterable[Whom], links: _Links) -> tuple[int, int, int]:
    """Return how many pairs of links cross, how long the links are together [places], and how many lead upwards."""
    place = _places(people)
    spans = [tuple(sorted((place[one], place[other]))) for one, other in links]
    crossed = sum(a < c < b < d or c < a < d < b for (a, b), (c, d) in combinations(spans, 2))
    return crossed, sum(b - a for a, b in spans), sum(place[one] > place[other] for one, other in links)


def _by_barycentre(people: Sequence[Whom], links: _Links) -> list[Whom]:
    place = _places(people)
    near: dict[tuple[str, ...], list[int]] = {name: [] for name in place}
    for one, other in links:
        near[one].append(place[other])
        near[other].append(place[one])

    def middle(change: Change) -> float:
        # Its own place among them, or two that are linked would swap for ever.
        there = [place[change.outcomes], *near[change.outcomes]]
        return sum(there) / len(there)

    within = [Whom(whom.label, tuple(sorted(whom.changes, key=middle))) for whom in people]
    return sorted(within, key=lambda whom: sum(map(middle, whom.changes)) / len(whom.changes))


def lanes(spans: Sequence[tuple[float, float]]) -> list[int]:
    """Return a lane (0, 1, ..) for each span from one place to another, so that no two in a lane overlap.

    >>> lanes([(0, 3), (1, 2), (4, 5)])
    [1, 0, 0]
    """
    found = [0] * len(spans)
    taken: list[list[tuple[float, float]]] = []
    for which in sorted(range(len(spans)), key=lambda which: (abs(spans[which][1] - spans[which][0]), which)):
        low, high = sorted(spans[which])
        free = [all(high <= a or b <= low for a, b in lane) for lane in taken]
        found[which] = free.index(True) if True in free else len(taken)
        if found[which] == len(taken):
            taken.append([])
        taken[found[which]].append((low, high))
    return found
