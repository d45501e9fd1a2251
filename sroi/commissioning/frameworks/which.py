"""Which social value model a procurement is under: the one that its tender names, and never one chosen by today's date.

Where the tender names none, the models that could apply are told, by the day on which the procurement began and the
kind of body that buys, with their least weight; and the question is asked.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pydantic_core import PydanticCustomError

from sroi import wording
from sroi.commissioning.bodies import BODIES, CENTRAL, body_named
from sroi.commissioning.frameworks.framework import Framework, Period, Use, Weight, day_words
from sroi.commissioning.frameworks.shipped import MODELS, answers_to, framework, named_framework
from sroi.commissioning.rules import rule
from sroi.errors import MethodRefused, Problem
from sroi.reading import MONEY, read_day, read_number

STANDING_WORDS = {
    "required": "required",
    "one_of": "one of these is required, and the tender says which",
    "may_be_adopted": "may be adopted; not required",
    "not_required": "not required",
    "not_in_scope": "not in its scope",
    "depends": "required of central government, its agencies and non-departmental bodies; of others not",
    "other_days": "not for procurements that began on that day",
}
CONTRACTS = ("goods_services", "works")
ASK_NAME = "Which model do the tender documents name? That one holds, whatever the day."


@dataclass(frozen=True)
class Candidate:
    """A model that could apply: how it stands (of STANDING_WORDS), its least weight in per cent, and why."""

    framework: Framework
    standing: str
    percent: float | None
    of: str
    why: tuple[str, ...]

    @property
    def applies(self) -> bool:
        """Whether it is required, alone or with another to choose from."""
        return self.standing in ("required", "one_of")

    def weight_words(self) -> str:
        """Return the least weight in words."""
        own = "" if self.standing in ("required", "one_of", "depends") else " (its own least weight, where it is used)"
        if self.percent is not None:
            return f"at least {wording.plain(self.percent)} % of the {self.of}{own}"
        weights = self.framework.use.weights if self.framework.use else ()
        if not weights or self.standing == "not_in_scope":
            return "none"
        each = " or ".join(f"{wording.plain(weight.percent)} %" for weight in weights)
        return f"at least {each}: the contract's value with VAT decides{own}"

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {
            "model": self.framework.id,
            "title": self.framework.title,
            "standing": self.standing,
            "minimum_percent": self.percent,
            "of": self.of,
            "why": list(self.why),
        }


@dataclass(frozen=True)
class Answer:
    """What can be said: the `model` that the tender names, if it is shipped; else what could apply, and what to ask."""

    named: str
    began: date | None
    body: str
    value_with_vat: float | None
    model: Candidate | None
    candidates: tuple[Candidate, ...]
    questions: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def required(self) -> tuple[Candidate, ...]:
        """The models that the body had to use, or had to choose from, if its tender names none."""
        return tuple(each for each in self.candidates if each.applies)

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {
            "named": self.named or None,
            "began": self.began.isoformat() if self.began else None,
            "body": self.body or None,
            "value_with_vat": self.value_with_vat,
            "model": self.model.to_dict() if self.model else None,
            "candidates": [each.to_dict() for each in self.candidates],
            "questions": list(self.questions),
            "notes": list(self.notes),
        }


def which_model(
    named: str | None = None,
    began: date | None = None,
    body: str = "",
    value_with_vat: float | None = None,
    contract: str = "goods_services",
    own: Framework | None = None,
) -> Answer:
    """Return the model that a procurement is under as far as it can be said, and what has to be asked.

    Parameters: `named`, the model in the tender's own words, if it names one; `began`, the day on which the procurement
    began (for PPN 026: its tender notice was published); `body`, the kind that buys (of BODIES); `value_with_vat`, the
    contract's estimated value in pounds; `contract`, goods_services or works; `own`, a framework that the user loaded,
    which the tender may name.

    >>> answer = which_model(began=date(2027, 3, 1), body="ndpb", value_with_vat=5_000_000)
    >>> [(each.framework.id, each.percent) for each in answer.required]
    [('ppn_026', 20.0)]
    """
    body = body_named(body) if body else ""
    if value_with_vat is not None and not (math.isfinite(value_with_vat) and value_with_vat >= 0):
        raise MethodRefused(Problem(f"{value_with_vat} is no value of a contract", "Give pounds with VAT, 0 or more."))
    if contract not in CONTRACTS:
        raise MethodRefused(Problem(f"'{contract}' is no kind of contract here", f"Give {' or '.join(CONTRACTS)}."))
    given = _Given(began, body, value_with_vat, contract)
    notes = [keeps for each in MODELS if (keeps := _keeps(framework(each), began))]
    if named is not None and named.strip():
        return _by_name(named.strip(), given, notes, own)
    candidates = tuple(each for model in MODELS if (each := given.candidate(framework(model))) is not None)
    questions = [ASK_NAME, *given.questions(candidates)]
    if began is not None and not candidates:
        first = framework(MODELS[0]).valid_from
        notes.append(f"No model that travels with this program holds for procurements begun on {began}: the first is of {first}.")  # fmt: skip  # noqa: E501
    return Answer("", began, body, value_with_vat, None, candidates, tuple(questions), tuple(notes))


def asked_model(
    named: str,
    began: str,
    body: str,
    value_with_vat: str,
    contract: str = "goods_services",
    own: Framework | None = None,
) -> Answer:
    """Return `which_model` of words as people type them: a day, a value such as 5000000; empty: not known."""
    problems = []
    day: date | None = None
    value: float | None = None
    try:
        day = read_day(began) if began.strip() else None
    except PydanticCustomError as error:
        problems.append(_misread("the first day", error))
    try:
        value = read_number(value_with_vat, MONEY) if value_with_vat.strip() else None
    except PydanticCustomError as error:
        problems.append(_misread("the value", error))
    if problems:
        raise MethodRefused(problems)
    return which_model(named, day, body, value, contract, own)


def _misread(what: str, error: PydanticCustomError) -> Problem:
    told = error.context or {}
    return Problem(f"{what}: {told.get('found', error)}", str(told.get("remedy", "")))


def _own_words(named: str, own: Framework, began: date | None) -> str:
    """Return that the tender names the framework of the user's own file, and whether its days fit."""
    said = f"The tender names “{named}”: the framework of {Path(own.file).name}, and that is the model to use."
    early = began is not None and own.valid_from is not None and began < own.valid_from
    late = began is not None and own.valid_to is not None and began > own.valid_to
    if early or late:
        said += f" But its file says {day_words(own.valid_from, own.valid_to)}, and this procurement began on {began}."
    return said


def _by_name(named: str, given: _Given, notes: list[str], own: Framework | None) -> Answer:
    found = named_framework(named)
    asked = (given.began, given.body, given.value)
    if found is None and own is not None and answers_to(own, named):
        return Answer(named, *asked, None, (), (), (_own_words(named, own, given.began), *notes))
    if found is None:
        text = (
            f"The tender names “{named}”, and that is the model to use. It does not travel with this program: load "
            "your own copy, with `sroi commission frameworks FILE` or by a mapping."
        )
        return Answer(named, *asked, None, (), (), (text, *notes))
    if found.use is None:
        text = f"“{named}” names goals that measures can be tagged with, and no model for awarding contracts."
        return Answer(named, *asked, None, (), (ASK_NAME,), (text, *notes))
    candidate = given.candidate(found, whatever_the_day=True)
    assert candidate is not None
    if candidate.standing == "other_days":
        text = (
            f"The tender names {found.short_title}, and so it holds; but that model is for procurements begun "
            f"{_days_words(found.use)}, and this one began on {given.began}. Ask the buyer whether the name is right."
        )
        notes = [text, *notes]
    questions = [each for each in given.questions((candidate,)) if "value" in each]
    return Answer(named, *asked, candidate, (candidate,), tuple(questions), tuple(notes))


@dataclass(frozen=True)
class _Given:
    """What is known of a procurement."""

    began: date | None
    body: str
    value: float | None
    contract: str

    def candidate(self, model: Framework, whatever_the_day: bool = False) -> Candidate | None:
        """Return how a model stands, None if its days are others."""
        use = model.use
        assert use is not None
        period = next((each for each in use.periods if self.began and each.holds_on(self.began)), None)
        if self.began is not None and period is None and not whatever_the_day:
            return None
        standing, why = self._standing(use, period)
        weight = self._weight(use)
        if standing == "not_in_scope":
            return Candidate(model, standing, None, "", tuple(why))
        if weight is not None and weight.note:
            why.append(weight.note)
        return Candidate(model, standing, weight.percent if weight else None, _of(use), tuple(why))

    def _standing(self, use: Use, period: Period | None) -> tuple[str, list[str]]:
        why = [use.regime]
        if period is not None and period.note and self.body not in _strangers(use):
            why.append(period.note)
        if self.body in use.out:
            return "not_in_scope", [f"{_capital(BODIES[self.body])} is outside it."]
        if (outside := self._outside_by_value(use)) is not None:
            return "not_in_scope", [outside]
        if self.began is not None and period is None:
            return "other_days", why
        if not self.body:
            return "depends", [*why, use.others]
        if self.body in use.bodies:
            standing = period.standing if period else "depends"
            return standing, [f"It binds {BODIES[self.body]}.", *why]
        return ("may_be_adopted" if self.body in use.may_adopt else "not_required"), [use.others, *why]

    def _outside_by_value(self, use: Use) -> str | None:
        """Return why the value leaves the contract out, None if it does not or that cannot be said."""
        if self.value is None:
            return None
        said = f"{wording.unit_money(self.value, 'GBP')} with VAT"
        if use.from_value_gbp is not None and self.value < use.from_value_gbp:
            return f"{said} is below {wording.money(use.from_value_gbp, 'GBP')}, from which it holds."
        if use.above_threshold and self.body in CENTRAL and self.began is not None:
            kind = "works" if self.contract == "works" else "central_goods_services"
            amounts = rule("thresholds_2026")
            threshold = amounts.threshold(kind)
            # Only the amounts from 2026 on were seen: of an earlier day nothing is said.
            held = threshold is not None and amounts.in_force.hold_on(self.began)
            if threshold is not None and held and threshold.reached_by(self.value, with_vat=True) is False:
                amount = wording.money(threshold.amount_gbp or 0, "GBP")
                return f"{said} is below the threshold of {amount}, and below it the model does not apply."
        return None

    def _weight(self, use: Use) -> Weight | None:
        for weight in use.weights:
            if not weight.depends_on_value or (self.value is not None and weight.takes_in(self.value)):
                return weight
        return None

    def questions(self, candidates: tuple[Candidate, ...]) -> list[str]:
        """Return what would have to be known to say more."""
        asked = []
        if self.began is None:
            asked.append("On which day did the procurement begin: when was its tender notice published?")
        if not self.body:
            asked.append("What kind of body buys? The models bind central government, its agencies and non-departmental public bodies.")  # fmt: skip  # noqa: E501
        if self.value is None and any(_value_matters(each.framework) for each in candidates):
            asked.append("What is the contract's estimated value with VAT? It decides the least weight.")
        return asked


def _strangers(use: Use) -> set[str]:
    """Return the bodies of which a model says nothing."""
    return set(BODIES) - {*use.bodies, *use.may_adopt}


def _value_matters(model: Framework) -> bool:
    return model.use is not None and any(weight.depends_on_value for weight in model.use.weights)


def _of(use: Use) -> str:
    return use.weights[0].of if use.weights else ""


def _keeps(model: Framework, began: date | None) -> str:
    """Return what is to be known of call-offs after a model's last day."""
    late = began is not None and model.valid_to is not None and began > model.valid_to
    return f"{model.short_title}: {model.use.keeps}" if late and model.use and model.use.keeps else ""


def _days_words(use: Use) -> str:
    first, last = use.periods[0].first, use.periods[-1].last
    return f"from {first} to {last}" if last else f"on or after {first}"


def _capital(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"
