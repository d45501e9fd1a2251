"""A social value statement for a planning application: needs, commitments, monitoring, and what the policy asks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sroi.commissioning.planning.statement import Statement


def read_statement(planning: str | Path) -> Statement:
    """Return the statement in a filled form; FileRefused with every fault."""
    from sroi.commissioning.planning.form import FORM
    from sroi.commissioning.planning.reading import statement_of
    from sroi.files.form_reader import read_form

    return statement_of(read_form(Path(planning), FORM))
