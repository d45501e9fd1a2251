"""What `sroi commission contract` says on a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from sroi.commissioning.contract.dates import IF, Due
from sroi.commissioning.contract.duties import Duty
from sroi.commissioning.contract.facts import NO_BANDS_IN_LAW, NOT_ADVICE
from sroi.commissioning.contract.nouns import Question
from sroi.commissioning.contract.rating import Rated
from sroi.commissioning.contract.saying import counted, day_words, days_words, quantity, target_words
from sroi.commissioning.contract.study import ContractStudy
from sroi.terminal.layout import table_lines, wrapped

_SHOWN_DUE, _SHOWN_QUESTIONS = 3, 8


def contract_lines(study: ContractStudy, today: bool) -> list[str]:
    """Return the main lines: the duties, the ratings, what is due next, what to ask; `today`: no day was asked for."""
    contract = study.register.contract
    named = f"{contract.title}{f' ({contract.contract_id})' if contract.contract_id else ''}"
    as_of = f"As of {day_words(study.on)}{', today; --on DAY for another' if today else ''}."
    lines = [*wrapped(named, ""), f"{contract.supplier} for {contract.buyer}. {as_of}", "", "Indicators asked for"]
    for duty in study.duties:
        lines += wrapped(duty_words(duty), "  ", "    ")
    lines += ["", *_rating_lines(study), "", *_due_lines(study), "", *_question_lines(study.questions)]
    notes = [line for note in study.register.notes for line in wrapped(f"Note: {note}", "", "  ")]
    return [*lines, "", *notes, NOT_ADVICE]


def duty_words(duty: Duty) -> str:
    """Return in a sentence or two whether a duty applies, why, and whether it is met."""
    met = {
        True: f" Met: {duty.asked} are asked for, {duty.there} set.",
        False: f" Not met: {duty.asked} are asked for, {duty.there or 'none'} set.",
        None: "",
    }[duty.met]
    return f"{duty.rule.law}. {duty.why}{met}"


def _rating_lines(study: ContractStudy) -> list[str]:
    if study.period is None:
        return [
            "No period has begun, so nothing is rated.",
            *(f"  {each.name}: {target_words(each)}" for each in study.register.kpis),
        ]
    lines = [f"Ratings {days_words(study.period.begins, study.period.ends)}"]
    rows = [rating_row(each) for each in study.reported]
    lines += table_lines(
        ("indicator", "target", "reached", "proposed", "decided"), rows, [each.kpi.id for each in study.reported]
    )
    for each in study.reported:
        if each.differs:
            why = f"reason: {each.reason}" if each.reason else "no reason is given"
            lines += wrapped(f"{each.kpi.name}: decided otherwise than proposed; {why}", "  ", "    ")
    return (
        lines if study.register.bands else [*lines, *wrapped(f"No bands are stated. {NO_BANDS_IN_LAW}", "  ", "    ")]
    )


def rating_row(rated: Rated) -> tuple[str, str, str, str, str]:
    """Return a rating as a row of words: indicator, target, reached, proposed, decided."""
    unit = rated.kpi.unit
    target, reached = ("–" if each is None else quantity(each, unit) for each in (rated.target, rated.actual))
    return rated.kpi.name, target, reached, rated.proposed or "–", rated.decided or "–"


def _due_lines(study: ContractStudy) -> list[str]:
    lines = []
    if study.overdue:
        lines += ["Overdue", *(line for each in study.overdue for line in due_line(each))]
    ahead = [each for each in study.calendar if each.is_open and each.by >= study.on]
    # One quarter of payments stands for all that follow: they come every three months.
    firsts = [each for each in ahead if each.state != IF][:_SHOWN_DUE] + [each for each in ahead if each.state == IF][
        :1
    ]
    if firsts:
        lines += ["Next", *(line for each in sorted(firsts, key=lambda each: each.by) for line in due_line(each))]
    elif not study.calendar:
        lines += wrapped(f"No dates: the contract was procured under {study.register.contract.law}.", "")
    else:
        lines.append("Nothing is due any more.")
    if study.register.contract.entered is None:
        lines += wrapped(
            "The day on which the contract was entered into is not given, so that its notices have no days.", "  "
        )
    return lines


def due_line(due: Due) -> list[str]:
    """Return what is due by a day, folded."""
    condition = f", {due.state}" if due.state == IF else ""
    note = f" ({due.note.rstrip('.')})" if due.note else ""
    return wrapped(f"{due.by.isoformat()}  {due.what}{condition}. {due.law}{note}", "  ", "              ")


def _question_lines(questions: Sequence[Question]) -> list[str]:
    if not questions:
        return ["Nothing to ask was found."]
    lines = [f"{counted(len(questions), 'question')[:1].upper()}{counted(len(questions), 'question')[1:]}"]
    for each in questions[:_SHOWN_QUESTIONS]:
        lines += wrapped(f"[{each.severity}] {each}", "  ", "    ")
    if len(questions) > _SHOWN_QUESTIONS:
        lines.append(f"  and {len(questions) - _SHOWN_QUESTIONS} more: --json or --out has them all")
    return lines
