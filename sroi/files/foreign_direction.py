"""Which way a stranger's attribution runs: the share owed to others, or the share claimed. Never guessed in silence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sroi.files.foreign_layout import Table
from sroi.files.foreign_ledger import Desk, address, per_cent
from sroi.files.grid import column_letters
from sroi.files.headings import direction_of, plain

_ASK = "Say --attribution owed or --attribution claimed."


@dataclass(frozen=True)
class Factors:
    """What a row's impact is made of, attribution as it stands in the file; `impact` as the file itself has it."""

    quantity: float
    value: float
    deadweight: float
    displacement: float
    attribution: float
    impact: float


def complement(share: float) -> float:
    """Return 1 - share, without the dust of floats: 0.9 gives 0.1."""
    return round(1.0 - share, 12)


def shown_by(rows: list[Factors]) -> str | None:
    """Return the only direction in which the parts of the rows give the file's own impact; None if both or neither."""
    told = [each for each in rows if each.impact and abs(each.attribution - 0.5) > 1e-9 and each.quantity * each.value]
    matches = {"owed": 0, "claimed": 0}
    for each in told:
        before = each.quantity * each.value
        kept = (1 - each.deadweight) * (1 - each.displacement)
        others = 1 - each.deadweight - each.displacement - each.attribution
        for direction, results in (
            ("owed", (before * kept * (1 - each.attribution), before * max(0.0, others))),
            ("claimed", (before * kept * each.attribution,)),
        ):
            if any(abs(result - each.impact) <= max(0.51, 1e-3 * abs(each.impact)) for result in results):
                matches[direction] += 1
    if matches["owed"] and not matches["claimed"]:
        return "owed"
    return "claimed" if matches["claimed"] and not matches["owed"] else None


def attribution_owed(
    desk: Desk,
    table: Table,
    raw: Mapping[int, float],
    stated: str | None,
    evidence: Callable[[], tuple[str | None, str]],
    told: str = "as --attribution says",
) -> tuple[dict[int, float], str | None]:
    """Return each row's share owed to others and the direction in which the column was read.

    `raw` are the shares as they stand; `stated` what the user says; `evidence` gives the only direction that
    reproduces a figure of the file, and the name of that figure; `told` how it was stated. A column that does not say
    its direction is a problem.
    """
    column = table.columns.get("attribution")
    if column is None:
        return {}, None
    heading = table.headings.get(column, "")
    letters, place = column_letters(column), desk.place(table.header[1], column)
    means = direction_of(plain(f"{table.groups.get(column, '')} {heading}")) or direction_of(plain(heading))
    proof, figure = evidence()
    words = {"owed": "the share owed to others", "claimed": "the share claimed"}
    direction = stated or ("owed" if means == "plain" else means)
    if direction is None or (means == "plain" and not stated and proof == "claimed"):
        found = (
            f"'{heading}' in column {letters} does not say whether it is the share owed to others or the share claimed"
        )
        if proof:
            found += f"; only {words[proof]} reproduces {figure}"
        desk.ledger.problem(found, _ASK, place)
        return {}, None
    said = told if stated else f"as its heading '{heading}' says"
    if means == "plain" and not stated:
        agreed = f"; {figure} is reproduced only so" if proof == "owed" else ""
        desk.ledger.repair(
            f"Attribution in column {letters} read as the share owed to others, as SVI has it{agreed}; "
            "if it is the share you claim: --attribution claimed",
            place,
        )
    elif direction == "owed" and stated:
        desk.ledger.repair(f"Attribution in column {letters} read as {words['owed']}, {said}", place)
    if direction == "claimed":
        sample = min((row for row, share in raw.items() if share), default=None)
        example = ""
        if sample is not None:
            owed = per_cent(complement(raw[sample]))
            example = f": {per_cent(raw[sample])} in {address(sample, column)} leaves {owed} to others"
        desk.ledger.repair(f"Attribution in column {letters} read as {words['claimed']}, {said}{example}", place)
    if proof and proof != direction:
        desk.ledger.repair(
            f"Only {words[proof]} in column {letters} would reproduce {figure}: check the attribution", place
        )
    owed_shares = {row: complement(share) if direction == "claimed" else share for row, share in raw.items()}
    return owed_shares, direction
