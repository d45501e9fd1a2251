"""In what two value maps differ: everything added, removed or changed, with how it was and how it is."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sroi import wording
from sroi.estimate import Estimate, Noun
from sroi.evidence.schedules import rate_words
from sroi.impact_map import ImpactMap
from sroi.names import NamedNumber
from sroi.nouns import Outcome, PartOfStakeholder

SECTIONS = ("stakeholders", "inputs", "outputs", "outcomes")
_ONE_OF = {section: section.removesuffix("s") for section in SECTIONS}
NOT_GIVEN = "not given"

# What says how sure a number is, and where it comes from: told apart from the number itself.
_RANGE = ("low", "high")
_BESIDE = ("shape", "survey", "experts", "sample_size", "observed", "confidence", "source", "note")

Kind = Literal["added", "removed", "changed"]


@dataclass(frozen=True)
class Difference:
    """One thing in which two maps differ.

    `name` is that of a number (`gp_visits.proxy`), or made in the same way (`gp_visits.proxy.source`); `section` and
    `id` say whose it is. `was` and `now` are words; `value_was` and `value_now` the numbers behind them, one for each
    year, where it is a number.
    """

    kind: Kind
    section: str
    id: str
    name: str
    label: str
    was: str
    now: str
    value_was: tuple[float, ...] | None = None
    value_now: tuple[float, ...] | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return it in plain Python."""
        values = {"value_was": self.value_was, "value_now": self.value_now}
        return {
            **{key: getattr(self, key) for key in ("kind", "section", "id", "name", "label", "was", "now")},
            **{key: None if value is None else list(value) for key, value in values.items()},
        }


def differences(before: ImpactMap, after: ImpactMap) -> tuple[Difference, ...]:
    """Return everything in which two maps differ, matched by id; the order of entries does not matter.

    First what is said of the map as a whole, then its conventions, stakeholders, inputs, outputs and outcomes.
    """
    look = _Looking(before, after)
    found: list[Difference] = []
    for field, info in ImpactMap.model_fields.items():
        if field in (*SECTIONS, "conventions"):
            continue
        old, new = getattr(before, field), getattr(after, field)
        found += look.field("map", "", field, info.title or field, field, old, new)
    for field, info in type(before.conventions).model_fields.items():
        old, new = getattr(before.conventions, field), getattr(after.conventions, field)
        found += look.field("conventions", "", field, info.title or field, field, old, new)
    for section in SECTIONS:
        found += look.section(section)
    return tuple(found)


class _Looking:
    """Two maps, looked at side by side."""

    def __init__(self, before: ImpactMap, after: ImpactMap) -> None:
        self.maps = (before, after)
        self.numbers: tuple[Mapping[str, NamedNumber], ...] = (before.numbers(), after.numbers())

    def section(self, section: str) -> Iterator[Difference]:
        """Yield what differs in a list of entries."""
        was, now = ({each.id: each for each in getattr(chart, section)} for chart in self.maps)
        for name in dict.fromkeys([*was, *now]):
            old, new = was.get(name), now.get(name)
            if old is None or new is None:
                entry = new if old is None else old
                words = _one_line(getattr(entry, "label", None) or getattr(entry, "description", None) or name)
                label = f"{_ONE_OF[section]} {words}"
                kind: Kind = "added" if old is None else "removed"
                said = ("", words) if old is None else (words, "")
                yield Difference(kind, section, name, name, label, *said)
            elif old != new:
                label = getattr(new, "label", None) or getattr(new, "description", None) or name
                yield from self._fields(section, name, name, _one_line(label), old, new)

    def _fields(self, section: str, owner: str, name: str, label: str, old: Noun, new: Noun) -> Iterator[Difference]:
        for field, info in type(old).model_fields.items():
            if field != "id":
                title = "proxy" if field == "proxy" else (info.title or field).lower()
                yield from self.field(
                    section, owner, f"{name}.{field}", f"{label}: {title}", field,
                    getattr(old, field), getattr(new, field),
                )  # fmt: skip

    def field(
        self, section: str, owner: str, name: str, label: str, field: str, old: Any, new: Any
    ) -> Iterator[Difference]:
        """Yield what differs in one field."""
        if old == new:
            return
        if isinstance(old, Noun) and type(old) is type(new) and not isinstance(old, Estimate):
            if field == "proxy":
                yield from self._proxy(section, owner, name, label, old, new)
            else:
                # A quantity's share goes by the names of the numbers: `less_lonely.share`.
                head = owner if isinstance(old, PartOfStakeholder) else name
                inner = label.removesuffix(": quantity") if isinstance(old, PartOfStakeholder) else label
                yield from self._fields(section, owner, head, inner, old, new)
            return
        if isinstance(old, Estimate | None) and isinstance(new, Estimate | None):
            yield from self._number(section, owner, name, label, field, old, new)
            return
        words = [self._words(value, field, side) for side, value in enumerate((old, new))]
        yield Difference("changed", section, owner, name, label, words[0], words[1])

    def _proxy(self, section: str, owner: str, name: str, label: str, old: Any, new: Any) -> Iterator[Difference]:
        for field, info in type(old).model_fields.items():
            own = name if field == "value" else f"{name}.{field}"
            title = label if field == "value" else f"{label}, {(info.title or field).lower()}"
            title = f"{label} in words" if field == "description" else title
            yield from self.field(
                section, owner, own, title, "proxy_value" if field == "value" else field, getattr(old, field),
                getattr(new, field),
            )  # fmt: skip

    def _number(
        self, section: str, owner: str, name: str, label: str, field: str, old: Estimate | None, new: Estimate | None
    ) -> Iterator[Difference]:
        known = [numbers[name] for numbers in self.numbers if name in numbers]
        label = _one_line(known[-1].label) if known else label
        kind = known[-1].field if known else {"proxy_value": "proxy"}.get(field, field)
        values = [None if each is None else each.years for each in (old, new)]
        if values[0] != values[1]:
            words = [number_words(each, kind, self.maps[side].currency) for side, each in enumerate((old, new))]
            yield Difference("changed", section, owner, name, label, words[0], words[1], values[0], values[1])
        if old is None or new is None:
            return
        if any(getattr(old, end) != getattr(new, end) for end in _RANGE):
            words = [_range_words(each, kind, self.maps[side].currency) for side, each in enumerate((old, new))]
            yield Difference("changed", section, owner, f"{name}.range", f"{label}, range", words[0], words[1])
        for beside in _BESIDE:
            was, now = getattr(old, beside), getattr(new, beside)
            # Counts that gave another number are told with the number.
            if was != now and not (beside == "survey" and was and now and values[0] != values[1]):
                title = (type(old).model_fields[beside].title or beside).lower()
                words = [self._words(value, beside, side) for side, value in enumerate((was, now))]
                yield Difference("changed", section, owner, f"{name}.{beside}", f"{label}, {title}", words[0], words[1])
        if old.by_year != new.by_year and values[0] == values[1]:
            said = f"{label}, what is said of the years"
            words = [self._words(value, "by_year", side) for side, value in enumerate((old.by_year, new.by_year))]
            yield Difference("changed", section, owner, f"{name}.by_year", said, words[0], words[1])

    def _words(self, value: Any, field: str, side: int) -> str:
        """Return a value as people read it."""
        if value is None or value == () or value == {}:
            return NOT_GIVEN
        if isinstance(value, Estimate):
            return number_words(value, field, self.maps[side].currency)
        if isinstance(value, PartOfStakeholder):
            return quantity_words(value, self.maps[side])
        if field == "survey":
            return survey_words(value)
        if field == "present_at":
            return f"year {value:g}" if value else "the start"
        if field == "discount_rate":
            return rate_words(value)
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, int | float):
            return wording.plain(value) if isinstance(value, float) else str(value)
        if isinstance(value, str):
            return _one_line(value).replace("_", " ") if field.endswith(("timing", "_from")) else _one_line(value)
        if isinstance(value, tuple) and all(isinstance(each, str) for each in value):
            return _one_line(", ".join(value))
        plain = _plain(value)
        return _one_line(plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False))


# ---- numbers in words ----


def number_words(number: Estimate | None, field: str, currency: str) -> str:
    """Return a number as people read it, with the counts of the survey that gave it."""
    if number is None:
        return NOT_GIVEN
    if field == "discount_rate":
        return rate_words(number.years[0] if len(number.years) == 1 else number.years)
    said = [
        wording.number_words(part.base, field, currency) + (f" ({survey_words(part.survey)})" if part.survey else "")
        for part in number.parts()
    ]
    if len(said) == 1:
        return said[0]
    return _one_line("; ".join(f"year {year}: {each}" for year, each in enumerate(said, start=1)))


def quantity_words(quantity: Estimate | PartOfStakeholder | None, impact_map: ImpactMap) -> str:
    """Return a quantity as people read it: 90, or 60 % (36 of 60 asked) of Residents x 12."""
    if not isinstance(quantity, PartOfStakeholder):
        return number_words(quantity, "quantity", impact_map.currency)
    who = impact_map.stakeholder_by_id[quantity.of].label
    often = f" × {wording.plain(quantity.times.base)}" if quantity.times.base != 1 else ""
    return _one_line(f"{number_words(quantity.share, 'share', '')} of {who}{often}")


def survey_words(survey: Any) -> str:
    """Return the counts of a survey: 36 of 60 asked."""
    return f"{survey.yes} of {survey.asked} asked"


def proxy_words(outcome: Outcome, currency: str) -> str:
    """Return a proxy as people read it: its value, or what it is anchored to by which weight."""
    if outcome.proxy is None:
        return NOT_GIVEN
    if outcome.proxy.anchored_to is not None:
        return f"anchored to {outcome.proxy.anchored_to}, weight {wording.plain(outcome.weight or 0.0)}"
    return number_words(outcome.proxy.value, "proxy", currency)


def _range_words(number: Estimate, field: str, currency: str) -> str:
    if number.low is None or number.high is None:
        return "none"
    return " to ".join(wording.number_words(end, field, currency) for end in (number.low, number.high))


def _one_line(text: str, most: int = 160) -> str:
    """Return a text on one line, shortened at its end."""
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[: most - 3].rstrip()} .."


def _plain(value: Any) -> Any:
    """Return anything a map holds in plain groups, lists and words, without what was left out."""
    if isinstance(value, Noun):
        return {
            name: _plain(part)
            for name in type(value).model_fields
            if (part := getattr(value, name)) is not None and part != ()
        }
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value if isinstance(value, bool | int | float | str) else str(value)
