"""A second calculation, in plain Python, of what the commissioning room works out; and figures at the ends of theirs."""

from __future__ import annotations

import copy
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from sroi import evaluate, formulas
from sroi.commissioning.bids.papers import read_profile
from sroi.commissioning.bids.profile import told_apart
from sroi.commissioning.bids.profile_form import FORM as PROFILE
from sroi.commissioning.bridge.answers import read_answers
from sroi.commissioning.bridge.crossing import Crossing, cross
from sroi.commissioning.bridge.example import EXAMPLE as ANSWERS
from sroi.commissioning.bridge.form import FORM as BRIDGE
from sroi.commissioning.delivery.example import EXAMPLE as REGISTER
from sroi.commissioning.delivery.form import FORM as DELIVERY
from sroi.commissioning.delivery.register import read_register
from sroi.errors import FileRefused
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


@pytest.mark.parametrize(
    ("weights", "total", "mend"),
    [
        (["33.333%", "33.333%", "33.333%"], "99.999 %", "Take 0.001 % more into them"),
        (["50%", "25%", "25.0000001%"], "100.0000001 %", "Take 0.0000001 % off them"),
        (["50%", "25%", "24.999999999%"], "99.999999999 %", "Take 0.000000001 % more into them"),
    ],
)
def test_weights_that_miss_100_by_a_hair_are_told_as_what_they_are(
    tmp_path: Path, weights: list[str], total: str, mend: str
) -> None:
    path = tmp_path / "profile.yaml"
    criteria = [
        {"id": f"c{at}", "title": f"C{at}", "kind": "qualitative", "method": "pass_fail", "weight": weight}
        for at, weight in enumerate(weights)
    ]
    tender = {"reference": "R", "title": "T", "buyer": "B", "bids_open": date(2025, 4, 28)}
    path.write_bytes(form_bytes(PROFILE, {"tender": tender, "criteria": criteria}, ".yaml"))
    with pytest.raises(FileRefused) as caught:
        read_profile(path)
    told = str(caught.value).replace("\u00a0", " ")
    assert f"the weights add up to {total}, and not to 100 %. {mend}: nothing is scaled for you." in told


def test_thirds_that_make_100_exactly_are_weights() -> None:
    assert told_apart(Fraction("0.33333") + Fraction("0.33333") + Fraction("0.33334"), 0) == "100\u00a0%"
