"""The standing of a register and the rating of an indicator, worked out a second time in plain fractions."""

from __future__ import annotations

import random
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from sroi.commissioning.contract.nouns import LESS, MORE, Bands, Kpi
from sroi.commissioning.contract.rating import propose
from sroi.commissioning.delivery.form import FORM, STATES
from sroi.commissioning.delivery.register import read_register
from sroi.commissioning.delivery.standing import Rules, standing
from sroi.files.form_writer import form_bytes

BEGIN = date(2025, 1, 1)
Rows = dict[str, list[dict[str, Any]]]


def day(draw: random.Random, most: int = 1200) -> date:
    return BEGIN + timedelta(days=draw.randint(0, most))


def made_up(draw: random.Random) -> Rows:
    """Return the rows of an invented register: one contract, two measures, milestones, changes, corrections."""
    rows: Rows = {"commitments": [], "milestones": [], "changes": [], "deliveries": []}
    for at in range(draw.randint(1, 4)):
        due = day(draw, 900)
        whole = {
            "id": f"K{at}",
            "contract": "C",
            "measure": draw.choice("ab"),
            "place": draw.choice(["North", "South"]),
        }
        rows["commitments"].append({**whole, "quantity": draw.choice([10, 0.1, 33.3, 7]), "due": due})
        reach = Fraction(0)
        for step in range(draw.randint(0, 2)):
            reach += Fraction(draw.choice(["1", "0.05", "3.3"]))
            when = due - timedelta(days=300 - 100 * step)
            rows["milestones"].append({"id": f"M{at}{step}", "commitment": f"K{at}", "quantity": float(reach), "due": when})  # fmt: skip
        if draw.random() < 0.4:
            change = {"id": f"G{at}", "of": f"K{at}", "day": day(draw), "agreed_by": "both", "why": "invented"}
            was, now = rows["commitments"][-1]["quantity"], draw.choice([0, 5, 50.5])
            rows["changes"].append({**change, "what": "quantity", "was": str(was), "now": str(now)})
    for at in range(draw.randint(0, 12)):
        state, when = draw.choice(STATES), day(draw)
        row = {"id": f"D{at}", "contract": "C", "measure": draw.choice("ab"), "day": when, "state": state,
               "quantity": draw.choice([1, 0.1, 0.2, 5, 40]), "place": draw.choice(["North", "South"])}  # fmt: skip
        if state in ("validated", "rejected"):
            row |= {"validated_by": "buyer", "validated_on": when + timedelta(days=draw.randint(0, 200))}
        rows["deliveries"].append(row)
        if draw.random() < 0.2:
            rows["deliveries"].append({**row, "id": f"D{at}c", "quantity": -draw.choice([0.1, 3]), "corrects": row["id"]})  # fmt: skip
    return rows


def exact(number: float) -> Fraction:
    return Fraction(str(number))


def owed(rows: Rows, line: tuple[str, str], on: date) -> list[tuple[date, Fraction]]:
    """Return what falls due in a line, in the order of days, by the terms as they stand on a day."""
    now = {row["of"]: Fraction(row["now"]) for row in rows["changes"] if row["day"] <= on}
    due = []
    for row in rows["commitments"]:
        if (row["measure"], row["place"]) != line:
            continue
        whole, reached = now.get(row["id"], exact(row["quantity"])), Fraction(0)
        own = [each for each in rows["milestones"] if each["commitment"] == row["id"]]
        for each in sorted(own, key=lambda one: one["due"]):
            reach = min(exact(each["quantity"]), whole)
            if reach > reached:
                due.append((each["due"], reach - reached))
                reached = reach
        due.append((row["due"], whole - reached))
    return sorted(due, key=lambda pair: pair[0])


def second_reckoning(rows: Rows, line: tuple[str, str], on: date, count: tuple[str, ...]) -> dict[str, Fraction]:
    left = {row["id"]: exact(row["quantity"]) for row in rows["deliveries"] if row["quantity"] > 0}
    for row in rows["deliveries"]:
        if row["quantity"] < 0 and row["state"] != "rejected" and row["day"] <= on:
            left[row["corrects"]] = max(Fraction(0), left[row["corrects"]] + exact(row["quantity"]))
    told = dict.fromkeys((*STATES, "on_time", "late", "missing"), Fraction(0))
    done = []
    for row in rows["deliveries"]:
        if row["quantity"] > 0 and row["day"] <= on and (row["measure"], row["place"]) == line:
            judged = row.get("validated_on")
            state = "claimed" if judged is not None and judged > on else row["state"]
            told[state] += left[row["id"]]
            if state in count:
                done.append([row["day"], left[row["id"]]])
    done.sort(key=lambda pair: pair[0])
    due = owed(rows, line, on)
    counted, promised = sum((each for _, each in done), Fraction(0)), sum((each for _, each in due), Fraction(0))
    told |= {"counted": counted, "promised": promised, "beyond": max(Fraction(0), counted - promised)}
    told["due"] = sum((each for when, each in due if when <= on), Fraction(0))
    for when, wanted in (pair for pair in due if pair[0] <= on):
        for came in done:
            part = min(wanted, came[1])
            told["on_time" if came[0] <= when else "late"] += part
            wanted, came[1] = wanted - part, came[1] - part
        told["missing"] += wanted
    return told


def test_a_register_stands_as_a_second_reckoning_says(tmp_path: Path) -> None:
    path, lines = tmp_path / "register.yaml", 0
    head = {
        "register": {"title": "Invented", "currency": "GBP"},
        "measures": [{"id": each, "name": each, "unit": "hour"} for each in "ab"],
        "suppliers": [{"id": "s", "name": "S"}],
        "contracts": [{"id": "C", "supplier": "s", "starts": BEGIN, "ends": BEGIN + timedelta(days=1500)}],
    }
    for seed in range(60):
        draw = random.Random(seed)
        rows, on = made_up(draw), day(draw)
        count = draw.choice([("validated",), ("validated", "evidenced"), ("claimed", "evidenced", "validated")])
        path.write_bytes(form_bytes(FORM, {**head, **rows}, ".yaml"))
        how = standing(read_register(path), Rules(on, count))
        pairs = {(row["measure"], row["place"]) for row in rows["commitments"]}
        for at, line in enumerate(how.lines):
            pair = (line.measure.id, line.place)
            # A delivery in a place without a promise belongs to the only promise of its measure: told elsewhere.
            if len({place for measure, place in pairs if measure == pair[0]}) == 1:
                continue
            lines += 1
            for name, expected in second_reckoning(rows, pair, on, count).items():
                assert how.columns[name][at] == pytest.approx(float(expected), abs=1e-8), (seed, pair, name)
    assert lines > 60


def test_a_rating_is_what_the_words_of_the_bands_say() -> None:
    draw = random.Random(9)
    met = set()
    for _ in range(400):
        direction = draw.choice([MORE, LESS])
        target, share = (
            draw.choice([0.1, 0.3, 95.0, 80.0, 1e15]),
            draw.choice([0.5, 0.69, 0.7, 0.9, 0.95, 1.0, 1.1, 2.0]),
        )
        actual = float(exact(target) * exact(share))
        close, below = Fraction("0.9"), Fraction("0.7")
        reached = exact(actual) / exact(target) if direction == MORE else exact(target) / exact(actual)
        expected = ("Good" if reached >= 1 else "Approaching target" if reached >= close
                    else "Requires improvement" if reached >= below else "Inadequate")  # fmt: skip
        kpi = Kpi("k", "K", target=target, direction=direction)
        assert propose(kpi, Bands(0.9, 0.7), target, actual)[0] == expected, (direction, target, actual)
        met.add(expected)
    assert len(met) == 4
