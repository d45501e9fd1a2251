"""What the winning bid promised, out of the delivery register that is kept of the same contract."""

from __future__ import annotations

from pathlib import Path

from sroi.commissioning.delivery.form import FORM
from sroi.errors import FileRefused, Problem, did_you_mean
from sroi.files.form_reader import read_form


def promised_by_measure(register: str | Path, contract_id: str = "") -> dict[str, float]:
    """Return what was first promised over the whole contract, by measure; later changes are not counted.

    `contract_id` names the contract in the register, unless it holds one alone. FileRefused where it is not in it.
    """
    filled = read_form(register, FORM)
    known = [str(each["id"]) for each in filled["contracts"]]
    if contract_id not in known:
        if len(known) > 1 or contract_id:
            found = f"the register has no contract '{contract_id}'" if contract_id else "the contract has no identifier"
            raise FileRefused(Problem(found, did_you_mean(contract_id, known)), filled.file)
        contract_id = known[0]
    promised: dict[str, float] = {}
    for row in filled["commitments"]:
        if str(row["contract"]) == contract_id:
            promised[row["measure"]] = promised.get(row["measure"], 0.0) + row["quantity"]
    return promised
