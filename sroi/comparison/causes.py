"""Why a ratio changed: each cause in words, as it was and as it is, and what it adds to the change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sroi import wording
from sroi.comparison.aspects import RULES, Key, Pair, deductions, lasting, put_in, rule
from sroi.comparison.differences import number_words, proxy_words, quantity_words
from sroi.comparison.groups import Groups
from sroi.estimate import Estimate
from sroi.evidence.schedules import rate_words
from sroi.framing import Conventions
from sroi.names import DEDUCTIONS
from sroi.nouns import Input, Outcome, PartOfStakeholder


@dataclass(frozen=True)
class Cause:
    """One cause of a ratio's change.

    `name` is the name of the number (`gp_visits.proxy`) or of what changed together, `label` says it so that it reads
    well after "the": "lower proxy of GP visits". `contribution` is what it adds to the ratio, `was` and `now` how it
    was and is, in words (empty where something was not there, or is not).
    """

    name: str
    label: str
    contribution: float
    was: str
    now: str

    @property
    def heading(self) -> str:
        """The label as a heading: "Lower proxy of GP visits"."""
        return self.label[:1].upper() + self.label[1:]

    def to_dict(self) -> dict[str, Any]:
        """Return it in plain Python."""
        return {
            "name": self.name,
            "label": self.label,
            "contribution": self.contribution,
            "was": self.was,
            "now": self.now,
        }


def causes_of(pair: Pair, groups: Groups, contributions: dict[Key, float]) -> tuple[Cause, ...]:
    """Return the causes of a ratio's change in words, those that change it most first."""
    say = _Saying(pair)
    found = [say.cause(groups.members(group), share) for group, share in contributions.items()]
    # Rounded: what does the same stands in order of name, not of the last bit.
    return tuple(sorted(found, key=lambda cause: (-round(abs(cause.contribution), 12), cause.name)))


class _Saying:
    def __init__(self, pair: Pair) -> None:
        self.pair = pair
        self._by_aspect: dict[str, Callable[[str], tuple[str, str, str]]] = {
            "quantity": self._quantity, "proxy": self._proxy, "deductions": self._deductions, "lasting": self._lasting,
        }  # fmt: skip

    def cause(self, keys: list[Key], contribution: float) -> Cause:
        """Return the cause that some aspects are together."""
        said = [self._said(key) for key in keys]
        name = " + ".join(key.name for key in keys)
        if len(said) == 1:
            return Cause(name, said[0][0], contribution, said[0][1], said[0][2])
        inputs = all(key.section == "inputs" for key in keys)
        rules = all(key.section == "conventions" for key in keys)
        listed = "inputs, which take each other's place" if inputs else "conventions" if rules else ""
        listed = listed or " and the ".join(label for label, _, _ in said[:3]) + (" and more" if len(said) > 3 else "")
        was, now = (
            "; ".join(f"{self._short(key)} {words[side] or 'none'}" for key, words in zip(keys, said, strict=True))
            for side in (1, 2)
        )
        return Cause(name, listed, contribution, was, now)

    def _said(self, key: Key) -> tuple[str, str, str]:
        """Return an aspect's label, how it was and how it is."""
        if key.section == "conventions":
            return self._rule(key.owner)
        if key.section == "inputs":
            return self._input(key.owner, key.aspect)
        if key.section == "stakeholders":
            return self._stakeholder(key.owner, key.aspect)
        return self._there(key.owner) if key.aspect == "there" else self._by_aspect[key.aspect](key.owner)

    def _short(self, key: Key) -> str:
        """Return of what an aspect is, where several stand in one list."""
        if key.section == "conventions":
            return _title(key.owner)
        return quoted(self._label(key)) if key.section == "inputs" else key.name

    def _label(self, key: Key) -> str:
        tables: dict[str, tuple[dict[str, Any], ...]] = {
            "outcomes": self.pair.outcomes, "inputs": self.pair.inputs, "stakeholders": self.pair.people,
        }  # fmt: skip
        own = [table[key.owner] for table in tables[key.section] if key.owner in table]
        return str(own[-1].label)

    def _outcomes(self, name: str) -> tuple[str, Outcome, Outcome]:
        was, now = (own[name] for own in self.pair.outcomes)
        return quoted(now.label), was, now

    def _there(self, name: str) -> tuple[str, str, str]:
        label = quoted(self._label(Key("outcomes", name, "")))
        own = [name in table for table in self.pair.outcomes]
        if own == [True, True]:
            counts = [name in counted for counted in self.pair.counted]
            said = "now counted" if counts[1] else "no longer counted"
            words = ["counted" if count else "not counted" for count in counts]
            return f"{said} outcome {label}", words[0], words[1]
        return (f"added outcome {label}", "", "new") if own[1] else (f"removed outcome {label}", "there", "")

    def _quantity(self, name: str) -> tuple[str, str, str]:
        label, was, now = self._outcomes(name)
        said = [quantity_words(each.quantity, chart) for each, chart in zip((was, now), self.pair.maps, strict=True)]
        sums = [_quantity_alone(each) for each in (was, now)]
        word = _more(sums[0], sums[1], "larger", "smaller") if None not in sums else "new"
        return f"{word} quantity of {label}{_answers(was, now)}", said[0], said[1]

    def _proxy(self, name: str) -> tuple[str, str, str]:
        label, was, now = self._outcomes(name)
        said = [proxy_words(each, chart.currency) for each, chart in zip((was, now), self.pair.maps, strict=True)]
        values = [each.proxy.value if each.proxy is not None else None for each in (was, now)]
        known = [sum(value.years) / len(value.years) for value in values if value is not None]
        word = _more(known[0], known[1], "higher", "lower") if len(known) == 2 else "new"
        if len(known) == 2 and known[0] == known[1]:
            weights = [wording.plain(each.weight or 0.0) for each in (was, now)]
            said = [f"{words}, weight {weight}" for words, weight in zip(said, weights, strict=True)]
        return f"{word} proxy of {label}", said[0], said[1]

    def _deductions(self, name: str) -> tuple[str, str, str]:
        label, was, now = self._outcomes(name)
        pairs = zip(DEDUCTIONS, deductions(was), deductions(now), strict=True)
        moved = [(field, old.values, new.values) for field, old, new in pairs if old != new]
        words = {_more(sum(old) / len(old), sum(new) / len(new), "higher", "lower") for _, old, new in moved}
        listed = " and ".join(field for field, _, _ in moved)
        said = self._numbers([field for field, _, _ in moved], was, now)
        return f"{words.pop() if len(words) == 1 else _CHANGED} {listed} of {label}", said[0], said[1]

    def _lasting(self, name: str) -> tuple[str, str, str]:
        label, was, now = self._outcomes(name)
        old, new = lasting(was), lasting(now)
        fields = ("duration", "drop_off", "starts", "discount_rate")
        moved = [field for field, one, other in zip(fields, old, new, strict=True) if one != other]
        word = _CHANGED
        if moved == ["duration"]:
            word = _more(old[0], new[0], "longer", "shorter")
        elif moved == ["drop_off"]:
            word = _more(old[1], new[1], "higher", "lower")
        titles = {
            "duration": "duration", "drop_off": "drop-off", "starts": "start", "discount_rate": "own discount rate",
        }  # fmt: skip
        said = self._numbers(moved, was, now)
        return f"{word} {' and '.join(titles[field] for field in moved)} of {label}", said[0], said[1]

    def _numbers(self, fields: list[str], was: Outcome, now: Outcome) -> list[str]:
        """Return some numbers of an outcome as they were and as they are; each named where there are several."""
        said = []
        for each in (was, now):
            words = []
            for field in fields:
                value = getattr(each, field)
                if field == "discount_rate":
                    told = "the map's rate" if value is None else rate_words(value)
                else:
                    told = f"{value} the activity" if field == "starts" else number_words(value, field, "")
                words.append(told if len(fields) == 1 else f"{field.replace('_', '-')} {told}")
            said.append("; ".join(words))
        return said

    def _stakeholder(self, who: str, aspect: str) -> tuple[str, str, str]:
        label = quoted(self._label(Key("stakeholders", who, "")))
        own = [table[who] for table in self.pair.people]
        if aspect == "size":
            sizes = [each.size.base if each.size is not None else 0.0 for each in own]
            said = [wording.plain(size) for size in sizes]
            return f"{_more(sizes[0], sizes[1], 'larger', 'smaller')} number of {label}", said[0], said[1]
        words = ["included" if each.included else "not included" for each in own]
        return f"{'now' if own[1].included else 'no longer'} included stakeholder {label}", words[0], words[1]

    def _input(self, name: str, aspect: str) -> tuple[str, str, str]:
        label = quoted(self._label(Key("inputs", name, "")))
        currencies = [chart.currency for chart in self.pair.maps]
        own = [table.get(name) for table in self.pair.inputs]
        words = [
            "" if given is None else _input_words(given, currency)
            for given, currency in zip(own, currencies, strict=True)
        ]
        if aspect == "there":
            return f"{'added' if own[0] is None else 'removed'} input {label}", words[0], words[1]
        worth = [_face(given) for given in own if given is not None]
        return f"{_more(worth[0], worth[1], 'higher', 'lower')} input {label}", words[0], words[1]

    def _rule(self, field: str) -> tuple[str, str, str]:
        words = [convention_words(chart.conventions, field) for chart in self.pair.maps]
        rates = [rule(chart.conventions, field) for chart in self.pair.maps]
        if field == "discount_rate" and all(isinstance(rate, tuple) and len(rate) == 1 for rate in rates):
            return f"{_more(rates[0][0], rates[1][0], 'higher', 'lower')} discount rate", words[0], words[1]
        return f"new convention on {_title(field)}", words[0], words[1]


# ---- words ----

_CHANGED = "changed"

_RULE_WORDS = {
    ("deductions", "multiply"): "deductions multiplied",
    ("deductions", "add"): "deductions added up",
    ("drop_off_from", "second_year"): "drop-off from the second year",
    ("drop_off_from", "first_year"): "drop-off from the first year",
}


def convention_words(conventions: Conventions, field: str) -> str:
    """Return one convention as people read it, such as "values discounted from the end of each year".

    >>> print(convention_words(Conventions(), "discount_rate"))
    3.5 % a year
    """
    value = getattr(conventions, field)
    if field == "discount_rate":
        rates = value.years if isinstance(value, Estimate) else value
        return rate_words(rates[0] if isinstance(rates, tuple) and len(rates) == 1 else rates)
    if field == "present_at":
        return f"stated in money of year {value:g}" if value else "stated in money of the start"
    if field in ("discount_timing", "input_timing"):
        return f"{'values' if field == 'discount_timing' else 'inputs'} {wording.TIMING_WORDS[value]}"
    return _RULE_WORDS[field, value]


def conventions_words(conventions: Conventions, fields: Sequence[str] = RULES) -> str:
    """Return conventions in words, one after the other, each so that it stands for itself."""
    said = [convention_words(conventions, field) for field in fields]
    named = [
        f"discount rate {words}" if field == "discount_rate" else words
        for field, words in zip(fields, said, strict=True)
    ]
    return ", ".join(named)


def _title(field: str) -> str:
    return (Conventions.model_fields[field].title or field).lower()


def _answers(was: Outcome, now: Outcome) -> str:
    """Return " on fewer survey answers" and the like where both quantities rest on survey counts."""
    parts = [each.quantity for each in (was, now) if isinstance(each.quantity, PartOfStakeholder)]
    if len(parts) < 2:
        return ""
    counts = [part.share.survey for part in parts]
    if counts[0] is None or counts[1] is None:
        return ""
    if counts[0] == counts[1]:
        return ""
    word = "other" if counts[0].asked == counts[1].asked else _more(counts[0].asked, counts[1].asked, "more", "fewer")
    return f" on {word} survey answers"


def _quantity_alone(outcome: Outcome) -> float | None:
    """Return how large a quantity is but for the size of the stakeholder."""
    if isinstance(outcome.quantity, PartOfStakeholder):
        return outcome.quantity.share.base * outcome.quantity.times.base
    return None if outcome.quantity is None else sum(outcome.quantity.years) / len(outcome.quantity.years)


def _input_words(given: Input, currency: str) -> str:
    if given.hours is not None:
        hours = f"{wording.plain(given.hours.base)} hours"
        return (
            f"{hours}, no rate given"
            if given.rate is None
            else f"{hours} at {number_words(given.rate, 'rate', currency)}"
        )
    return "without a value" if given.value is None else number_words(given.value, "value", currency)


def _face(given: Input) -> float:
    reckoned = put_in(given)
    return float(reckoned[0] * reckoned[1]) if given.hours is not None else float(sum(reckoned.values))


def _more(was: Any, now: Any, more: str, less: str) -> str:
    return _CHANGED if was == now else more if now > was else less


def quoted(label: str, most: int = 80) -> str:
    """Return a name that people gave, on one line and in quotation marks, shortened at its end.

    >>> print(quoted("Feel calmer,\\nand sleep"))
    “Feel calmer, and sleep”
    """
    text = " ".join(label.split())
    return f"“{text if len(text) <= most else text[: most - 3].rstrip() + ' ..'}”"
