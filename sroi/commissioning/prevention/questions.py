"""Seven questions to any case for prevention, answered from the fields of the case and its map, or said to be open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sroi import wording
from sroi.appraisal.pockets import NOT_STATED
from sroi.commissioning.prevention.form import FORM
from sroi.commissioning.prevention.mapping import plain
from sroi.commissioning.prevention.study import PreventionStudy
from sroi.commissioning.prevention.warning import UNREAD
from sroi.impact_map import ImpactMap
from sroi.nouns import Outcome


@dataclass(frozen=True)
class Answer:
    """One question: what the fields say to it, and which fields that are empty would say the rest."""

    question: str
    said: tuple[str, ...]
    open: tuple[str, ...]

    @property
    def state(self) -> str:
        """Whether it is answered: answered, in part, or open."""
        if not self.said:
            return "open"
        return "in part" if self.open else "answered"


def answers(study: PreventionStudy) -> tuple[Answer, ...]:
    """Return the seven questions with what the model says to each, in their order."""
    asked = (
        ("Are the right people together?", _together),
        ("What will be different in how things work?", _system),
        ("Where is the point at which a little effort moves much?", _leverage),
        ("How does trouble show before it happens?", _early),
        ("How will it be known that it works?", _known),
        ("How is harm kept away?", _harm),
        ("Who pays for what does not happen?", _pays),
    )
    found = []
    for question, ask in asked:
        lines = list(ask(study))
        said = tuple(text for is_said, text in lines if is_said)
        found.append(Answer(question, said, tuple(text for is_said, text in lines if not is_said)))
    return tuple(found)


# Each line is something said (True), or the field that would say it (False).
_Lines = Iterator[tuple[bool, str]]


def _listed(names: list[str]) -> str:
    return ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")


def _together(study: PreventionStudy) -> _Lines:
    case = study.case
    joined = [each.name for each in case.partners if each.joined]
    if joined:
        yield True, f"Have joined: {_listed(joined)}."
    waiting = [f"{each.name} ({each.brings})" if each.brings else each.name for each in case.partners if not each.joined]  # fmt: skip  # noqa: E501
    if waiting:
        yield True, f"Wanted, and not there yet: {_listed(waiting)}."
    if not case.partners:
        yield False, "Who has to be there, and who has joined: sheet Partners."
    there = {plain(name) for name in (*joined, *(each.payer for each in case.funding))}
    there |= {plain(each.name) for each in study.pockets.payers}
    saving = [each.name for each in study.purses if each.cash_present + each.capacity_present > 0]
    absent = [name for name in saving if plain(name) not in there and name != NOT_STATED]
    if absent:
        yield True, f"Would save, and neither pay nor have joined: {_listed(absent)}."
    people = list(dict.fromkeys(each.people for each in case.events))
    asked = {plain(who.label) for who in study.impact_map.stakeholders if who.involved}
    named = {plain(name) for name in joined} | asked
    silent = [name for name in people if plain(name) not in named]
    if silent:
        where = "sheet Partners, or `involved` of the stakeholder in the value map"
        yield False, f"How those whom it concerns take part ({_listed(silent)}): {where}."
    else:
        yield True, f"Those whom it concerns take part: {_listed(people)}."


def _system(study: PreventionStudy) -> _Lines:
    setting = study.case.setting
    if setting.system_change:
        yield True, setting.system_change
    else:
        yield False, f"What will work differently, and for whom: {_field('settings', 'system_change')}."
    if setting.after:
        yield True, f"What stays when the money ends: {setting.after}"
    else:
        yield False, f"What stays when the money ends: {_field('settings', 'after')}."
    chains = [each for each in study.impact_map.outcomes if each.leads_to]
    if chains:
        several = "outcomes that lead" if len(chains) > 1 else "outcome that leads"
        yield True, f"The value map shows {len(chains)} {several} to others."


def _leverage(study: PreventionStudy) -> _Lines:
    if study.case.setting.leverage:
        yield True, study.case.setting.leverage
    else:
        yield False, f"Where a little effort moves much, and why there: {_field('settings', 'leverage')}."
    worth = _worth_by_event(study)
    total = sum(value for value in worth.values() if value > 0)
    if total > 0 and len(worth) > 1:
        name, value = max(worth.items(), key=lambda each: each[1])
        yield True, f"By value, most hangs on: {name} ({wording.per_cent(value / total, 0)} of what is saved)."
    outcomes = study.impact_map.outcomes
    led_to = {each.id: len(each.leads_to) for each in outcomes}
    first = max(led_to, key=lambda name: led_to[name], default="")
    if first and led_to[first] > 1:
        label = next(each.label for each in outcomes if each.id == first)
        yield True, f"In the value map, most follows from: {label} ({led_to[first]} further outcomes)."


def _worth_by_event(study: PreventionStudy) -> dict[str, float]:
    """Return the present value of each event's outcomes, by the event's name."""
    base = {each.id for each in study.base.outcomes} if study.base is not None else set()
    worth: dict[str, float] = {}
    tags = {each.id: each.tags for each in study.impact_map.outcomes}
    events = {each.id: each.event for each in study.case.events}
    for outcome, value in zip(study.result.priced, study.result.present_value, strict=True):
        if outcome not in base:
            name = events[tags[outcome][0]]
            worth[name] = worth.get(name, 0.0) + float(value)
    return worth


def _early(study: PreventionStudy) -> _Lines:
    if not study.warned:
        yield False, "Signs that come before the events, with their thresholds: sheet Indicators."
        return
    for each in study.warned:
        ahead = f", {each.indicator.ahead} ahead" if each.indicator.ahead else ""
        acts = f"; {each.indicator.who_acts} acts" if each.indicator.who_acts else ""
        if each.state == UNREAD:
            yield False, f"Readings of “{each.indicator.indicator}”: sheet Readings."
        yield True, f"{each.indicator.indicator}{ahead}: {each.state}, {each.trend}{acts}."
    unowned = [each.indicator.indicator for each in study.warned if not each.indicator.who_acts]
    if unowned:
        yield False, f"Who acts when the threshold is reached ({_listed(unowned)}): {_field('indicators', 'who_acts')}."


def _known(study: PreventionStudy) -> _Lines:
    for found in study.averted:
        event = found.event
        kind = "counted" if all(each.counted for each in found.years) else "expected, not yet counted in every year"
        rate = f"{wording.plain(event.baseline.value)} a year for each {wording.plain(event.per)}"
        yield True, f"{event.event}: baseline {rate} ({event.baseline_from}); {kind}."
        if event.trend is None:
            where = _field("events", "trend")
            yield False, f"Whether the baseline of “{event.event}” would have moved by itself: {where}; 0 % if not."
    hollow = study.case.setting.hollow_success
    if hollow:
        yield True, f"What would look like success and be none: {hollow}"
    else:
        where = _field("settings", "hollow_success")
        yield False, f"What would look like success and be none, and what would give it away: {where}."


def _harm(study: PreventionStudy) -> _Lines:
    harms = study.case.harms
    worse = [each.event.event for each in study.averted if each.is_harm]
    if worse:
        yield True, f"More events than the baseline gives: {_listed(worse)}."
    if not harms:
        yield False, "Which harms were looked for, of whom it was asked: sheet Harms."
    for each in harms:
        if each.found is None:
            yield False, f"Whether “{each.harm}” was found: {_field('harms', 'found')}."
        elif each.found:
            done = f" Done about it: {each.answer}" if each.answer else ""
            yield True, f"Found: {each.harm}. {each.what}{done}".rstrip()
            if not each.answer:
                yield False, f"What is done about “{each.harm}”: {_field('harms', 'answer')}."
        else:
            yield True, f"Looked for and not found: {each.harm} (asked: {each.asked})."
    losses = [each.label for each in study.impact_map.outcomes if _is_loss(each)]
    if losses:
        yield True, f"Losses in the value map: {_listed(losses)}."
    sought = _sought(study.impact_map)
    if sought:
        yield True, f"Negative outcomes sought: {sought}"


def _is_loss(outcome: Outcome) -> bool:
    proxy = outcome.proxy
    return outcome.valued and proxy is not None and proxy.value is not None and proxy.value.base < 0


def _sought(impact_map: ImpactMap) -> str:
    return impact_map.negative_outcomes_sought or ""


def _pays(study: PreventionStudy) -> _Lines:
    if not study.pockets.payers:
        yield False, "Who pays money or goods, and when: sheet Funding (time alone is put in)."
    currency = study.impact_map.currency
    for each in study.purses:
        paid, saved = each.paid_present, each.cash_present + each.capacity_present
        yield (
            True,
            (
                f"{each.name} pays {wording.money(paid, currency)} and saves {wording.money(saved, currency)}, "
                f"{wording.money(each.cash_present, currency)} of it in cash, at present value."
            ),
        )
    unsaid = [f"{each.event} / {each.agency}" for each in study.case.costs if each.value_type == "fiscal" and each.cashable is None]  # fmt: skip  # noqa: E501
    if unsaid:
        yield False, f"How much of a saving is cash ({_listed(unsaid)}): {_field('costs', 'cashable')}."
    priced = {each.event for each in study.case.costs}
    bare = [each.event for each in study.case.events if each.id not in priced]
    if bare:
        yield False, f"What an event costs, and whom ({_listed(bare)}): sheet Costs."


def _field(part: str, column: str) -> str:
    """Return where an answer would stand: what people read above the cell, and the names by which YAML has it."""
    asked = FORM.part(part)
    return f"“{asked.by_name[column].heading}” ({asked.heading}, {column})"
