"""Delivery registers by place: what each supplier delivered, where the register says it was delivered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from sroi.commissioning.delivery.register import Register, read_register
from sroi.commissioning.place.settings import Delivery
from sroi.errors import FileRefused, Problem, SroiError


def read_deliveries(paths: Sequence[str | Path]) -> tuple[Delivery, ...]:
    """Return what several registers say was delivered; FileRefused with the faults of all of them."""
    problems: list[Problem] = []
    found: list[Delivery] = []
    resolved = [str(Path(each).resolve()) for each in paths]
    if len(set(resolved)) < len(resolved):
        problems.append(Problem("a register is named twice", "Name each once."))
    for path in paths:
        try:
            found += deliveries_of(read_register(path))
        except SroiError as error:
            problems += [Problem(f"{Path(path).name}: {str(each).removesuffix('.')}", "") for each in error.problems]
    if problems:
        raise FileRefused(problems)
    return tuple(found)


def deliveries_of(register: Register) -> Iterator[Delivery]:
    """Yield the deliveries of a register, each at its own place, else at its commitment's, else at its contract's."""
    promised: dict[tuple[str, str], set[str]] = {}
    for each in register.commitments:
        promised.setdefault((each.contract, each.measure), set()).add(each.place)
    for row in register.rows:
        contract, measure = register.contracts[row["contract"]], register.measures[row["measure"]]
        places = promised.get((contract.id, measure.id), set())
        # Of several commitments nobody can say which one it fulfils: then the contract's place is all that is known.
        place = row["place"] or (next(iter(places)) if len(places) == 1 else contract.place)
        supplier = register.suppliers.get(contract.supplier, contract.supplier)
        yield Delivery(supplier, contract.id, place, measure.name, measure.unit, row["quantity"], row["state"])
