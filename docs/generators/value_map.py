"""The value map reference: every field of every part of a map, from the nouns themselves."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from pydantic.fields import FieldInfo

from generators.writing import escaped, term
from sroi import estimate, framing, impact_map, nouns, reading
from sroi.estimate import Noun
from sroi.explorer.fields import facts, field_words
from sroi.reading import Kind

_NOUNS: dict[str, type[Noun]] = {
    noun.__name__: noun
    for room in (estimate, framing, nouns, impact_map)
    for noun in vars(room).values()
    if isinstance(noun, type) and issubclass(noun, Noun)
}
_KINDS: dict[str, Kind] = {
    kind.name.replace(" ", "_"): kind for kind in vars(reading).values() if isinstance(kind, Kind)
}
# What people call each part; the class is its name in Python.
TITLES = {
    "ImpactMap": "The map",
    "Narrative": "Narrative",
    "Activity": "Activity",
    "Conventions": "Conventions",
    "Stakeholder": "Stakeholder",
    "Involvement": "Involvement",
    "Input": "Input",
    "Output": "Output",
    "Outcome": "Outcome",
    "Indicator": "Indicator",
    "PartOfStakeholder": "Quantity as a part of a stakeholder",
    "Proxy": "Financial proxy",
    "Material": "Materiality",
    "Estimate": "A number with what is known of it",
    "Survey": "Survey counts",
    "Expert": "An expert's view",
    "Correlation": "Correlation",
    "Published": "Published figures",
    "PrintedFigure": "A printed figure",
}
_PLAIN = {
    "text": "words",
    "title": "words",
    "yes_no": "yes or no",
    "day": "a day, such as 2024-04-01",
    "price_year": "a year, such as 2024 or 2023/24, or `not stated`",
    "currency": "three letters of ISO 4217, such as GBP",
    "id": "an id: small letters, digits and \\_, beginning with a letter",
    "own_number": "a number, in the unit of what it is the number of",
    "words": "a list of words",
    "own_rate": "a rate a year such as 1.5%, or the name of a [published schedule](../rates.md)",
    "discount_rate": "a [rate](#kinds-of-number), `{by_year: [..]}`, or the name of a "
    "[published schedule](../rates.md)",
    "scenarios": "a group of scenarios by name: `{pessimistic: {gp_visits.quantity: 60}}`",
    "shape": "`pert`, `triangular`, `uniform`, `normal`, `lognormal`, `{beta: [2, 5]}`, "
    "`{discrete: {10: 50%, 20: 50%}}` or `{empirical: [9, 12, 14]}` ([what each means](../uncertainty.md))",
    "quantity": "a [number](#kinds-of-number), or [a part of a stakeholder](#part-partofstakeholder)",
    "printed": "a [printed figure](#part-printedfigure), such as 1.93 or 1.93 : 1",
}


def value_map_page() -> str:
    """Return the reference of the value map as Markdown: the kinds of number, then each part with its fields."""
    forms, words = facts()["nouns"], field_words()
    order = [*TITLES, *(name for name in forms if name not in TITLES)]
    sections = [line for name in order if name in forms for line in _section(name, forms, words[name])]
    return "\n".join([*_kinds(), *sections])


def _kinds() -> Iterator[str]:
    yield "## Kinds of number\n"
    yield "A field that takes a number takes it plain, or with [what is known of it](#part-estimate).\n"
    yield "| kind | lies between | written |"
    yield "|---|---|---|"
    for kind in _KINDS.values():
        yield f"| {kind.name} | {bounds(kind)} | {_example(kind)} |"
    yield ""


def bounds(kind: Kind) -> str:
    """Return between what a number of this kind lies, in words."""
    if kind.low == -math.inf or kind.low == -reading.LARGEST:
        return "any number, a loss below 0"
    low = f"above {_figure(kind, kind.low)}" if kind.above_low else f"{_figure(kind, kind.low)} or more"
    return low if kind.high in (math.inf, reading.LARGEST) else f"{low}, at most {_figure(kind, kind.high)}"


def _figure(kind: Kind, number: float) -> str:
    return f"{number * 100:g} %" if kind.per_cent else f"{number:g}"


def _example(kind: Kind) -> str:
    if kind is reading.RATE:
        return "3.5% or 0.035"
    return "25% or 0.25" if kind.per_cent else "0.6" if kind is reading.RANK else "12 or 12.5"


def place_of(noun: str, key: str = "") -> str:
    """Return where a part of the map, or a field of it, stands on the page."""
    return f"field-{noun}-{key}".replace("_", "-").lower() if key else f"part-{noun}".lower()


def _section(name: str, forms: dict[str, Any], words: dict[str, dict[str, str]]) -> Iterator[str]:
    noun = _NOUNS[name]
    yield f"({place_of(name)})="
    yield f"## {TITLES.get(name, name)}\n"
    yield f"{escaped(noun.__doc__ or '')}\n"
    places = list(_places(name, forms))
    if places:
        yield f"Stands in: {', '.join(places)}.\n"
    fields = {info.alias or key: info for key, info in noun.model_fields.items()}
    for key, form in forms[name].items():
        yield f"{term(f'`{key}`', place_of(name, key))} {escaped(words[key]['title'])}"
        takes = _takes(form)
        yield f": {_meaning(words[key]['description'], takes)}{takes}{_if_left_out(form, fields[key])}"
        yield ""


def _places(name: str, forms: dict[str, Any]) -> Iterator[str]:
    for owner, fields in forms.items():
        for key, form in fields.items():
            takes_part = name == "PartOfStakeholder" and form["form"] == "quantity"
            if form.get("noun") == name or takes_part or (name == "PrintedFigure" and form["form"] == "printed"):
                yield f"[`{key}`](#{place_of(owner, key)}) of {TITLES.get(owner, owner).lower()}"
    if name == "Estimate":
        yield "wherever a number stands"


def _meaning(description: str, takes: str) -> str:
    """Return what a field means, unless that is no more than what it takes."""
    said = description.strip().rstrip(".")
    told = not said or said.lower() in takes.replace("`", "").lower()
    return "" if told else f"{escaped(said[0].upper() + said[1:])}. "


def _takes(form: dict[str, Any]) -> str:
    """Return in words what a field takes: a sentence."""
    said = _taken(form)
    return f"{said[0].upper()}{said[1:]}."


def _taken(form: dict[str, Any]) -> str:
    kind = form["form"]
    if kind in ("group", "groups"):
        what = f"[{TITLES.get(form['noun'], form['noun']).lower()}](#{place_of(form['noun'])})"
        return f"{'a list, each entry with the keys of' if kind == 'groups' else 'the keys of'} {what}"
    if kind == "choice":
        return " or ".join(f"`{word}`" for word in form["choices"])
    if kind == "name":
        return f"the id of one of the {form['of']}"
    if kind == "whole":
        exact = form["low"] == form["high"]
        return f"always {form['low']}" if exact else f"a whole number, {form['low']} to {form['high']:,}"
    if kind in ("estimate", "plain_number"):
        number = _KINDS[form["kind"]]
        plain = " (plain, without a range)" if kind == "plain_number" else ""
        return f"a [{number.name}](#kinds-of-number){plain}: {bounds(number)}"
    return _PLAIN[kind]


def _if_left_out(form: dict[str, Any], info: FieldInfo) -> str:
    if form.get("required"):
        return " **Required.**"
    default = info.default
    if isinstance(default, bool):
        return f" If left out: {'yes' if default else 'no'}."
    if isinstance(default, str | int | float):
        return f" If left out: `{default:g}`." if isinstance(default, float) else f" If left out: `{default}`."
    made = info.default_factory() if info.default_factory is not None else None  # type: ignore[call-arg]
    if isinstance(made, estimate.Estimate):
        share = form["form"] in ("discount_rate", "own_rate")
        return f" If left out: {made.base * 100:g}%." if share else f" If left out: {made.base:g}."
    return ""
