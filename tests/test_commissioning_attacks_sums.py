"""A second calculation, in plain Python, of what the commissioning room works out; and figures at the ends of theirs."""

from __future__ import annotations

import copy
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from sroi import evaluate, formulas
from sroi.commissioning.bridge.answers import read_answers
from sroi.commissioning.bridge.crossing import Crossing, cross
from sroi.commissioning.bridge.example import EXAMPLE as ANSWERS
from sroi.commissioning.bridge.form import FORM as BRIDGE
from sroi.commissioning.delivery.example import EXAMPLE as REGISTER
from sroi.commissioning.delivery.form import FORM as DELIVERY
from sroi.commissioning.delivery.register import read_register
from sroi.files.form_writer import form_bytes


def crossed(folder: Path, quantity: float, proxy: float) -> Crossing:
    """Return the example's bridge with every quantity delivered, and every value of one, set to these."""
    rows, answers = copy.deepcopy(dict(REGISTER)), copy.deepcopy(dict(ANSWERS))
    rows["deliveries"] = [{**row, "quantity": quantity} for row in rows["deliveries"] if row["quantity"] > 0]
    rows["measures"] = [{**row, "proxy": proxy, "proxy_source": "invented"} for row in rows["measures"]]
    register, answered = folder / "register.yaml", folder / "answers.yaml"
    register.write_bytes(form_bytes(DELIVERY, rows, ".yaml"))
    answered.write_bytes(form_bytes(BRIDGE, answers, ".yaml"))
    kept = read_register(register)
    return cross(kept, read_answers(answered, kept))


def test_a_bridge_adds_up_to_the_penny_at_the_largest_figures_that_a_form_takes(tmp_path: Path) -> None:
    for quantity, proxy in ((4e14, 1e15), (4e14, 0.01), (0.1, 0.07), (1e-9, 1e-9)):
        crossing = crossed(tmp_path, quantity, proxy)
        steps = [Fraction(step.amount) for step in crossing.steps]
        assert Fraction(crossing.register_total) + sum(steps) == Fraction(crossing.map_total)
        assert all((100 * step).denominator == 1 for step in steps)
        own = float(evaluate(crossing.impact_map).total_present_value)
        assert Fraction(crossing.map_total) == Fraction(f"{Decimal(repr(own)):.2f}")


def test_an_immense_value_over_next_to_nothing_warns_of_nothing() -> None:
    assert formulas.sroi_ratio(1e30, 1e-300) == float("inf")
