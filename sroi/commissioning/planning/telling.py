"""The social value statement as blocks that every format renders."""

from __future__ import annotations

from datetime import date

from sroi import wording
from sroi.commissioning.place.gazetteer import credits_of_places
from sroi.commissioning.planning.form import CONSTRUCTION, OPERATION
from sroi.commissioning.planning.goals import goals
from sroi.commissioning.planning.statement import ANSWERED, PHASES, Commitment, Statement
from sroi.reports.blocks import Block, Bullets, Paragraph, Section, Story, Table

_SECURED = {
    "condition": "a planning condition", "planning_obligation": "a planning obligation",
    "promise": "the applicant's word", "not_settled": "not settled", "": "not stated",
}  # fmt: skip
_PROMISED = {CONSTRUCTION: "What is promised while it is built", OPERATION: "What is promised once it is in use"}
_REPORTED = {"month": "every month", "quarter": "every quarter", "half_year": "every half year", "year": "every year",
             "once": "once", "": "not stated"}  # fmt: skip


def tell_planning(statement: Statement) -> Story:
    """Return the statement's story."""
    scheme = statement.scheme
    applied = f"Social value statement. Applicant: {scheme.applicant}. To: {scheme.authority}"
    subtitle = f"{applied}. Application {scheme.reference}" if scheme.reference else applied
    phases = (_phase(statement, phase) for phase in PHASES)
    sections = (_scheme(statement), _needs(statement), *phases, _watching(statement), _involved(statement),
                _checklist(statement), _open(statement), _sources(statement))  # fmt: skip
    return Story(scheme.title, subtitle, sections)


def day_words(day: date) -> str:
    """Return a day as people write it, without a place to break: 31 August 2027."""
    return f"{day.day} {day:%B %Y}".replace(" ", wording.NO_BREAK)


def policy_words(statement: Statement) -> str:
    """Return the policy's name."""
    return statement.scheme.policy if statement.shipped is None else statement.shipped.policy


def _scheme(statement: Statement) -> Section:
    scheme = statement.scheme
    rows = [
        ("Site", scheme.site or "not stated"),
        ("Homes", "not stated" if scheme.homes is None else wording.plain(scheme.homes)),
        (
            "Non-residential floorspace",
            "not stated" if scheme.square_metres is None else f"{wording.plain(scheme.square_metres)} m²",
        ),
        ("Construction", f"{day_words(scheme.construction_start)} to {day_words(scheme.construction_end)}"),
        ("Operation", f"from {day_words(scheme.operation_start)}"),
        ("Policy", policy_words(statement)),
    ]
    blocks: list[Block] = [Paragraph(scheme.description)] if scheme.description else []
    blocks.append(Table("scheme", "In short", ("About", "As applied for"), tuple(rows), (False, False)))
    if scheme.note:
        blocks.append(Paragraph(scheme.note, "note"))
    return Section("scheme", "The scheme", tuple(blocks))


def _needs(statement: Statement) -> Section:
    met = {each.id: [c.commitment for c in statement.commitments if each.id in c.needs] for each in statement.needs}
    rows = tuple(
        (each.need, "–" if each.figure is None else f"{wording.plain(each.figure)} {each.unit}".strip(), each.of or "–",
         each.source, "; ".join(met[each.id]) or "nothing")
        for each in statement.needs
    )  # fmt: skip
    blocks: list[Block] = []
    place = statement.place
    if place is not None and place.deprivation is not None:
        blocks.append(Paragraph(f"{place.name}: {place.deprivation.words}."))
        if place.deprivation_2019 is not None:
            blocks.append(Paragraph(f"Before: {place.deprivation_2019.words}.", "note"))
    elif place is not None:
        text = f"The English indices of deprivation do not cover {place.name} ({place.nation}); none is given here."
        blocks.append(Paragraph(text, "note"))
    else:
        text = f"“{statement.scheme.authority}” is no authority of the table, so no figures of deprivation are added."
        blocks.append(Paragraph(text, "note"))
    headings = ("Need", "Figure", "As of", "Source", "Met by")
    blocks.append(Table("needs", "Needs, and what meets them", headings, rows, (False,) * 5, wide=True))
    return Section("needs", "What the area needs", (*blocks, *_goals(statement)))


def _goals(statement: Statement) -> list[Block]:
    """Return which goals the commitments are said to serve; nothing where none is tagged."""
    served: dict[str, list[str]] = {}
    for each in statement.commitments:
        for goal in each.goals:
            served.setdefault(goal, []).append(each.commitment)
    if not served:
        return []
    rows = tuple((goals()[goal], "; ".join(served[goal])) for goal in goals() if goal in served)
    text = "A tag says what a commitment is said to contribute to, and no more."
    table = Table("goals", "Goals that are said to be served", ("Goal", "By"), rows, (False, False))
    return [table, Paragraph(text, "note")]


def _phase(statement: Statement, phase: str) -> Section:
    own = statement.of_phase(phase)
    heading = f"Commitments in {phase}"
    if not own:
        return Section(phase, heading, (Paragraph(f"Nothing is promised for {phase}."),))
    needs = {each.id: each.need for each in statement.needs}
    rows = tuple(
        (each.commitment, _amount(each), "no day set" if each.due is None else day_words(each.due),
         "; ".join(needs[need] for need in each.needs) or "–", _SECURED[each.secured_by])
        for each in own
    )  # fmt: skip
    headings = ("Commitment", "How much", "By", "Need that it meets", "Bound by")
    return Section(phase, heading, (Table(phase, _PROMISED[phase], headings, rows, (False, True, False, False, False), wide=True),))  # fmt: skip  # noqa: E501


def _amount(each: Commitment) -> str:
    return "–" if each.quantity is None else f"{wording.plain(each.quantity)} {each.unit}".strip()


def _watching(statement: Statement) -> Section:
    rows = []
    for each in statement.watches:
        own = each.commitment
        when = _REPORTED[own.reported]
        if each.reports:
            when = f"{when}: {day_words(each.reports[0])}" + (
                f" to {day_words(each.reports[-1])} ({len(each.reports)} reports)" if len(each.reports) > 1 else ""
            )
        rows.append((own.commitment, own.phase, own.responsible or "nobody named", own.evidence or "not stated", when,
                     own.reported_to or "not stated"))  # fmt: skip
    headings = ("Commitment", "Phase", "Who sees to it", "Evidence", "Reported", "To")
    table = Table("monitoring", "How it will be known", headings, tuple(rows), (False,) * 6, wide=True)
    text = (
        "Reports begin one interval after the phase does and end on the day when the commitment is due; where no day "
        "is set for operation, the first four are listed."
    )
    return Section("monitoring", "How it will be known that it was done", (table, Paragraph(text, "note")))


def _involved(statement: Statement) -> Section:
    heading = "Who was asked"
    if not statement.involved:
        return Section("involved", heading, (Paragraph("Nobody is said to have been asked."),))
    rows = tuple(
        (each.who, each.how, "–" if each.day is None else day_words(each.day), each.said or "–", each.changed or "–")
        for each in statement.involved
    )
    headings = ("Who", "How", "When", "What they said", "What it changed")
    return Section(
        "involved", heading, (Table("involved", "Asked, and what came of it", headings, rows, (False,) * 5, wide=True),)
    )


def _checklist(statement: Statement) -> Section:
    answered = sum(each.state == ANSWERED for each in statement.checklist)
    rows = tuple(
        (f"{each.ask.ask}{f' ({each.ask.paragraph})' if each.ask.paragraph else ''}", each.state.upper(),
         "; ".join(each.where) or "–", each.missing or "–")
        for each in statement.checklist
    )  # fmt: skip
    headings = ("What the policy asks", "State", "Where it is answered", "What is missing")
    blocks: list[Block] = [
        Paragraph(f"{answered} of {len(statement.checklist)} asks of {policy_words(statement)} are answered.", "lead"),
        Table("checklist", "The policy's asks", headings, rows, (False,) * 4, wide=True),
        Paragraph(
            "The checklist says whether something stands there, not whether it is enough: that is for the planning "
            "authority to say. This is no legal advice.",
            "note",
        ),
    ]
    return Section("checklist", "What the policy asks, and where it is answered", tuple(blocks))


def _open(statement: Statement) -> Section:
    heading = "What is still open"
    if not statement.gaps:
        return Section("open", heading, (Paragraph("Nothing that the program looks for is missing."),))
    return Section("open", heading, (Bullets(statement.gaps),))


def _sources(statement: Statement) -> Section:
    policy, said = statement.shipped, []
    if policy is not None:
        adopted = f", adopted {policy.adopted}" if policy.adopted else ""
        sure = {"A": "seen on the council's own pages", "B": "seen at second hand"}[policy.sureness]
        said.append(f"{policy.policy}{adopted}; {sure}, {policy.seen}: {' '.join(policy.addresses)}. {policy.note}")
    elif statement.scheme.policy_source:
        said.append(f"{policy_words(statement)}: {statement.scheme.policy_source}")
    if statement.place is not None:
        said += credits_of_places()
    said += statement.notes
    return Section("sources", "Sources", (Bullets(tuple(said)) if said else Paragraph("None is stated."),))
