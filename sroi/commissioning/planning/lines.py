"""What `sroi commission planning` says on the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from sroi.commissioning.planning.statement import ANSWERED, PHASES, Statement
from sroi.commissioning.planning.telling import policy_words


def planning_lines(statement: Statement) -> Iterator[str]:
    """Yield the lines: the checklist, then what is missing."""
    yield statement.scheme.title
    for phase in PHASES:
        yield f"{phase.capitalize()}: {len(statement.of_phase(phase))} commitments"
    yield ""
    answered = sum(each.state == ANSWERED for each in statement.checklist)
    yield f"{policy_words(statement)}: {answered} of {len(statement.checklist)} asks answered"
    for each in statement.checklist:
        rest = f": {each.missing}" if each.missing else ""
        yield f"  {each.state:<8}  {each.ask.ask}{rest}"
    if statement.gaps:
        yield ""
        yield "A planning officer would ask:"
        yield from (f"  {gap}" for gap in statement.gaps)
    yield from statement.notes
