"""Money counted twice between purses: one saving under two stakeholders, a payment that only moves, an input twice."""

from __future__ import annotations

from collections.abc import Iterator

from sroi import wording
from sroi.findings import Finding
from sroi.impact_map import ImpactMap
from sroi.questions.asking import is_organisation, named, place_of, share_people
from sroi.questions.likeness import Line, Lines, is_general, words_in
from sroi.result import Result

_PURSE = ("fiscal", "economic")
# Payments from the public purse to people; what the one gains the other pays.
_TRANSFERS = (
    "housing benefit", "jobseeker benefit", "jobseeker support", "universal credit",
    "jobseeker's allowance", "jobseekers allowance", "income support",
    "employment and support allowance", "tax credit", "child benefit", "pension credit", "benefit payment",
    "welfare payment", "welfare benefit", "out-of-work benefit", "out of work benefit", "unemployment benefit",
    "social security payment", "carer's allowance", "carers allowance", "disability living allowance",
    "personal independence payment", "attendance allowance", "transfer payment",
)  # fmt: skip


def savings_twice(lines: Lines) -> Iterator[Finding]:
    """Ask about one saving that is counted for a body and again for the people, or for two bodies."""
    groups: dict[object, list[Line]] = {}
    for line in lines.all:
        proxy = line.outcome.proxy
        if proxy is not None and proxy.value_type in _PURSE and line.unit and not is_general(line.unit):
            groups.setdefault((line.unit, line.value > 0), []).append(line)
    for found in groups.values():
        first = next((line for line in found if is_organisation(lines.label(line))), None)
        if first is None:
            continue
        again = [line for line in found if line is not first and _is_one_saving(lines, first, line)]
        if again:
            owners = named(list(dict.fromkeys(lines.label(line) for line in (first, *again))))
            yield lines.finding(
                "saving_twice", "high", [first, *again],
                f"{named([line.outcome.label for line in (first, *again)], 4)}: one saving, counted for {owners}",
                "Count it for the one that saves, and tell it for the others with valued: no.",
            )  # fmt: skip


def _is_one_saving(lines: Lines, one: Line, other: Line) -> bool:
    if share_people(one.people, other.people) or lines.linked(one, other):
        return False  # asked about as the same unit, or as a chain
    own, its = one.outcome.proxy, other.outcome.proxy
    agencies = {(proxy.agency or "").strip().lower() for proxy in (own, its) if proxy is not None} - {""}
    return len(agencies) <= 1 and (one.is_like(other) or abs(one.quantity - other.quantity) <= 1e-9 * abs(one.quantity))


def unmarked_transfers(lines: Lines) -> Iterator[Finding]:
    """Ask about a value that reads like a transfer payment, where the map does not say whether it is one."""
    for line in lines.all:
        proxy = line.outcome.proxy
        if proxy is None or proxy.transfer is not None or proxy.value_type == "social":
            continue
        said = " ".join(f"{line.outcome.description or ''} {proxy.description or ''}".lower().replace("’", "'").split())
        found = next((words for words in _TRANSFERS if words in said), None)
        if found:
            yield lines.finding(
                "transfer_unmarked", "high", [line],
                f"{line.outcome.label}: '{found}' reads like a transfer payment, which moves money and adds no value",
                "Say transfer: yes, which takes it out of the total, or transfer: no if something is gained in all.",
                line.value, "without it",
            )  # fmt: skip


def inputs_twice(impact_map: ImpactMap, result: Result) -> Iterator[Finding]:
    """Ask about an input that stands twice: the same giver, kind, words and sum."""
    first: dict[object, str] = {}
    for place, given in enumerate(impact_map.inputs):
        worth = float(result.inputs[place])
        words = words_in(given.description)
        if not worth or not words:
            continue
        key = (given.stakeholder, given.kind, words, worth)
        if key in first:
            yield Finding(
                "input_twice", "medium", 5, f"{first[key]}, {given.id}",
                f"{given.label}: the same input stands twice ({first[key]}, {given.id}); counted once, the total "
                f"inputs would be {wording.money(worth, impact_map.currency)} less",
                "Take one out, or say in words how they differ.",
                place_of(impact_map, "inputs", place),
            )  # fmt: skip
        first.setdefault(key, given.id)
