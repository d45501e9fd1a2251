"""What planning policies ask of a social value statement: as data, with what was not seen left empty."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from sroi.evidence.shipped_tables import shipped_rows

# What may answer an ask: a commitment of either phase, of one, of both; the needs; a paper that is enclosed.
ANSWERED_BY = ("any", "construction", "operation", "both", "needs", "enclosed")


@dataclass(frozen=True)
class Ask:
    """One thing that a policy asks for, and what may answer it (one of ANSWERED_BY)."""

    id: str
    ask: str
    answered_by: str
    paragraph: str = ""


@dataclass(frozen=True)
class Policy:
    """A planning policy: whose, of when, from which size it applies, and what it asks for.

    `contents_seen`: whether what it asks for was seen; if not, `asks` is empty and the user completes it.
    """

    id: str
    authority_code: str
    policy: str
    adopted: str
    from_homes: float | None
    from_square_metres: float | None
    document: str
    contents_seen: bool
    sureness: str
    seen: str
    addresses: tuple[str, ...]
    note: str
    asks: tuple[Ask, ...]

    def applies(self, homes: float | None, square_metres: float | None) -> bool | None:
        """Say whether a scheme of this size is one that the policy speaks of; None where that cannot be told."""
        bounds = ((self.from_homes, homes), (self.from_square_metres, square_metres))
        known = [size >= bound for bound, size in bounds if bound is not None and size is not None]
        if any(known):
            return True
        asked = [bound for bound, _ in bounds if bound is not None]
        return False if asked and len(known) == len(asked) else None


@cache
def policies() -> dict[str, Policy]:
    """Return the policies that travel with the program, by id.

    >>> policies()["salford_f2"].applies(10, None), policies()["salford_f2"].applies(9, 999)
    (True, False)
    """
    asks: dict[str, list[Ask]] = {}
    for row in shipped_rows("commissioning", "planning_asks.csv"):
        asks.setdefault(row["policy"], []).append(Ask(row["id"], row["ask"], row["answered_by"]))
    return {
        row["id"]: Policy(
            row["id"], row["authority_code"], row["policy"], row["adopted"],
            float(row["applies_from_homes"]) if row["applies_from_homes"] else None,
            float(row["applies_from_square_metres"]) if row["applies_from_square_metres"] else None,
            row["document"], row["contents_seen"] == "yes", row["sureness"], row["seen"],
            tuple(each.strip() for each in row["addresses"].split(";") if each.strip()), row["note"],
            tuple(asks.get(row["id"], ())),
        )
        for row in shipped_rows("commissioning", "planning_policies.csv")
    }  # fmt: skip
