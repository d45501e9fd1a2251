"""The consideration record as a paper to sign, its questions as lines for a terminal, and all of it as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sroi import wording
from sroi.commissioning.bodies import BODIES
from sroi.commissioning.consider.checks import Point, points_of, urgency_stands
from sroi.commissioning.consider.form import GROUPS, NATURES, PILLARS, PROVISIONS
from sroi.commissioning.consider.record import Record
from sroi.commissioning.consider.scope import SERVES_ALL_THE_SAME, Scope, scope_of
from sroi.commissioning.rules import rule
from sroi.reports.blocks import Block, Bullets, Paragraph, Section, Story, Table
from sroi.terminal.layout import wrapped

NOT_LEGAL_ADVICE = "The law is told in short as it was read, with its source; this is not legal advice."
DECISION_WORDS = {"include": "taken up", "leave_out": "left out", "later": "decided later", "": "not decided"}
_TO_SIGN = "_" * 28
_YES = {True: "yes", False: "no", None: "not said"}


@dataclass(frozen=True)
class Considered:
    """A record, whether the Act applies to it, and the questions to it."""

    record: Record
    scope: Scope
    points: tuple[Point, ...]

    @property
    def stands(self) -> bool:
        """Whether nothing that weighs high is open."""
        return not any(each.severity == "high" for each in self.points)

    def to_dict(self) -> dict[str, Any]:
        """Return all of it as JSON holds it."""
        left = ("places", "notes", "file")
        record = {name: _plain(value) for name, value in vars(self.record).items() if name not in left}
        return {
            "record": record,
            "act": self.scope.to_dict(),
            "stands": self.stands,
            "points": [each.to_dict() for each in self.points],
            "notes": list(self.record.notes),
        }


def _plain(value: Any) -> Any:
    """Return a field of a record as JSON holds it."""
    if isinstance(value, tuple):
        return [{name: _plain(part) for name, part in vars(each).items()} for each in value]
    return value.isoformat() if isinstance(value, date) else value


def consider(record: Record) -> Considered:
    """Return a record with what is to be said of it."""
    scope = scope_of(record)
    return Considered(record, scope, points_of(record, scope))


def summary(considered: Considered) -> str:
    """Return in one sentence how a record stands."""
    high = sum(each.severity == "high" for each in considered.points)
    rest = len(considered.points) - high
    if high:
        said = f"{_count(high, 'question')} that {'weighs' if high == 1 else 'weigh'} high must be answered first"
        others = f", and {_count(rest, 'other')} should be" if rest else ""
        return f"The record is not ready to sign: {said}{others}."
    if rest:
        return f"Nothing that weighs high is open; {_count(rest, 'question')} might still be asked."
    return "Nothing is open that this program can see. It cannot judge whether what is written is true or enough."


def _count(number: int, one: str) -> str:
    return f"{number} {one}{'' if number == 1 else 's'}"


# ---- terminal ----


def lines(considered: Considered) -> list[str]:
    """Return the main lines for a terminal."""
    record = considered.record
    said = [*wrapped(f"{record.title}: {record.organisation}", ""), *wrapped(considered.scope.sentence(), "  ")]
    if considered.scope.applies is not True:
        said += wrapped(SERVES_ALL_THE_SAME, "  ")
        for each in considered.scope.others:
            said += wrapped(f"Other duty: {each.title} ({each.law}).", "  ", "    ")
    said += ["", *wrapped(summary(considered), "")]
    for point in considered.points:
        duty = f" ({point.duty})" if point.duty else ""
        place = f"{point.place}: " if point.place and point.place != record.file else ""
        said += wrapped(f"- {point.severity}: {place}{point.what}{duty}. {point.remedy}", "  ", "    ")
    return [*said, *(line for note in record.notes for line in wrapped(f"{note}.", "  ")), "", NOT_LEGAL_ADVICE]


# ---- the paper ----


def tell_consider(considered: Considered) -> Story:
    """Return the record as a paper to sign, with the open questions at its end."""
    record = considered.record
    sections = (
        _what(considered), _improvements(record), _securing(record), _consultation(record), _objectives(record),
        _decision(record), _open(considered), _law(),
    )  # fmt: skip
    kind = "short record" if record.short else "record"
    return Story(record.title, f"{record.organisation}. Consideration of social value: {kind}", sections)


def _what(considered: Considered) -> Section:
    record = considered.record
    value = "" if record.value_with_vat is None else f"{wording.unit_money(record.value_with_vat, 'GBP')} with VAT"
    rows = (
        ("Organisation", f"{record.organisation} ({BODIES[record.body]})"),
        ("What is needed", record.title),
        ("Reference", record.reference),
        ("How it is provided", PROVISIONS[record.provision]),
        ("What it mainly is", NATURES[record.nature]),
        ("Estimated value", value),
        ("Relevant area", record.area),
        ("Procurement begins", record.procurement_begins.isoformat() if record.procurement_begins else ""),
    )
    table = Table("record", "What this record is about", ("", "As recorded"), tuple(row for row in rows if row[1]), (False, False))  # fmt: skip  # noqa: E501
    blocks: list[Block] = [Paragraph(considered.scope.sentence(), "lead")]
    if considered.scope.applies is not True:
        blocks.append(Paragraph(SERVES_ALL_THE_SAME))
    if considered.scope.others:
        blocks += [Paragraph("Other duties of such a buyer, as far as they were seen:"),
                   Bullets(tuple(f"{each.title}: {each.requirement} ({each.law})" for each in considered.scope.others))]  # fmt: skip  # noqa: E501
    return Section("record", "What is to be provided", (*blocks, table))


def _improvements(record: Record) -> Section:
    heading = "How it might improve the area"
    if not record.matters:
        return Section("improvements", heading, (Paragraph("Nothing is recorded."),))
    if record.short:
        rows = tuple((each.pillar.capitalize(), each.how) for each in record.matters)
        table = Table("improvements", "Well-being of the area", ("Well-being", "How this might improve it"), rows, (False, False))  # fmt: skip  # noqa: E501
        return Section("improvements", heading, (table, *_proportion(record)))
    ordered = [each for pillar in PILLARS for each in record.of(pillar)]
    said = tuple(
        (each.pillar.capitalize(), each.matter, each.how, _YES[each.relevant], _YES[each.proportionate],
         each.secured_by, f"{DECISION_WORDS[each.decision]}{f': {each.reason}' if each.reason else ''}")
        for each in ordered
    )  # fmt: skip
    headings = ("Well-being", "What could be better", "How", "Belongs to it", "In proportion", "Secured by", "Decision")
    table = Table("improvements", "Improvements that were considered", headings, said, (False,) * 7, wide=True)
    return Section("improvements", heading, (table, *_proportion(record)))


def _proportion(record: Record) -> tuple[Paragraph, ...]:
    return (Paragraph(f"Relevance and proportion: {record.proportion}"),) if record.proportion else ()


def _securing(record: Record) -> Section:
    text = record.securing or "Nothing is recorded for the procurement as a whole."
    return Section("securing", "How the procurement would secure it", (Paragraph(text),))


def _consultation(record: Record) -> Section:
    heading = "Who was consulted"
    reason = (
        (
            Paragraph(
                f"Why nobody else was: {record.no_consultation_reason}"
                if record.consultation
                else f"Nobody was: {record.no_consultation_reason}"
            ),
        )
        if record.no_consultation_reason
        else ()
    )
    if not record.consultation:
        return Section("consultation", heading, reason or (Paragraph("Nobody, and no reason is recorded."),))
    if record.short:
        return Section("consultation", heading, (Paragraph(record.consultation[0].who), *reason))
    rows = tuple(
        (each.who, GROUPS[each.group], each.how, each.when.isoformat() if each.when else "",
         f"{each.number:,}" if each.number is not None else "", each.said, each.changed)
        for each in record.consultation
    )  # fmt: skip
    headings = ("Who", "Kind", "How", "When", "People", "What they said", "What it changed")
    table = Table("consultation", "Those who were asked", headings, rows, (False, False, False, False, True, False, False), wide=True)  # fmt: skip  # noqa: E501
    return Section("consultation", heading, (table, *reason))


def _objectives(record: Record) -> Section:
    heading = "Shared local objectives"
    if not record.objectives:
        return Section("objectives", heading, (Paragraph("None is recorded."),))
    said = tuple(
        ". ".join(part for part in (f"{each.objective}{f' ({each.whose})' if each.whose else ''}", each.serves) if part)
        for each in record.objectives
    )
    return Section("objectives", heading, (Bullets(said),))


def _decision(record: Record) -> Section:
    blocks: list[Block] = [Paragraph(record.decision or "No decision is recorded.", "lead")]
    if record.urgent:
        stands = "" if urgency_stands(record) else " What the exception needs is not all recorded."
        blocks.append(Paragraph(f"Urgency is claimed: {record.urgency_reason or 'no reason is recorded'}.{stands}"))
    rows = (
        ("Decided by", record.decided_by, ""),
        ("On", record.decided.isoformat() if record.decided else "", ""),
        ("Signature", "", _TO_SIGN),
        ("Name and post", "", _TO_SIGN),
        ("Date", "", _TO_SIGN),
    )
    blocks.append(Table("signature", "Decision and signature", ("", "As recorded", "To be signed"), rows, (False,) * 3))
    return Section("decision", "Decision", tuple(blocks))


def _open(considered: Considered) -> Section:
    blocks: list[Block] = [Paragraph(summary(considered))]
    if considered.points:
        rows = tuple((each.severity, each.what, each.duty, each.place if each.place != considered.record.file else "", each.remedy) for each in considered.points)  # fmt: skip  # noqa: E501
        headings = ("Weight", "Question", "Section of the Act", "Where", "What to do")
        blocks.append(Table("open", "Open questions", headings, rows, (False,) * 5, wide=True))
    return Section("open", "What a careful reader would ask", tuple(blocks))


def _law() -> Section:
    act = rule("psva_2012")
    first = act.in_force.first
    said = (*act.parts, *(f"Exception: {each.text}" for each in act.exceptions[:1]))
    note = f"{act.law}, in force from {first}. Read at {act.addresses[0]}. {NOT_LEGAL_ADVICE}"
    return Section("law", "What the Act asks", (Bullets(said), Paragraph(note, "note")))
